// What the subjects of the command line mean on what was seen.
#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.h"
#include "model/fabric.h"
#include "rules/whatif/hosts.h"
#include "rules/windows/advance.h"

namespace aftershock::rules {
namespace {

constexpr std::size_t kMaxCandidates = 8;

bool IsKind(const NodeImage& node, bool want_switch) {
  if (want_switch) return node.type == NodeType::kSwitch;
  return node.type == NodeType::kAdapter && !node.aggregation;
}

bool HasName(const NodeImage& node, std::string_view name) {
  return node.name == name || ShortName(node.name) == name ||
         (node.type == NodeType::kAdapter && whatif::HostOf(node.name) == name);
}

using Nodes = std::map<Guid, const NodeImage*>;

Nodes Matching(const Image& image, const auto& fits) {
  Nodes found;
  for (const auto& [plane, fabric] : image.planes) {
    for (const NodeImage& node : fabric.nodes) {
      if (fits(node)) found.emplace(node.guid, &node);
    }
  }
  return found;
}

std::string Listed(const Nodes& nodes) {
  std::vector<std::string> names;
  for (const auto& [guid, node] : nodes) {
    if (names.size() == kMaxCandidates) break;
    names.push_back(fmt::format("{} ({})", Printable(node->name), ToString(guid)));
  }
  const std::size_t more = nodes.size() - names.size();
  return fmt::format("{}{}", fmt::join(names, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
}

// Adapters that describe themselves as the same host's are one host.
bool OneHost(const Nodes& nodes, std::string_view name) {
  std::vector<std::string_view> descriptions;
  for (const auto& [guid, node] : nodes) {
    if (whatif::HostOf(node->name) != name) return false;
    descriptions.push_back(node->name);
  }
  std::ranges::sort(descriptions);
  return std::ranges::adjacent_find(descriptions) == descriptions.end();
}

Result<const NodeImage*> FindOne(std::string_view name, bool want_switch, const Image& image) {
  const std::string_view kind = want_switch ? "switch" : "host";
  const auto guid = GuidAmongNames(name);
  const Nodes found = Matching(image, [&](const NodeImage& node) {
    return IsKind(node, want_switch) && ((guid && node.guid == *guid) || HasName(node, name));
  });
  if (found.size() == 1 || (found.size() > 1 && !want_switch && OneHost(found, name)))
    return found.begin()->second;
  if (!found.empty()) {
    return Fail(Errc::kInvalid,
                fmt::format("\"{}\" is the name of {} {}: {}; use a GUID", Printable(name), found.size(),
                            want_switch ? "switches" : "adapters", Listed(found)));
  }
  const Nodes near = Matching(image, [&](const NodeImage& node) {
    return IsKind(node, want_switch) && name.size() >= 2 && node.name.find(name) != std::string::npos;
  });
  return Fail(Errc::kInvalid, fmt::format("there is no {} \"{}\"{}", kind, Printable(name),
                                          near.empty() ? "" : "; there are " + Listed(near)));
}

bool HasGuid(const HostImage& host, Guid guid) {
  return std::ranges::any_of(host.hcas, [&](const HcaImage& hca) {
    return hca.node_guid == guid || std::ranges::count(hca.port_guids, guid) != 0;
  });
}

// A machine that only its own monitor knows: by a GUID of it or its ports, its hostname, or that without its
// domain.
Result<std::optional<ScopeItem>> KnownHost(std::string_view name, const Image& image) {
  const auto guid = GuidAmongNames(name);
  std::vector<const HostImage*> found;
  std::vector<std::string> names;
  for (const auto& [known, host] : image.hosts) {
    const bool exact = known == name;
    if (exact) found.clear(), names.clear();
    if (!exact && known.substr(0, known.find('.')) != name && !(guid && HasGuid(host, *guid))) continue;
    found.push_back(&host);
    names.push_back(known);
    if (exact) break;
  }
  if (found.empty()) return std::nullopt;
  if (found.size() > 1)
    return Fail(Errc::kInvalid, fmt::format("\"{}\" is the name of {} hosts: {}", Printable(name),
                                            found.size(), fmt::join(names, ", ")));
  Subject subject = Subject::ThisHost();
  if (image.hosts.size() > 1) subject.name = names[0];
  if (!found[0]->hcas.empty()) subject = Subject::Host(found[0]->hcas.front().node_guid);
  return ScopeItem{{}, subject, names[0]};
}

Result<ScopeItem> ResolveNode(std::string_view name, bool want_switch, const Image& image) {
  const auto node = FindOne(name, want_switch, image);
  if (!node) {
    if (want_switch) return tl::unexpected(node.error());
    auto host = KnownHost(name, image);
    if (!host) return tl::unexpected(host.error());
    if (*host) return **host;
    return tl::unexpected(node.error());
  }
  std::string called = (*node)->name;
  if (!want_switch) {
    if (std::string host = whatif::HostOf(called); !host.empty() && !GuidAmongNames(name))
      called = std::move(host);
  }
  const SubjectKind kind = want_switch ? SubjectKind::kSwitch : SubjectKind::kHost;
  return ScopeItem{{}, {kind, (*node)->guid, 0, {}, {}}, std::move(called)};
}

Result<ScopeItem> ResolveLink(std::string_view text, const Image& image) {
  const std::size_t slash = text.rfind('/');
  std::uint8_t port = 0;
  const char* const end = text.data() + text.size();
  const bool good = slash != std::string_view::npos && std::from_chars(text.data() + slash + 1, end, port) ==
                                                           std::from_chars_result{end, std::errc()};
  if (!good || port == 0)
    return Fail(
        Errc::kInvalid,
        fmt::format("\"link:{}\" is not a link; it looks like link:0x0002c90300f00001/7", Printable(text)));
  const std::string_view name = text.substr(0, slash);
  const auto sw = FindOne(name, true, image);
  const auto node = sw ? sw : FindOne(name, false, image);
  if (!node) return tl::unexpected(sw.error());
  const PortKey key{(*node)->guid, port};
  const bool cabled = std::ranges::any_of(
      image.planes, [&](const auto& plane) { return plane.second.FarEnd(key).has_value(); });
  if (!cabled)
    return Fail(Errc::kInvalid, fmt::format("no cable is in port {} of {}", port, Printable(name)));
  return ScopeItem{{}, Subject::Link(key), fmt::format("{} port {}", (*node)->name, port)};
}

Result<ScopeItem> ResolvePair(std::string_view name, const Image& image) {
  std::vector<std::string> known;
  if (image.pairs) {
    for (const PairImage& pair : *image.pairs) {
      if (pair.name == name) return ScopeItem{{}, Subject::Pair(pair.name), pair.name};
      known.push_back(pair.name);
    }
  }
  return Fail(Errc::kInvalid,
              fmt::format("there is no pair \"{}\"{}", Printable(name),
                          known.empty() ? "" : fmt::format("; there are {}", fmt::join(known, ", "))));
}

Result<ScopeItem> Resolve(std::string_view text, const Image& image) {
  if (text == "fabric") return ScopeItem{{}, Subject::Fabric(), "the fabric"};
  const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) return std::nullopt;
    return text.substr(prefix.size());
  };
  if (const auto name = after("switch:")) return ResolveNode(*name, true, image);
  if (const auto name = after("host:")) return ResolveNode(*name, false, image);
  if (const auto name = after("link:")) return ResolveLink(*name, image);
  if (const auto name = after("pair:")) return ResolvePair(*name, image);
  return Fail(
      Errc::kInvalid,
      fmt::format("\"{}\" is neither switch:…, host:…, link:GUID/PORT, pair:… nor fabric", Printable(text)));
}

}  // namespace

Result<ScopeItem> ResolveSubject(std::string_view text, const Image& image) {
  auto item = Resolve(text, image);
  if (item) item->text = Printable(text);
  return item;
}

Result<ScopeItem> ResolveSubject(std::string_view text, const Image& now, const Image* before) {
  auto item = ResolveSubject(text, now);
  if (item || before == nullptr) return item;
  auto known = ResolveSubject(text, *before);
  return known ? known : item;
}

}  // namespace aftershock::rules
