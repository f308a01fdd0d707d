// guid-duplicate, lid-duplicate and lid-invalid: who is who.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/fabric/confirmed.h"
#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/pairs.h"

namespace aftershock::rules {
namespace {

std::string LidText(const PortInfo& info) {
  const auto first = static_cast<unsigned>(info.lid);
  const unsigned count = 1u << std::min<unsigned>(info.lmc, 7);
  return count == 1 ? fmt::format("{}", first) : fmt::format("{} to {}", first, first + count - 1);
}

struct PortOwner {
  Guid port_guid;
  const Node* node;
  const Port* port;
};

// Port GUIDs of adapters that two different nodes claim.
void AddSharedPortGuids(const View& view, std::vector<Finding>& findings) {
  std::vector<PortOwner> owners;
  for (const Node& node : view.snapshot().nodes) {
    if (node.IsSwitch() || node.duplicate || Missing(node.answer)) continue;
    for (const Port& port : node.ports) {
      if (port.guid != Guid{}) owners.push_back({port.guid, &node, &port});
    }
  }
  std::ranges::stable_sort(owners, {}, &PortOwner::port_guid);
  for (std::size_t i = 1; i < owners.size(); ++i) {
    const PortOwner& a = owners[i - 1];
    const PortOwner& b = owners[i];
    if (a.port_guid != b.port_guid || a.node == b.node) continue;
    findings.push_back(view.Found(
        kGuidDuplicate, SubjectOf(*b.node, *b.port),
        fmt::format("{} and {} have the same port GUID {}", NameOf(*a.node, *a.port),
                    NameOf(*b.node, *b.port), ToString(a.port_guid)),
        {{"directed routes", fmt::format("{} and {}", RouteText(*a.node), RouteText(*b.node)), ""}}));
  }
}

}  // namespace

std::vector<Finding> FindDuplicateGuids(const View& view) {
  std::vector<Finding> findings;
  const auto& nodes = view.snapshot().nodes;
  for (auto it = nodes.begin(); it != nodes.end();) {
    const auto end = std::find_if(it, nodes.end(), [&](const Node& n) { return n.guid != it->guid; });
    const auto count = end - it;
    if (count > 1) {
      std::vector<std::string> names, routes;
      for (auto twin = it; twin != end; ++twin) {
        names.push_back(NameOf(*twin));
        routes.push_back(RouteText(*twin));
      }
      Subject subject = SubjectOf(*it);
      subject.route.clear();
      findings.push_back(
          view.Found(kGuidDuplicate, std::move(subject),
                     fmt::format("{} devices have the GUID {}: {}", count, ToString(it->guid),
                                 fmt::join(names, " and ")),
                     {{"directed routes", fmt::format("{}", fmt::join(routes, " and ")), ""}}));
    }
    it = end;
  }
  AddSharedPortGuids(view, findings);
  return findings;
}

std::vector<Finding> FindDuplicateLids(const View& view) {
  std::vector<Finding> findings;
  for (const LidPair& pair : SharedLids(view.snapshot())) {
    Finding finding =
        view.Found(kLidDuplicate, SubjectOf(*pair.b_node, *pair.b),
                   fmt::format("{} and {} both answer to LID {}", NameOf(*pair.a_node, *pair.a),
                               NameOf(*pair.b_node, *pair.b), static_cast<unsigned>(pair.b->info->lid)),
                   {{NameOf(*pair.a_node) + " has LID", LidText(*pair.a->info), ""},
                    {NameOf(*pair.b_node) + " has LID", LidText(*pair.b->info), ""}});
    if (!Certain(view.state().lid_shared, KeyOf(*pair.b_node, *pair.b), *pair.a, *pair.b)) {
      finding.severity = Severity::kNote;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> FindInvalidLids(const View& view) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    if (Missing(node.answer)) continue;
    for (const Port& port : node.ports) {
      const Spell* spell = FindSpell(view.state().lid_invalid, node, port);
      if (spell == nullptr || !port.info || Missing(port.info_answer)) continue;
      Finding finding = view.Found(kLidInvalid, SubjectOf(node, port),
                                   fmt::format("{} is in use and has no valid LID", NameOf(node, port)),
                                   {{"LID", std::int64_t{static_cast<std::uint16_t>(port.info->lid)}, ""},
                                    {"seen for", ToSeconds(spell->last - spell->first), "s"}});
      LowerUnlessConfirmed(view, kLidInvalid, *spell, finding);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace aftershock::rules
