#include "rules/whatif/hosts.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace aftershock::whatif {
namespace {

// What a machine calls itself before somebody gives it a name.
constexpr std::string_view kNameless = "localhost";
// Adapters with more ports of one image than this have a GUID that somebody copied.
constexpr std::size_t kMaxPerImage = 16;

bool IsDevice(std::string_view word) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return word.size() >= 2 && letter(word.front()) && word.back() >= '0' && word.back() <= '9' &&
         std::ranges::all_of(word, fits);
}

struct Adapter {
  Index plane, index;
  const Node* node;
};

// The text that may name a host: a node-name map replaces descriptions by names, and does not know hosts.
std::string_view Described(const Node& node) {
  return node.description.empty() ? node.name : node.description;
}

// Two different adapters with the same device's name are two machines with the same host's name.
bool IsOneHost(const std::vector<Adapter>& adapters) {
  std::map<std::string_view, const Node*> devices;
  return std::ranges::all_of(adapters, [&](const Adapter& a) {
    const auto [at, added] = devices.try_emplace(Described(*a.node), a.node);
    return added || (at->second->guid == a.node->guid && !a.node->duplicate);
  });
}

std::string NodeKey(const Adapter& a) {
  // Only a GUID that one plane has once is the same adapter in another plane.
  if (a.node->duplicate) return fmt::format("node {} {}", a.plane, a.index);
  return "node " + ToString(a.node->guid);
}

std::string DisplayName(const Node& node) {
  return node.name.empty() ? ToString(node.guid) : node.name;
}

}  // namespace

std::string HostOf(std::string_view description) {
  const std::size_t space = description.find(' ');
  if (space == std::string_view::npos || space == 0) return {};
  const std::string_view host = description.substr(0, space);
  if (host == kNameless || !IsDevice(description.substr(space + 1))) return {};
  return std::string(host);
}

std::map<std::pair<Index, Index>, MachineName> Machines(std::span<const PlaneView> planes) {
  std::map<std::string, std::vector<Adapter>> by_name;
  std::map<Guid, std::vector<Adapter>> by_image;
  std::vector<Adapter> rest;
  for (Index p = 0; p < planes.size(); ++p) {
    const auto& nodes = planes[p].snapshot->nodes;
    for (Index n = 0; n < nodes.size(); ++n) {
      const Node& node = nodes[n];
      if (node.type != NodeType::kAdapter || node.IsAggregationNode()) continue;
      const std::string host = HostOf(Described(node));
      (host.empty() ? rest : by_name[host]).push_back({p, n, &node});
    }
  }
  std::map<std::pair<Index, Index>, MachineName> machines;
  for (const auto& [host, adapters] : by_name) {
    if (!IsOneHost(adapters)) {
      rest.insert(rest.end(), adapters.begin(), adapters.end());
      continue;
    }
    for (const Adapter& a : adapters) machines[{a.plane, a.index}] = {"host " + host, host};
  }
  for (const Adapter& a : rest) by_image[a.node->system_image_guid].push_back(a);
  for (const auto& [image, adapters] : by_image) {
    const bool one = image != Guid{} && adapters.size() <= kMaxPerImage &&
                     std::ranges::none_of(adapters, [](const Adapter& a) { return a.node->duplicate; });
    for (const Adapter& a : adapters) {
      machines[{a.plane, a.index}] = {one ? "image " + ToString(image) : NodeKey(a), DisplayName(*a.node)};
    }
  }
  return machines;
}

}  // namespace aftershock::whatif
