// What the configuration says about rules: thresholds, severities, what is switched off, what is accepted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/pairs.h"
#include "model/routing.h"

namespace aftershock {

// One number a rule compares with. Values outside [min, max] are configuration errors.
struct ThresholdSpec {
  std::string_view key;  // snake_case with the unit last: "flap_window_seconds"
  double fallback;       // the default
  double min, max;
  std::string_view unit;
  std::string_view help;  // one sentence, with where the default comes from
};

// One row of a family's rule table: `aftershock rules show ID` and docs/rules.md are made of it.
struct RuleSpec {
  std::string_view id;
  Severity severity;       // as found, unless configured or a rule's text says when it is another
  bool unknown;            // its findings make the verdict UNKNOWN
  std::string_view title;  // one line
  std::string_view looks_at;
  std::string_view matters;
  std::string_view advice;  // what to do next, in general
  std::span<const ThresholdSpec> thresholds;
};

struct RuleSettings {
  bool enabled = true;
  std::optional<Severity> severity;
  std::map<std::string, double, std::less<>> thresholds;
};

// `accept:` of the configuration. `subject` is a glob (* and ?) over the subject's text or the name of its
// node.
struct AcceptSpec {
  std::string rule;
  std::string subject;
  std::string reason;
  std::optional<WallTime> until;
};

// `host.expect:` what this host has to have. Names are exact.
struct HostExpectations {
  std::vector<std::string> hcas;                                    // "mlx5_0"
  std::map<std::string, std::uint32_t, std::less<>> bond_switches;  // distinct live switches behind a bond

  bool Any() const { return !hcas.empty() || !bond_switches.empty(); }
};

// `fabric.expect:` what the fabric has to have. Names are exact, or GUIDs with 0x.
struct FabricExpectations {
  std::vector<std::string> subnet_managers;  // nodes, the one that is to lead first
};

struct Settings {
  std::map<std::string, RuleSettings, std::less<>> rules;
  std::vector<AcceptSpec> accept;
  HostExpectations host;
  FabricExpectations fabric;
  std::vector<PairGroup> pairs;
  std::shared_ptr<const PathSls> path_sls;  // of the file that fabric.sl_dump names; nullptr: none

  bool Enabled(std::string_view rule) const;
  Severity SeverityOf(const RuleSpec& rule) const;
  // The configured value, else the default. REQUIRES: the rule has a threshold of that key.
  double Threshold(const RuleSpec& rule, std::string_view key) const;
};

}  // namespace aftershock
