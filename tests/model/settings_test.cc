#include "model/settings.h"

#include <array>
#include <catch2/catch.hpp>

namespace aftershock {
namespace {

constexpr std::array kThresholds{
    ThresholdSpec{"flaps", 3, 1, 100, "flaps", "How many."},
    ThresholdSpec{"window_seconds", 43200, 60, 604800, "seconds", "How long."},
};

RuleSpec Rule() {
  RuleSpec rule{};
  rule.id = "link-flapping";
  rule.severity = Severity::kWarning;
  rule.thresholds = kThresholds;
  return rule;
}

}  // namespace

TEST_CASE("Without configuration a rule runs with its own defaults", "[model][unit]") {
  const Settings settings;
  CHECK(settings.Enabled("link-flapping"));
  CHECK(settings.SeverityOf(Rule()) == Severity::kWarning);
  CHECK(settings.Threshold(Rule(), "flaps") == 3);
  CHECK(settings.Threshold(Rule(), "window_seconds") == 43200);
}

TEST_CASE("What is configured replaces the default, and nothing else", "[model][unit]") {
  Settings settings;
  RuleSettings& rule = settings.rules["link-flapping"];
  rule.severity = Severity::kNote;
  rule.thresholds["flaps"] = 5;
  CHECK(settings.Enabled("link-flapping"));
  CHECK(settings.SeverityOf(Rule()) == Severity::kNote);
  CHECK(settings.Threshold(Rule(), "flaps") == 5);
  CHECK(settings.Threshold(Rule(), "window_seconds") == 43200);
}

TEST_CASE("A rule is off only when it is switched off", "[model][unit]") {
  Settings settings;
  settings.rules["link-flapping"].enabled = false;
  CHECK_FALSE(settings.Enabled("link-flapping"));
  CHECK(settings.Enabled("link-errors"));
}

TEST_CASE("Asking a rule for a threshold it does not have is a mistake in the program", "[model][unit]") {
  CHECK_THROWS_AS(Settings().Threshold(Rule(), "flap"), std::logic_error);
}

}  // namespace aftershock
