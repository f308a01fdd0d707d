// contrib/aftershock.yaml is the documentation of the configuration: these hold it to the program.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "app/config.h"
#include "app/text_file.h"
#include "rules/judge.h"

using namespace aftershock;
using namespace aftershock::app;

namespace {

void CollectKeys(const YAML::Node& node, const std::string& prefix, std::vector<std::string>& keys) {
  for (const auto& item : node) {
    keys.push_back(prefix + item.first.Scalar());
    const bool free = item.first.Scalar() == "risks";  // its labels are the user's own
    if (item.second.IsMap() && !free) CollectKeys(item.second, keys.back() + ".", keys);
  }
}

// The file with its examples of `accept:`, `pairs:` and `probes:` in force.
std::string WithExample(const std::string& text) {
  std::string all;
  bool example = false, probes = false;
  for (std::string_view line : Lines(text)) {
    if (line == "# accept:" || line == "# pairs:") example = true;
    if (line == "accept: []" || line == "pairs: []") example = false;
    if (line == "accept: []" || line == "pairs: []" || line.starts_with("  probes: []")) continue;
    probes = line == "  # probes:" || (probes && line.starts_with("  # "));
    std::string shown(example && line.starts_with("# ") ? line.substr(2) : line);
    if (probes) shown = "  " + shown.substr(4);
    all += shown + "\n";
  }
  return all;
}

std::vector<std::string> DocumentedKeys(const std::string& text) {
  const YAML::Node root = YAML::Load(WithExample(text));
  std::vector<std::string> keys;
  CollectKeys(root, "", keys);
  CollectKeys(root["accept"][0], "accept[].", keys);
  CollectKeys(root["pairs"][0], "pairs[].", keys);
  CollectKeys(root["pairs"][0]["members"][0], "pairs[].members[].", keys);
  CollectKeys(root["host"]["probes"][0], "host.probes[].", keys);
  std::ranges::sort(keys);
  return keys;
}

}  // namespace

TEST_CASE("The shipped configuration documents every key, and no other", "[app][config][unit]") {
  const auto text = ReadTextFile(AFTERSHOCK_SHIPPED_CONFIG);
  REQUIRE(text);
  auto keys = ConfigKeys(rules::AllRules());
  std::ranges::sort(keys);
  CHECK(DocumentedKeys(*text) == keys);
}

TEST_CASE("The shipped configuration's values are the defaults", "[app][config][unit]") {
  const auto shipped = ReadConfig(AFTERSHOCK_SHIPPED_CONFIG, rules::AllRules());
  REQUIRE(shipped);
  const Config defaults;
  const FabricConfig& fabric = shipped->fabric;
  CHECK(shipped->listen == defaults.listen);
  CHECK(shipped->journal == defaults.journal);
  CHECK(shipped->stale_after == defaults.stale_after);
  CHECK(shipped->compat == defaults.compat);
  CHECK(shipped->roles.host == defaults.roles.host);
  CHECK(shipped->roles.fabric == defaults.roles.fabric);
  CHECK(shipped->host.interval == defaults.host.interval);
  CHECK(shipped->host.sysfs == defaults.host.sysfs);
  CHECK(shipped->host.probes.empty());
  CHECK_FALSE(shipped->settings.host.Any());
  CHECK(shipped->settings.fabric.subnet_managers.empty());
  CHECK(shipped->settings.accept.empty());
  CHECK(shipped->settings.pairs.empty());
  CHECK(fabric.pair_interval == defaults.fabric.pair_interval);
  CHECK(fabric.ports.empty());
  CHECK(fabric.interval == defaults.fabric.interval);
  CHECK(fabric.deadline == defaults.fabric.deadline);
  CHECK(fabric.p_key_index == defaults.fabric.p_key_index);
  CHECK(fabric.m_key_file.empty());
  CHECK(fabric.sa_key_file.empty());
  CHECK(fabric.node_name_map.empty());
  CHECK_FALSE(shipped->hosts.Any());
  CHECK(shipped->hosts.interval == defaults.hosts.interval);
  CHECK(shipped->windows.source == defaults.windows.source);
  CHECK(shipped->windows.interval == defaults.windows.interval);
  for (const auto& [said, fallback] : {std::pair(&shipped->hosts.http, &defaults.hosts.http),
                                       std::pair(&shipped->windows.http, &defaults.windows.http),
                                       std::pair(&shipped->prometheus, &defaults.prometheus)}) {
    CHECK(said->timeout == fallback->timeout);
    CHECK(said->ca_file == fallback->ca_file);
    CHECK(said->user == fallback->user);
    CHECK(said->password_file == fallback->password_file);
  }
  CHECK(fabric.sl_dump.empty());
  const mad::Limits limits;
  CHECK(fabric.limits.timeout == limits.timeout);
  CHECK(fabric.limits.tries == limits.tries);
  CHECK(fabric.limits.smp_in_flight == limits.smp_in_flight);
  CHECK(fabric.limits.gmp_in_flight == limits.gmp_in_flight);
  CHECK(fabric.limits.per_lane == limits.per_lane);
}

TEST_CASE("The shipped configuration leaves every rule as it is", "[app][config][unit]") {
  const auto shipped = ReadConfig(AFTERSHOCK_SHIPPED_CONFIG, rules::AllRules());
  REQUIRE(shipped);
  for (const RuleSpec* rule : rules::AllRules()) {
    CAPTURE(rule->id);
    CHECK(shipped->settings.Enabled(rule->id));
    CHECK(shipped->settings.SeverityOf(*rule) == rule->severity);
    for (const ThresholdSpec& threshold : rule->thresholds) {
      CAPTURE(threshold.key);
      CHECK(shipped->settings.Threshold(*rule, threshold.key) == threshold.fallback);
    }
  }
}

TEST_CASE("The shipped configuration's examples of an accepted finding and of a pair are valid",
          "[app][config][unit]") {
  const auto text = ReadTextFile(AFTERSHOCK_SHIPPED_CONFIG);
  REQUIRE(text);
  const auto config = ParseConfig(WithExample(*text), "example", rules::AllRules());
  REQUIRE(config);
  CHECK(config->settings.accept.size() == 1);
  REQUIRE(config->settings.pairs.size() == 1);
  CHECK(config->settings.pairs[0].members[1].risks.at("power") == "feed-B");
}
