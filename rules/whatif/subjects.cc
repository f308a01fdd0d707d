#include "rules/whatif/subjects.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.h"

namespace aftershock::whatif {
namespace {

constexpr std::size_t kMaxCandidates = 8;

bool StartsWithoutCase(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  const auto same = [&](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::string Listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kMaxCandidates);
  return fmt::format("{}{}",
                     fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     shown < names.size() ? fmt::format(" and {} more", names.size() - shown) : "");
}

std::string Full(const Switch& sw) {
  const std::string guid = ToString(sw.node->guid);
  return sw.name.find(guid) != std::string::npos ? sw.name : fmt::format("{} ({})", sw.name, guid);
}

bool HasName(const Switch& sw, std::string_view name, std::optional<Guid> guid) {
  if (guid && sw.node->guid == *guid) return true;
  return sw.node->name == name || sw.node->description == name || ShortName(sw.node->description) == name ||
         sw.name == name;
}

std::vector<Index> FindSwitches(const Network& network, std::string_view name) {
  const auto guid = GuidAmongNames(name);
  std::vector<Index> found;
  for (Index i = 0; i < network.switches.size(); ++i) {
    if (HasName(network.switches[i], name, guid)) found.push_back(i);
  }
  return found;
}

Error NoSwitch(const Network& network, std::string_view name) {
  std::vector<std::string> near;
  for (const Switch& sw : network.switches) {
    if (name.size() >= 2 && StartsWithoutCase(sw.name, name)) near.push_back(Full(sw));
  }
  return {Errc::kAbsent, fmt::format("there is no switch \"{}\"{}", Printable(name),
                                     near.empty() ? "" : "; there are " + Listed(near))};
}

Result<Index> OneSwitch(const Network& network, std::string_view name) {
  const std::vector<Index> found = FindSwitches(network, name);
  if (found.size() == 1) return found.front();
  if (found.empty()) return tl::unexpected(NoSwitch(network, name));
  std::vector<std::string> names;
  for (const Index i : found) names.push_back(Full(network.switches[i]));
  return Fail(Errc::kInvalid, fmt::format("\"{}\" is the name of {} switches: {}; use a GUID",
                                          Printable(name), found.size(), Listed(names)));
}

std::vector<Index> FindHosts(const Network& network, std::string_view name) {
  const auto guid = GuidAmongNames(name);
  std::vector<Index> found;
  for (Index i = 0; i < network.hosts.size(); ++i) {
    const Host& host = network.hosts[i];
    const bool fits = host.name == name || std::ranges::any_of(host.legs, [&](Index l) {
                        const Leg& leg = network.legs[l];
                        return leg.adapter == name || (guid && leg.host_port.node == *guid);
                      });
    if (fits) found.push_back(i);
  }
  return found;
}

struct Link {
  std::vector<Index> cables, legs;
};

bool IsPort(const Network& network, const PortKey& key, std::string_view name, std::optional<Guid> guid,
            std::uint8_t port, Index sw, const std::string& adapter) {
  if (key.port != port) return false;
  if (guid) return key.node == *guid;
  return sw != kNone ? HasName(network.switches[sw], name, guid) : adapter == name;
}

Link FindLink(const Network& network, std::string_view name, std::uint8_t port) {
  const auto guid = GuidAmongNames(name);
  Link link;
  for (Index c = 0; c < network.cables.size(); ++c) {
    const Cable& cable = network.cables[c];
    if (IsPort(network, cable.a_port, name, guid, port, cable.a, {}) ||
        IsPort(network, cable.b_port, name, guid, port, cable.b, {}))
      link.cables.push_back(c);
  }
  for (Index l = 0; l < network.legs.size(); ++l) {
    const Leg& leg = network.legs[l];
    if (IsPort(network, leg.switch_port, name, guid, port, leg.sw, {}) ||
        IsPort(network, leg.host_port, name, guid, port, kNone, leg.adapter))
      link.legs.push_back(l);
  }
  return link;
}

std::string Describe(const Network& network, const Cable& cable) {
  return fmt::format("link {} port {} to {} port {}", network.switches[cable.a].name, cable.a_port.port,
                     network.switches[cable.b].name, cable.b_port.port);
}
std::string Describe(const Network& network, const Leg& leg) {
  return fmt::format("link {} port {} to {} port {}", network.switches[leg.sw].name, leg.switch_port.port,
                     leg.adapter, leg.host_port.port);
}

Result<std::string> TakeLink(const Network& network, std::string_view text, Exclusion& gone) {
  const std::size_t slash = text.rfind('/');
  std::uint8_t port = 0;
  const char* const end = text.data() + text.size();
  const bool good =
      slash != std::string_view::npos && slash + 1 < text.size() &&
      std::from_chars(text.data() + slash + 1, end, port) == std::from_chars_result{end, std::errc()};
  if (!good || port == 0) {
    return Fail(
        Errc::kInvalid,
        fmt::format("\"link:{}\" is not a link; it looks like link:leaf01/7 or link:0x0002c90300f00001/7",
                    Printable(text)));
  }
  const std::string_view name = text.substr(0, slash);
  const Link link = FindLink(network, name, port);
  if (link.cables.size() + link.legs.size() > 1) {
    std::vector<std::string> names;
    for (const Index c : link.cables) names.push_back(Describe(network, network.cables[c]));
    for (const Index l : link.legs) names.push_back(Describe(network, network.legs[l]));
    return Fail(Errc::kInvalid,
                fmt::format("\"link:{}\" is {} links: {}", Printable(text), names.size(), Listed(names)));
  }
  if (!link.cables.empty()) {
    gone.cables[link.cables.front()] = 1;
    return Describe(network, network.cables[link.cables.front()]);
  }
  if (!link.legs.empty()) {
    gone.legs[link.legs.front()] = 1;
    return Describe(network, network.legs[link.legs.front()]);
  }
  const bool known = !FindSwitches(network, name).empty() || !FindHosts(network, name).empty();
  return Fail(Errc::kAbsent,
              known ? fmt::format("no cable with both ends known is in port {} of {}", port, Printable(name))
                    : fmt::format("there is no node \"{}\" with a cable", Printable(name)));
}

std::optional<std::string_view> After(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

}  // namespace

Result<std::string> TakeAway(const Network& network, std::string_view subject, Exclusion& gone) {
  if (const auto link = After(subject, "link:")) return TakeLink(network, *link, gone);
  const auto name = After(subject, "switch:");
  if (!name || name->empty()) {
    return Fail(Errc::kInvalid, fmt::format("\"{}\" is neither switch:NAME|GUID nor link:NAME|GUID/PORT",
                                            Printable(subject)));
  }
  const auto sw = OneSwitch(network, *name);
  if (!sw) return tl::unexpected(sw.error());
  gone.switches[*sw] = 1;
  return "switch " + Full(network.switches[*sw]);
}

Result<std::vector<Risk>> RisksOf(const Network& network, std::span<const PairGroup> pairs) {
  std::map<std::string, Risk> by_label;
  for (const PairGroup& pair : pairs) {
    for (const PairMember& member : pair.members) {
      if (member.risks.empty()) continue;
      const bool missing = FindSwitches(network, member.text).empty();
      const auto sw = missing ? Result<Index>(kNone) : OneSwitch(network, member.text);
      if (!sw)
        return Fail(Errc::kInvalid, fmt::format("pairs: {}: {}", Printable(pair.name), sw.error().what));
      for (const auto& [name, value] : member.risks) {
        Risk& risk = by_label[Printable(name + "=" + value)];
        if (missing) {
          risk.missing.push_back(Printable(member.text));
        } else if (std::ranges::find(risk.switches, *sw) == risk.switches.end()) {
          risk.switches.push_back(*sw);
        }
      }
    }
  }
  std::vector<Risk> risks;
  for (auto& [label, risk] : by_label) {
    risk.label = label;
    risks.push_back(std::move(risk));
  }
  return risks;
}

Result<std::string> AddTowards(const Network& network, std::string_view subject, Towards& towards) {
  const auto sw = After(subject, "switch:"), host = After(subject, "host:");
  const std::vector<Index> switches =
      host ? std::vector<Index>() : FindSwitches(network, sw.value_or(subject));
  const std::vector<Index> hosts = sw ? std::vector<Index>() : FindHosts(network, host.value_or(subject));
  std::vector<std::string> names;
  for (const Index i : switches) names.push_back("switch:" + Full(network.switches[i]));
  for (const Index i : hosts) names.push_back("host:" + network.hosts[i].name);
  if (names.empty()) {
    return Fail(Errc::kAbsent, fmt::format("there is no switch or host \"{}\"", Printable(subject)));
  }
  if (names.size() > 1) {
    return Fail(Errc::kInvalid,
                fmt::format("\"{}\" is the name of several: {}", Printable(subject), Listed(names)));
  }
  towards.switches.insert(towards.switches.end(), switches.begin(), switches.end());
  towards.hosts.insert(towards.hosts.end(), hosts.begin(), hosts.end());
  return names.front();
}

}  // namespace aftershock::whatif
