// sm-missing, sm-several and sm-stuck: that one manages, and only one.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/fabric/confirmed.h"
#include "rules/sm/managers.h"
#include "rules/sm/memory.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

std::string WhatAnswers(const FabricSnapshot& snapshot, const std::vector<Manager>& managers) {
  std::vector<std::string> states;
  for (const Manager& manager : managers) {
    if (const SmInfo* said = manager.Said()) {
      states.push_back(fmt::format("{} is {}", manager.Name(), ToString(said->state)));
    }
  }
  const auto lid = static_cast<unsigned>(snapshot.sm.lid);
  if (states.size() > 1) return fmt::format("No subnet manager is MASTER: {}", Listed(states));
  if (snapshot.sm.answer == Answer::kAnswered && snapshot.sm.info) {
    return fmt::format("What answers at the subnet manager's LID {} is {}, not MASTER", lid,
                       ToString(snapshot.sm.info->state));
  }
  std::string others = states.empty() ? std::string() : fmt::format("; {}", states.front());
  if (!IsUnicast(snapshot.sm.lid)) {
    return fmt::format("No subnet manager has set up {}: its SM LID is {}{}", snapshot.local.Name(), lid,
                       others);
  }
  return fmt::format("No subnet manager answers at LID {}, where {} was told it is{}", lid,
                     snapshot.local.Name(), others);
}

std::string Described(const Manager& manager) {
  const SmInfo& said = *manager.Said();
  return fmt::format("{} at LID {} with priority {}", manager.Name(), static_cast<unsigned>(manager.lid),
                     said.priority);
}

}  // namespace

std::vector<Finding> FindMissingSm(const View& view) {
  const FabricSnapshot& snapshot = view.snapshot();
  const auto& spell = view.state().subnet.no_master;
  if (view.OwnPortUnusable() || !spell || spell->last_sweep != snapshot.sweep.number) return {};
  const auto managers = ManagersOf(snapshot);
  const double lasts = ToSeconds(spell->last - spell->first);
  Finding finding = view.Found(kSmMissing, Subject::Fabric(), WhatAnswers(snapshot, managers),
                               {{"SM LID", std::int64_t{static_cast<std::uint16_t>(snapshot.sm.lid)}, ""},
                                {"answer", std::string(ToString(snapshot.sm.answer)), ""},
                                {"seen for", lasts, "s"}});
  const bool begins = std::ranges::any_of(
      managers, [](const Manager& manager) { return manager.EverIs(SmState::kDiscovering); });
  if (begins && lasts < view.Threshold(kSmMissing, "discovering_seconds")) {
    finding.severity = std::min(finding.severity, Severity::kWarning);
  }
  return {std::move(finding)};
}

std::vector<Finding> FindSeveralSms(const View& view) {
  const SubnetMemory& memory = view.state().subnet;
  if (!memory.several || memory.several->last_sweep != view.snapshot().sweep.number) return {};
  std::vector<std::string> names;
  std::vector<Evidence> evidence{{"seen for", ToSeconds(memory.several->last - memory.several->first), "s"}};
  const auto ports = AddressedPorts(view.snapshot());
  for (const Manager& manager : ManagersOf(view.snapshot())) {
    if (!manager.AlwaysIs(SmState::kMaster)) continue;
    names.push_back(Described(manager));
    const auto led = std::ranges::count_if(
        ports, [&](const AddressedPort& at) { return at.port->info->sm_lid == manager.lid; });
    evidence.push_back({"ports told of " + manager.Name(), std::int64_t{led}, ""});
  }
  Finding finding = view.Found(
      kSmSeveral, Subject::Fabric(),
      fmt::format("{} subnet managers are MASTER at once: {}", names.size(), Listed(names)), evidence);
  Severity first = std::min(finding.severity, Severity::kWarning);
  LowerUnlessConfirmed(view, kSmSeveral, *memory.several, finding);
  finding.severity = std::max(finding.severity, first);
  return {std::move(finding)};
}

std::vector<Finding> FindStuckSm(const View& view) {
  constexpr std::uint32_t kLeastLooks = 3;
  const auto managers = ManagersOf(view.snapshot());
  const Manager* master = OnlyMaster(managers);
  const auto& activity = view.state().subnet.activity;
  if (master == nullptr || !activity || activity->guid != master->guid) return {};
  const double regular = ToSeconds(activity->moved - activity->regular_since);
  const double still = ToSeconds(activity->still - activity->moved);
  if (activity->still_looks < kLeastLooks || still < view.Threshold(kSmStuck, "stuck_seconds")) return {};
  if (regular < view.Threshold(kSmStuck, "regular_seconds")) return {};
  Subject subject = master->node == nullptr ? Subject::Fabric() : SubjectOf(*master->node);
  return {view.Found(kSmStuck, std::move(subject),
                     fmt::format("The subnet manager on {} answers as MASTER and has done nothing for {}",
                                 master->Name(), DurationText(still)),
                     {{"activity count", std::int64_t{activity->last}, ""},
                      {"moved before for", regular, "s"},
                      {"looks without", std::int64_t{activity->still_looks}, ""}})};
}

}  // namespace aftershock::rules
