#include "rules/pairs/suggest.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "rules/whatif/hosts.h"

namespace aftershock::rules {
namespace {

using Switches = std::set<Guid>;

constexpr std::size_t kFewestHosts = 2;  // one host alone may be cabled by accident

class Suggester {
 public:
  explicit Suggester(const std::vector<PlaneFacts>& planes) {
    for (const PlaneFacts& plane : planes) {
      if (plane.snapshot != nullptr) views_.push_back({plane.plane, plane.snapshot});
    }
    FindTiers();
  }

  std::vector<SuggestedGroup> Run() {
    SuggestByHosts();
    SuggestByTier();
    return std::move(groups_);
  }

 private:
  void SuggestByHosts() {
    std::map<std::string, Switches> reached;
    for (const auto& [at, machine] : whatif::Machines(views_)) {
      const FabricSnapshot& snapshot = *views_[at.first].snapshot;
      for (const Port& port : snapshot.nodes[at.second].ports) {
        const Node* far = snapshot.PeerNode(port);
        if (far != nullptr && far->IsSwitch() && port.Linked()) reached[machine.key].insert(far->guid);
      }
    }
    std::map<Switches, std::size_t> hosts;
    for (const auto& [host, switches] : reached) ++hosts[switches];
    std::vector<std::pair<Switches, std::size_t>> order(hosts.begin(), hosts.end());
    std::ranges::stable_sort(order, std::ranges::greater{}, &std::pair<Switches, std::size_t>::second);
    for (const auto& [switches, count] : order) {
      if (switches.size() < 2 || count < kFewestHosts) continue;
      Suggest(switches, fmt::format("{} hosts reach {} by different ports", count,
                                    switches.size() == 2 ? "both" : "all of them"));
    }
  }

  void SuggestByTier() {
    std::map<std::pair<int, Switches>, Switches> alike;  // by tier and what is below
    for (const whatif::PlaneView& view : views_) {
      for (const Node& node : view.snapshot->nodes) {
        const auto tier = tier_.find(node.guid);
        if (!node.IsSwitch() || tier == tier_.end() || tier->second < 2) continue;
        Switches below;
        for (const Port& port : node.ports) {
          const Node* far = view.snapshot->PeerNode(port);
          if (far == nullptr || !far->IsSwitch()) continue;
          const auto of_far = tier_.find(far->guid);
          if (of_far != tier_.end() && of_far->second < tier->second) below.insert(far->guid);
        }
        alike[{tier->second, below}].insert(node.guid);
      }
    }
    for (const auto& [key, switches] : alike) {
      if (switches.size() < 2) continue;
      Suggest(switches, fmt::format("they connect the same {} switches below", key.second.size()));
    }
  }

  // Leaves (1) are the switches with a host; the others count from there.
  void FindTiers() {
    for (const whatif::PlaneView& view : views_) {
      std::deque<const Node*> next;
      const auto reach = [&](const Node& node, int tier) {
        names_.emplace(node.guid, node.name);
        if (tier_.emplace(node.guid, tier).second) next.push_back(&node);
      };
      for (const Node& node : view.snapshot->nodes) {
        if (node.type != NodeType::kAdapter || node.IsAggregationNode()) continue;
        for (const Port& port : node.ports) {
          const Node* far = view.snapshot->PeerNode(port);
          if (far != nullptr && far->IsSwitch()) reach(*far, 1);
        }
      }
      while (!next.empty()) {
        const Node& at = *next.front();
        next.pop_front();
        for (const Port& port : at.ports) {
          const Node* far = view.snapshot->PeerNode(port);
          if (far != nullptr && far->IsSwitch()) reach(*far, tier_.at(at.guid) + 1);
        }
      }
    }
  }

  void Suggest(const Switches& switches, std::string reason) {
    if (std::ranges::any_of(switches, [&](Guid g) { return taken_.contains(g); })) return;
    SuggestedGroup group;
    for (const Guid guid : switches) group.members.push_back({guid, names_.at(guid)});
    std::ranges::sort(group.members, {}, [](const SuggestedMember& m) { return std::tie(m.name, m.guid); });
    group.reason = std::move(reason);
    group.must_live = static_cast<std::uint32_t>((switches.size() + 1) / 2);
    group.name = NameFor(group.members);
    taken_.insert(switches.begin(), switches.end());
    groups_.push_back(std::move(group));
  }

  // What their names have in common, where that is a name.
  std::string NameFor(const std::vector<SuggestedMember>& members) {
    std::string common = members.front().name;
    for (const SuggestedMember& member : members) {
      const auto differs = std::ranges::mismatch(common, member.name).in1;
      common.erase(differs, common.end());
    }
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_';
    };
    const auto end = std::ranges::find_if_not(common, fits);
    common.erase(end, common.end());
    while (!common.empty() && (common.back() == '-' || common.back() == '_' || common.back() == '0'))
      common.pop_back();
    if (common.empty() || !named_.insert(common).second) {
      common = fmt::format("{}{}", common.empty() ? "pair-" : common + "-", groups_.size() + 1);
      named_.insert(common);
    }
    return common;
  }

  std::vector<whatif::PlaneView> views_;
  std::map<Guid, int> tier_;
  std::map<Guid, std::string> names_;
  std::set<Guid> taken_;
  std::set<std::string> named_;
  std::vector<SuggestedGroup> groups_;
};

}  // namespace

std::vector<SuggestedGroup> SuggestPairs(const std::vector<PlaneFacts>& planes) {
  return Suggester(planes).Run();
}

}  // namespace aftershock::rules
