// multicast-broken: the tree of the IPoIB broadcast group.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "rules/fabric/confirmed.h"
#include "rules/found.h"
#include "rules/routing/rules_trees.h"
#include "rules/routing/table_trees.h"
#include "rules/routing/tree.h"

namespace aftershock::rules {
namespace {

std::string MlidText(const GroupTree& tree) {
  return fmt::format("0x{:04x}", static_cast<unsigned>(tree.mlid));
}

std::string TreeName(const GroupTree& tree) {
  return fmt::format("{} (MLID {})",
                     tree.guessed ? "the largest multicast group" : "the IPoIB broadcast group",
                     MlidText(tree));
}

// A host that leaves is taken off the tree at once, and the SA's answer may be of before: it has to have been
// asked since.
bool Weighs(const View& view, const TreeMember& member, const Spell& spell) {
  if (spell.last_sweep == spell.first_sweep) return false;
  if (ToSeconds(spell.last - spell.first) < view.Threshold(kMulticastBroken, "confirm_seconds")) return false;
  return member.on_tree || member.port->membership.sweep >= spell.first_sweep;
}

class Missed {
 public:
  Missed(const View& view, const GroupTree& tree) : view_(view), tree_(tree) {
    for (const TreeMember& member : tree.members) {
      if (!tree.Misses(member)) continue;
      by_leaf_[member.leaf].push_back(&member);
      ++count_;
    }
  }

  void AddTo(std::vector<Finding>& findings) const {
    constexpr std::size_t kFew = 8;
    if (by_leaf_.size() <= kFew) {
      for (const auto& [leaf, members] : by_leaf_) findings.push_back(At(*leaf, members));
    } else {
      findings.push_back(Everywhere());
    }
  }
  bool Any() const { return count_ > 0; }

 private:
  using Members = std::vector<const TreeMember*>;

  Severity SeverityOf(const Members& members, Severity at_most) const {
    const bool weighs = std::ranges::any_of(members, [&](const TreeMember* member) {
      const Spell* spell = FindSpell(view_.state().trees.missed, *member->node, *member->port);
      return spell != nullptr && Weighs(view_, *member, *spell);
    });
    return weighs ? at_most : Severity::kNote;
  }

  std::vector<Evidence> EvidenceOf(std::size_t missed) const {
    return {{"members missed", static_cast<std::int64_t>(missed), ""},
            {"members", static_cast<std::int64_t>(tree_.members.size()), ""},
            {"MLID", MlidText(tree_), ""}};
  }

  Finding At(const Node& leaf, const Members& members) const {
    std::vector<std::string> names;
    for (const TreeMember* member : members) names.push_back(NameOf(*member->node, *member->port));
    const bool cut = std::ranges::all_of(members, &TreeMember::on_tree);
    Finding finding = view_.Found(
        kMulticastBroken, SubjectOf(leaf),
        fmt::format("{}: {} of {} {} {}", NameOf(leaf), Listed(names), TreeName(tree_),
                    names.size() == 1 ? "is" : "are",
                    cut ? "on a part of its tree that nothing joins to the rest" : "not on its tree"),
        EvidenceOf(members.size()));
    finding.severity = SeverityOf(members, finding.severity);
    return finding;
  }

  Finding Everywhere() const {
    Members all;
    std::vector<std::string> leaves;
    for (const auto& [leaf, members] : by_leaf_) {
      leaves.push_back(NameOf(*leaf));
      all.insert(all.end(), members.begin(), members.end());
    }
    Finding finding =
        view_.Found(kMulticastBroken, Subject::Fabric(),
                    fmt::format("{} of {} members of {} are not on its tree, at {} switches: {}", count_,
                                tree_.members.size(), TreeName(tree_), leaves.size(), Listed(leaves)),
                    EvidenceOf(count_));
    finding.severity = SeverityOf(all, finding.severity);
    return finding;
  }

  const View& view_;
  const GroupTree& tree_;
  std::map<const Node*, Members> by_leaf_;  // in the snapshot's order: nodes of one vector
  std::size_t count_ = 0;
};

Finding Loop(const View& view, const GroupTree& tree) {
  std::vector<std::string> hops;
  PortKey lowest{tree.loop.front().node->guid, tree.loop.front().exit};
  for (const TreeHop& hop : tree.loop) {
    hops.push_back(fmt::format("{} port {}", NameOf(*hop.node), hop.exit));
    lowest = std::min(lowest, PortKey{hop.node->guid, hop.exit});
  }
  Finding finding = view.Found(
      kMulticastBroken, Subject::Link(lowest),
      fmt::format("The tree of {} has a loop: {}, and back to {}", TreeName(tree), Listed(hops),
                  hops.front()),
      {{"hops of the loop", static_cast<std::int64_t>(hops.size()), ""}, {"MLID", MlidText(tree), ""}});
  if (view.state().trees.loop)
    LowerUnlessConfirmed(view, kMulticastBroken, *view.state().trees.loop, finding);
  if (tree.guessed) finding.severity = std::min(finding.severity, Severity::kWarning);
  return finding;
}

// Nothing is missed for sure, and something may be.
Finding NotKnown(const View& view, const GroupTree& tree) {
  std::vector<std::string> names;
  for (const Node* node : tree.unread) names.push_back(NameOf(*node));
  Finding finding = view.Found(
      kMulticastBroken, Subject::Fabric(),
      fmt::format("Whether the tree of {} reaches its members is not known: the multicast tables of {} could "
                  "not be read, or did not stand still",
                  TreeName(tree), Listed(names)),
      {{"switches", static_cast<std::int64_t>(names.size()), ""}});
  finding.severity = Severity::kWarning;
  finding.unknown = true;
  return finding;
}

bool Doubtful(const GroupTree& tree) {
  if (tree.unread.empty() || tree.members.size() < 2) return false;
  return std::ranges::any_of(tree.members, [](const TreeMember& m) { return m.uncertain || !m.known; });
}

}  // namespace

std::vector<Finding> FindBrokenMulticast(const View& view) {
  const std::optional<GroupTree> tree = TreeOf(view.snapshot());
  if (!tree) return {};
  std::vector<Finding> findings;
  if (!tree->loop.empty()) findings.push_back(Loop(view, *tree));
  const Missed missed(view, *tree);
  missed.AddTo(findings);
  if (!missed.Any() && Doubtful(*tree)) findings.push_back(NotKnown(view, *tree));
  return findings;
}

}  // namespace aftershock::rules
