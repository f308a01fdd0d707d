#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

std::string SmText(const ChangeView& view, const PlaneChange& plane, const SmImage& sm) {
  std::string name = view.PortOwner(*sm.master);
  for (const PortKey& port : sm.ports) {
    if (static_cast<std::uint64_t>(port.node) + port.port == static_cast<std::uint64_t>(*sm.master)) {
      name = plane.NameOf(port.node);
    }
  }
  return fmt::format("{} with priority {}", name, sm.priority);
}

std::vector<std::string> PortNames(const PlaneChange& plane, const std::vector<PortKey>& ports) {
  std::vector<std::string> names;
  for (const PortKey& port : ports) names.push_back(plane.NameOf(port));
  return names;
}

// The node that the master runs on: of those with a subnet manager the one whose GUID its port's is made of,
// as vendors number them; else it may be any of them.
void TouchMaster(const PlaneChange& plane, const SmImage& sm, Change& change) {
  if (plane.before().FindNode(*sm.master) != nullptr) return change.touches.push_back(*sm.master);
  for (const PortKey& port : sm.ports) {
    if (static_cast<std::uint64_t>(port.node) + port.port == static_cast<std::uint64_t>(*sm.master)) {
      return change.touches.push_back(port.node);
    }
  }
  for (const PortKey& port : sm.ports) change.touches.push_back(port.node);
}

void FindOtherMaster(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  const auto &before = plane.before().sm, &now = plane.now().sm;
  if (!before || !now || !before->master || !now->master) return;
  if (before->master == now->master && before->priority == now->priority) return;
  std::string was = SmText(view, plane, *before), is = SmText(view, plane, *now);
  Change change = view.Make(kSmChanged, Subject::Fabric(),
                            fmt::format("The master subnet manager was {} and is {}", was, is), was, is);
  TouchMaster(plane, *before, change);
  TouchMaster(plane, *now, change);
  change.managed = true;
  change.grave = before->master != now->master;
  changes.push_back(std::move(change));
}

void FindLostStandby(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  const auto &before = plane.before().sm, &now = plane.now().sm;
  if (!before || !now || before->ports.size() <= now->ports.size() || now->ports.empty()) return;
  std::vector<PortKey> gone;
  for (const PortKey& port : before->ports) {
    const bool silent = plane.UnseenNow(port) || plane.FateOf(port.node) == Fate::kUnknown;
    if (!silent && !std::ranges::binary_search(now->ports, port)) gone.push_back(port);
  }
  if (gone.empty()) return;
  const std::string names = Listed(PortNames(plane, gone));
  Change change = view.Make(kSmChanged, Subject::Fabric(),
                            fmt::format("No subnet manager runs any more behind {}; {} of {} left", names,
                                        now->ports.size(), before->ports.size()),
                            fmt::format("{} subnet managers", before->ports.size()),
                            fmt::format("{}", now->ports.size()));
  change.causes.push_back(KeyOf(kSmMissing, Subject::Fabric()));
  change.causes.push_back(KeyOf(kSmNoStandby, Subject::Fabric()));
  for (const PortKey& port : gone) {
    if (const auto lost = plane.Behind(port.node))
      change.causes.push_back(KeyOf(kSwitchLost, NodeSubject(true, *lost)));
  }
  if (now->ports.size() == 1) {
    change.finding.severity = std::max(change.finding.severity, Severity::kWarning);
  }
  changes.push_back(std::move(change));
}

// One finding for all LIDs of a plane: whoever assigns them, assigns them together.
void FindOtherLids(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  std::vector<PortKey> ports;
  std::vector<std::string> was, is;
  const auto text = [](const LidImage& lid) {
    return lid.lmc == 0 ? fmt::format("{}", static_cast<unsigned>(lid.lid))
                        : fmt::format("{} (LMC {})", static_cast<unsigned>(lid.lid), lid.lmc);
  };
  for (const auto& [port, before] : plane.before().lids) {
    const auto now = plane.now().lids.find(port);
    if (now == plane.now().lids.end() || now->second == before) continue;
    ports.push_back(port);
    was.push_back(fmt::format("{} {}", plane.NameOf(port), text(before)));
    is.push_back(fmt::format("{} {}", plane.NameOf(port), text(now->second)));
  }
  if (ports.empty()) return;
  const bool is_switch = plane.IsSwitch(ports.front().node);
  const bool one = ports.size() == 1;
  Change change = view.Make(
      kLidChanged, one ? NodeSubject(is_switch, ports.front().node) : Subject::Fabric(),
      one ? fmt::format("The LID of {} is another than in the baseline", plane.NameOf(ports.front()))
          : fmt::format("{} of {} ports have other LIDs than in the baseline", ports.size(),
                        plane.before().lids.size()),
      Listed(was), Listed(is));
  change.managed = true;
  change.grave = !one || is_switch;
  changes.push_back(std::move(change));
}

void FindOtherFirmware(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  const auto text = [](const FirmwareImage& f) {
    return fmt::format("vendor 0x{:06x}, device 0x{:04x}, revision 0x{:x}", f.vendor_id, f.device_id,
                       f.revision);
  };
  for (const auto& [guid, before] : plane.before().firmware) {
    const auto now = plane.now().firmware.find(guid);
    if (now == plane.now().firmware.end() || now->second == before) continue;
    const bool is_switch = plane.IsSwitch(guid);
    Change change =
        view.Make(kFirmwareChanged, NodeSubject(is_switch, guid),
                  fmt::format("{} tells another device or revision than in the baseline", plane.NameOf(guid)),
                  text(before), text(now->second));
    change.grave = is_switch;
    changes.push_back(std::move(change));
  }
}

// One finding for all tables of a plane: who fills them, fills them together.
void FindOtherPKeys(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  std::vector<PortKey> ports;
  std::vector<std::string> was, is;
  for (const auto& [port, before] : plane.before().p_keys) {
    const auto now = plane.now().p_keys.find(port);
    if (now == plane.now().p_keys.end() || now->second == before) continue;
    ports.push_back(port);
    was.push_back(fmt::format("{} {}", plane.NameOf(port), PKeyText(before)));
    is.push_back(fmt::format("{} {}", plane.NameOf(port), PKeyText(now->second)));
  }
  if (ports.empty()) return;
  const bool one = ports.size() == 1;
  Change change =
      view.Make(kPartitionChanged, one ? Subject::Link(ports.front()) : Subject::Fabric(),
                one ? fmt::format("{} has other P_Keys than in the baseline", plane.NameOf(ports.front()))
                    : fmt::format("{} of {} ports have other P_Keys than in the baseline", ports.size(),
                                  plane.before().p_keys.size()),
                Listed(was), Listed(is));
  for (const PortKey& port : ports) change.touches.push_back(port.node);
  change.managed = true;
  change.grave = true;
  changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> FindManagementChanges(const ChangeView& view) {
  std::vector<Change> changes;
  for (const PlaneChange& plane : view.planes()) {
    FindOtherMaster(view, plane, changes);
    FindLostStandby(view, plane, changes);
    FindOtherLids(view, plane, changes);
    FindOtherFirmware(view, plane, changes);
    FindOtherPKeys(view, plane, changes);
  }
  return changes;
}

}  // namespace aftershock::rules
