#include "app/config.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "app/config_fleet.h"
#include "app/config_host.h"
#include "app/config_pairs.h"
#include "app/text_file.h"
#include "app/times.h"
#include "app/yaml_fields.h"
#include "base/printable.h"
#include "exporter/listen_address.h"

namespace aftershock::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Rules = std::span<const RuleSpec* const>;

Result<void> ReadPorts(const YamlValue& value, FabricConfig& fabric) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    const auto text = item.Text();
    if (!text) return tl::unexpected(text.error());
    auto port = ParsePortName(*text);
    if (!port) return item.Wrong(port.error().what);
    if (std::ranges::count(fabric.ports, *port) != 0) return item.Wrong("names a port a second time");
    fabric.ports.push_back(std::move(*port));
  }
  return {};
}

Result<void> ReadExpectedManagers(const YamlValue& value, FabricExpectations& expect) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    auto name = item.Text();
    if (!name) return tl::unexpected(name.error());
    if (name->empty()) return item.Wrong("is empty");
    if (std::ranges::count(expect.subnet_managers, *name) != 0)
      return item.Wrong("names a node a second time");
    expect.subnet_managers.push_back(std::move(*name));
  }
  return {};
}

const std::vector<YamlField<FabricExpectations>>& FabricExpectFields() {
  static const std::vector<YamlField<FabricExpectations>> fields{{"subnet_managers", ReadExpectedManagers}};
  return fields;
}

const std::vector<YamlField<FabricConfig>>& SweepFields() {
  using mad::Limits;
  constexpr auto kLimits = &FabricConfig::limits;
  static const std::vector<YamlField<FabricConfig>> fields{
      {"ports", ReadPorts},
      TimeField("interval", &FabricConfig::interval, seconds(1), hours(24)),
      TimeField("deadline", &FabricConfig::deadline, seconds(1), hours(1)),
      In(kLimits, TimeField("timeout", &Limits::timeout, milliseconds(1), seconds(10))),
      In(kLimits, IntegerField("tries", &Limits::tries, 1, 16)),
      In(kLimits, IntegerField("smp_in_flight", &Limits::smp_in_flight, 1, 1024)),
      In(kLimits, IntegerField("gmp_in_flight", &Limits::gmp_in_flight, 1, 1024)),
      In(kLimits, IntegerField("per_node", &Limits::per_lane, 1, 16)),
      TimeField("pair_interval", &FabricConfig::pair_interval, milliseconds(50), hours(1)),
      IntegerField("p_key_index", &FabricConfig::p_key_index, 0, std::numeric_limits<std::uint16_t>::max()),
      PathField("m_key_file", &FabricConfig::m_key_file),
      PathField("sa_key_file", &FabricConfig::sa_key_file),
      PathField("node_name_map", &FabricConfig::node_name_map),
      PathField("sl_dump", &FabricConfig::sl_dump),
  };
  return fields;
}

// What belongs to the sweeps goes to one part of the configuration, what is expected to the other.
const std::vector<YamlField<Config>>& FabricFields() {
  static const std::vector<YamlField<Config>> fields = [] {
    std::vector<YamlField<Config>> all;
    for (const auto& field : SweepFields()) all.push_back(In(&Config::fabric, field));
    all.push_back({"expect", [](const YamlValue& v, Config& c) {
                     return ReadMap(v, FabricExpectFields(), c.settings.fabric);
                   }});
    return all;
  }();
  return fields;
}

Result<void> ReadRoles(const YamlValue& value, Config& config) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  config.roles = {.host = false, .fabric = false};
  for (const YamlValue& item : *items) {
    const auto text = item.Text();
    if (!text) return tl::unexpected(text.error());
    if (*text != "host" && *text != "fabric") {
      return item.Wrong(fmt::format("\"{}\" is not host or fabric", Printable(*text)));
    }
    (*text == "host" ? config.roles.host : config.roles.fabric) = true;
  }
  if (items->empty()) return value.Wrong("names no role: a monitor watches host, fabric or both");
  return {};
}

Result<void> ReadSeverity(const YamlValue& value, RuleSettings& settings) {
  const auto text = value.Text();
  if (!text) return tl::unexpected(text.error());
  for (const Severity severity : {Severity::kNote, Severity::kWarning, Severity::kCritical}) {
    if (*text != ToString(severity)) continue;
    settings.severity = severity;
    return {};
  }
  return value.Wrong(fmt::format("\"{}\" is not note, warning or critical", Printable(*text)));
}

std::vector<YamlField<RuleSettings>> RuleFields(const RuleSpec& rule) {
  std::vector<YamlField<RuleSettings>> fields{
      {"enabled",
       [](const YamlValue& v, RuleSettings& s) { return Store(v.Flag(), [&](bool on) { s.enabled = on; }); }},
      {"severity", ReadSeverity},
  };
  for (const ThresholdSpec& threshold : rule.thresholds) {
    fields.push_back({threshold.key, [&threshold](const YamlValue& v, RuleSettings& s) {
                        return Store(v.Number(threshold.min, threshold.max),
                                     [&](double n) { s.thresholds[std::string(threshold.key)] = n; });
                      }});
  }
  return fields;
}

std::vector<YamlField<Settings>> RulesFields(Rules rules) {
  std::vector<YamlField<Settings>> fields;
  for (const RuleSpec* rule : rules) {
    fields.push_back({rule->id, [rule](const YamlValue& v, Settings& s) {
                        return ReadMap(v, RuleFields(*rule), s.rules[std::string(rule->id)]);
                      }});
  }
  return fields;
}

std::vector<YamlField<AcceptSpec>> AcceptFields(Rules rules) {
  const auto read_rule = [rules](const YamlValue& v, AcceptSpec& accept) -> Result<void> {
    const auto text = v.Text();
    if (!text) return tl::unexpected(text.error());
    std::vector<std::string_view> known;
    for (const RuleSpec* rule : rules) known.push_back(rule->id);
    if (std::ranges::count(known, *text) == 0) {
      return v.Wrong(fmt::format("there is no rule \"{}\"{}", Printable(*text), DidYouMean(*text, known)));
    }
    accept.rule = *text;
    return {};
  };
  const auto read_until = [](const YamlValue& v, AcceptSpec& accept) -> Result<void> {
    const auto text = v.Text();
    if (!text) return tl::unexpected(text.error());
    accept.until = ParseTime(*text);
    if (!accept.until) {
      return v.Wrong(
          fmt::format("\"{}\" is not a time like 2026-12-31 or 2026-12-31T18:00:00Z", Printable(*text)));
    }
    return {};
  };
  return {{"rule", read_rule},
          TextField("subject", &AcceptSpec::subject),
          TextField("reason", &AcceptSpec::reason),
          {"until", read_until}};
}

Result<void> ReadAccept(const YamlValue& value, Rules rules, Settings& settings) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    AcceptSpec accept;
    if (auto read = ReadMap(item, AcceptFields(rules), accept); !read) return read;
    for (const auto& [key, text] : {std::pair{"rule", &accept.rule}, std::pair{"subject", &accept.subject},
                                    std::pair{"reason", &accept.reason}}) {
      if (text->empty()) return item.Wrong(fmt::format("\"{}\" is missing", key));
    }
    settings.accept.push_back(std::move(accept));
  }
  return {};
}

Result<void> ReadListen(const YamlValue& value, Config& config) {
  const auto text = value.Text();
  if (!text) return tl::unexpected(text.error());
  if (auto address = exporter::ParseListenAddress(*text); !address) return value.Wrong(address.error().what);
  config.listen = *text;
  return {};
}

// "auto" is the default, spelled out.
Result<void> ReadStaleAfter(const YamlValue& value, Config& config) {
  if (const auto text = value.Text(); text && *text == "auto") {
    config.stale_after.reset();
    return {};
  }
  const auto time = value.Time(seconds(1), hours(24 * 7));
  if (!time) return value.Wrong("neither \"auto\" nor a time from 1s to 168h with its unit (ms, s, min, h)");
  config.stale_after = *time;
  return {};
}

// A list, because there may be more than one convention to follow; so far there is one.
Result<void> ReadCompat(const YamlValue& value, Config& config) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  config.compat = exporter::Compat::kNone;
  for (const YamlValue& item : *items) {
    const auto text = item.Text();
    if (!text) return tl::unexpected(text.error());
    if (*text != "treydock") return item.Wrong(fmt::format("\"{}\" is not treydock", Printable(*text)));
    config.compat = exporter::Compat::kTreydock;
  }
  return {};
}

const std::vector<YamlField<Config>>& ExporterFields() {
  static const std::vector<YamlField<Config>> fields{{"compat", ReadCompat}};
  return fields;
}

std::vector<YamlField<Config>> ConfigFields(Rules rules) {
  const auto read_rules = [fields = RulesFields(rules)](const YamlValue& v, Config& c) {
    return ReadMap(v, fields, c.settings);
  };
  const auto read_accept = [rules](const YamlValue& v, Config& c) {
    return ReadAccept(v, rules, c.settings);
  };
  return {{"listen", ReadListen},
          {"roles", ReadRoles},
          {"host", [](const YamlValue& v, Config& c) { return ReadMap(v, HostFields(), c); }},
          {"fabric", [](const YamlValue& v, Config& c) { return ReadMap(v, FabricFields(), c); }},
          {"pairs", [](const YamlValue& v, Config& c) { return ReadPairs(v, c.settings.pairs); }},
          PathField("journal", &Config::journal),
          {"hosts", ReadHosts},
          {"windows", ReadWindows},
          {"prometheus", ReadPrometheus},
          {"stale_after", ReadStaleAfter},
          {"exporter", [](const YamlValue& v, Config& c) { return ReadMap(v, ExporterFields(), c); }},
          {"rules", read_rules},
          {"accept", read_accept}};
}

}  // namespace

Duration Config::StaleAfter() const {
  return stale_after.value_or(3 * fabric.interval + fabric.deadline);
}

Duration Config::HostStaleAfter() const {
  return stale_after.value_or(3 * host.interval + kHostLookDeadline);
}

Result<Config> ParseConfig(const std::string& text, const std::string& name, Rules rules) {
  const auto root = YamlValue::Parse(text, name);
  if (!root) return tl::unexpected(root.error());
  Config config;
  if (auto read = ReadMap(*root, ConfigFields(rules), config); !read) return tl::unexpected(read.error());
  for (const auto& [key, stale_after, interval] :
       {std::tuple{"fabric", config.StaleAfter(), config.fabric.interval},
        std::tuple{"host", config.HostStaleAfter(), config.host.interval}}) {
    if (stale_after > interval) continue;
    return root->At("stale_after")
        .Wrong(fmt::format("is not longer than {}.interval ({}): all that is seen would be stale", key,
                           FormatDuration(interval)));
  }
  return config;
}

Result<Config> ReadConfig(const std::string& path, Rules rules) {
  const auto text = ReadTextFile(path);
  if (!text) return tl::unexpected(text.error());
  return ParseConfig(*text, path, rules);
}

std::vector<std::string> ConfigKeys(Rules rules) {
  std::vector<std::string> keys;
  const auto add = [&keys](std::string_view prefix, const auto& fields) {
    for (const auto& field : fields) keys.push_back(fmt::format("{}{}", prefix, field.key));
  };
  add("", ConfigFields(rules));
  add("host.", HostFields());
  add("host.expect.", ExpectFields());
  add("host.probes[].", ProbeFields());
  add("fabric.", FabricFields());
  add("fabric.expect.", FabricExpectFields());
  add("pairs[].", PairFields());
  add("pairs[].members[].", PairMemberFields());
  add("hosts.", HostsFields());
  add("windows.", WindowsFields());
  add("prometheus.", PrometheusFields());
  add("exporter.", ExporterFields());
  add("rules.", RulesFields(rules));
  for (const RuleSpec* rule : rules) add(fmt::format("rules.{}.", rule->id), RuleFields(*rule));
  add("accept[].", AcceptFields(rules));
  return keys;
}

}  // namespace aftershock::app
