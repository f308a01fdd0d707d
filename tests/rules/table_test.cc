#include <catch2/catch.hpp>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "rules/judge.h"
#include "rules/text.h"

namespace aftershock::rules {
namespace {

bool IsSentence(std::string_view text) {
  return !text.empty() && text.back() == '.' && text.find("  ") == text.npos;
}

bool IsWord(std::string_view text, char separator) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return c == separator || std::islower(static_cast<unsigned char>(c)) != 0 ||
           std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

TEST_CASE("Every rule has an id of its own and can be found by it", "[rules][unit]") {
  std::set<std::string_view> ids;
  for (const RuleSpec* rule : AllRules()) {
    CAPTURE(rule->id);
    CHECK(ids.insert(rule->id).second);
    CHECK(IsWord(rule->id, '-'));
    CHECK(FindRule(rule->id) == rule);
  }
  CHECK(FindRule("no-such-rule") == nullptr);
}

TEST_CASE("Every text of a rule is made of sentences", "[rules][unit]") {
  for (const RuleSpec* rule : AllRules()) {
    CAPTURE(rule->id);
    CHECK(IsSentence(rule->title));
    CHECK(IsSentence(rule->looks_at));
    CHECK(IsSentence(rule->matters));
    CHECK(IsSentence(rule->advice));
  }
}

TEST_CASE("Every threshold has a default within its limits, a unit and a reason", "[rules][unit]") {
  for (const RuleSpec* rule : AllRules()) {
    std::set<std::string_view> keys;
    for (const ThresholdSpec& t : rule->thresholds) {
      CAPTURE(rule->id, t.key);
      CHECK(keys.insert(t.key).second);
      CHECK(IsWord(t.key, '_'));
      CHECK(t.min <= t.fallback);
      CHECK(t.fallback <= t.max);
      CHECK_FALSE(t.unit.empty());
      CHECK(IsSentence(t.help));
    }
  }
}

TEST_CASE("The text of a rule tells its thresholds", "[rules][unit]") {
  const std::string text = RuleText(*FindRule("link-flapping"));
  CHECK(text.find("downs: 3 downs (1 to 1000 downs)") != text.npos);
  CHECK(RuleListText().find("link-flapping") != std::string::npos);
}

TEST_CASE("docs/rules.md is what the table says", "[rules][unit]") {
  std::ifstream file(AFTERSHOCK_SOURCE_DIR "/docs/rules.md");
  std::stringstream committed;
  committed << file.rdbuf();
  CHECK(committed.str() == RulesMarkdown());
}

}  // namespace
}  // namespace aftershock::rules
