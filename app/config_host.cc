#include "app/config_host.h"

#include <arpa/inet.h>

#include <algorithm>

#include <fmt/format.h>

#include "app/yaml_fields.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Names the kernel could have given to a device or an interface.
Result<std::string> ReadDeviceName(const YamlValue& value) {
  auto text = value.Text();
  if (!text) return text;
  const auto odd = [](char c) { return c == '/' || static_cast<unsigned char>(c) <= ' '; };
  if (std::ranges::any_of(*text, odd)) {
    return value.Wrong(fmt::format("\"{}\" is not the name of a device", Printable(*text)));
  }
  return text;
}

Result<void> ReadExpectedHcas(const YamlValue& value, HostExpectations& expect) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    auto name = ReadDeviceName(item);
    if (!name) return tl::unexpected(name.error());
    expect.hcas.push_back(std::move(*name));
  }
  return {};
}

Result<void> ReadBondSwitches(const YamlValue& value, HostExpectations& expect) {
  const auto entries = value.Map();
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& [bond, entry] : *entries) {
    const auto count = entry.Integer(1, 16);
    if (!count) return tl::unexpected(count.error());
    expect.bond_switches[bond] = static_cast<std::uint32_t>(*count);
  }
  return {};
}

Result<void> ReadProbes(const YamlValue& value, HostConfig& host) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    host::ProbeTarget target;
    if (auto read = ReadMap(item, ProbeFields(), target); !read) return read;
    if (target.peer.empty()) return item.Wrong("\"peer\" is missing");
    if (target.interface.empty()) return item.Wrong("\"interface\" is missing");
    host.probes.push_back(std::move(target));
  }
  return {};
}

}  // namespace

const std::vector<YamlField<HostExpectations>>& ExpectFields() {
  static const std::vector<YamlField<HostExpectations>> fields{{"hcas", ReadExpectedHcas},
                                                               {"bond_switches", ReadBondSwitches}};
  return fields;
}

const std::vector<YamlField<host::ProbeTarget>>& ProbeFields() {
  static const std::vector<YamlField<host::ProbeTarget>> fields{
      {"peer",
       [](const YamlValue& v, host::ProbeTarget& target) -> Result<void> {
         auto text = v.Text();
         if (!text) return tl::unexpected(text.error());
         if (in_addr address{}; ::inet_pton(AF_INET, text->c_str(), &address) != 1) {
           return v.Wrong(fmt::format("\"{}\" is not an IPv4 address like 10.1.0.2", Printable(*text)));
         }
         target.peer = std::move(*text);
         return {};
       }},
      {"interface",
       [](const YamlValue& v, host::ProbeTarget& target) {
         return Store(ReadDeviceName(v), [&](std::string name) { target.interface = std::move(name); });
       }},
  };
  return fields;
}

// What the host section says goes to two places: how to look, and what is expected.
std::vector<YamlField<Config>> HostFields() {
  return {
      In(&Config::host, TimeField("interval", &HostConfig::interval, seconds(1), hours(1))),
      In(&Config::host, TextField("sysfs", &HostConfig::sysfs)),
      {"expect", [](const YamlValue& v, Config& c) { return ReadMap(v, ExpectFields(), c.settings.host); }},
      In(&Config::host, YamlField<HostConfig>{"probes", ReadProbes})};
}

}  // namespace aftershock::app
