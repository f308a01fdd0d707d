// sm-lid-split: whether every port was told of the manager that leads.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/fabric/confirmed.h"
#include "rules/sm/managers.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

using Names = std::vector<std::string>;

std::string LidList(const std::vector<Lid>& lids) {
  Names texts;
  for (const Lid lid : lids) texts.push_back(fmt::format("{}", static_cast<unsigned>(lid)));
  return Listed(texts);
}

}  // namespace

std::vector<Finding> FindSplitSmLids(const View& view) {
  const SubnetMemory& memory = view.state().subnet;
  if (view.OwnPortUnusable() || memory.sm_lid_astray.empty()) return {};
  std::map<Lid, Names> astray;
  std::size_t right = 0, confirmed = 0;
  const double needed = view.Threshold(kSmLidSplit, "confirm_seconds");
  for (const auto& [node, port] : AddressedPorts(view.snapshot())) {
    const Spell* spell = FindSpell(memory.sm_lid_astray, *node, *port);
    const Lid lid = port->info->sm_lid;
    if (spell == nullptr) {
      if (std::ranges::binary_search(memory.master_lids, lid)) ++right;
      continue;
    }
    const bool twice = spell->last_sweep != spell->first_sweep;
    if (twice && ToSeconds(spell->last - spell->first) >= needed) ++confirmed;
    astray[lid].push_back(NameOf(*node, *port));
  }
  if (astray.empty()) return {};
  Names groups;
  std::vector<Evidence> evidence{{"ports told of the master", static_cast<std::int64_t>(right), ""}};
  for (const auto& [lid, names] : astray) {
    groups.push_back(fmt::format("{} of LID {}", Listed(names), static_cast<unsigned>(lid)));
    evidence.push_back({fmt::format("ports told of LID {}", static_cast<unsigned>(lid)),
                        static_cast<std::int64_t>(names.size()), ""});
  }
  evidence.push_back({"read twice", static_cast<std::int64_t>(confirmed), "ports"});
  Finding finding = view.Found(kSmLidSplit, Subject::Fabric(),
                               fmt::format("The master is at LID {}, of which {} ports were told, and {}",
                                           LidList(memory.master_lids), right, Listed(groups)),
                               std::move(evidence));
  if (confirmed == 0) finding.severity = Severity::kNote;
  return {std::move(finding)};
}

}  // namespace aftershock::rules
