// On which switches' links errors are found, as far as they can be the switch's own. Internal to rules/pairs.
#pragma once

#include <map>
#include <set>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::rules {

// The links of one plane with findings of errors, of whatever kind.
class ErringLinks {
 public:
  explicit ErringLinks(const PlaneFacts& plane);

  // The switches of the group with errors on their links. Not those on links between two of the group; not
  // those that the far end explains, since more of its links err and not to the group alone; and none where
  // most other switches count errors, too: then what they have in common is the fabric.
  std::set<Guid> Among(const std::set<Guid>& group) const;

 private:
  bool IsExplainedBy(const Node& far, const Node& member, const std::set<Guid>& group) const;
  bool AreEverywhere(const std::set<Guid>& group) const;
  std::size_t CountAt(Guid node) const;

  const FabricSnapshot* snapshot_;
  std::set<PortKey> counted_;                 // the ports that the findings are of
  std::map<Guid, std::set<PortKey>> erring_;  // by node, its ports on such links, whichever end counted
};

}  // namespace aftershock::rules
