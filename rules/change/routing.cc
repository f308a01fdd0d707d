#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/routing/table.h"
#include "rules/routing/table_trees.h"

namespace aftershock::rules {
namespace {

// LIDs that lead to the same port as in the baseline: only of these can an entry be compared.
std::vector<Lid> SameLids(const PlaneChange& plane) {
  std::vector<Lid> lids;
  for (const auto& [port, before] : plane.before().lids) {
    const auto now = plane.now().lids.find(port);
    if (now == plane.now().lids.end() || now->second != before) continue;
    for (unsigned i = 0; i < 1u << std::min(before.lmc, kMaxLmc); ++i) {
      lids.push_back(Lid{static_cast<std::uint16_t>(static_cast<unsigned>(before.lid) + i)});
    }
  }
  return lids;
}

struct Compared {
  std::size_t entries = 0, changed = 0;
  std::vector<Guid> switches;  // with a changed entry
};

Compared CompareTables(const RoutingImage& before, const RoutingImage& now, const std::vector<Lid>& lids) {
  Compared compared;
  for (const auto& [guid, was] : before.linear) {
    const auto is = now.linear.find(guid);
    const bool adaptive = before.adaptive.contains(guid) || now.adaptive.contains(guid);
    if (is == now.linear.end() || adaptive) continue;
    compared.entries += lids.size();
    if (was == is->second) continue;
    const LinearTable &old_table = *was, &new_table = *is->second;
    const auto differs = [&](Lid lid) { return old_table.ExitOf(lid) != new_table.ExitOf(lid); };
    const auto changed = static_cast<std::size_t>(std::ranges::count_if(lids, differs));
    compared.changed += changed;
    if (changed != 0) compared.switches.push_back(guid);
  }
  return compared;
}

// What a subnet manager has to route around, or may route otherwise for.
bool Moved(const PlaneChange& plane) {
  const FabricImage &before = plane.before(), &now = plane.now();
  const auto master = [](const FabricImage& image) { return image.sm ? image.sm->master : std::nullopt; };
  return before.cables != now.cables || before.speeds != now.speeds || before.lids != now.lids ||
         before.unseen != now.unseen ||
         !std::ranges::equal(before.nodes, now.nodes, {}, &NodeImage::guid, &NodeImage::guid) ||
         master(before) != master(now);
}

// That something moved counts for as long as the baseline stands: when all is back, routes may stay as they
// became.
std::string MovedNote(const ChangeView& view, const PlaneChange& plane) {
  return fmt::format("{} {}", view.before().taken.time_since_epoch().count(), plane.name());
}

void FindOtherRoutes(const ChangeView& view, const PlaneChange& plane, bool explained,
                     std::vector<Change>& changes) {
  const Compared compared = CompareTables(*plane.before().routing, *plane.now().routing, SameLids(plane));
  if (compared.changed == 0) return;
  const double share = static_cast<double>(compared.changed) / static_cast<double>(compared.entries);
  std::vector<std::string> names;
  for (const Guid guid : compared.switches) names.push_back(plane.NameOf(guid));
  const std::string now = fmt::format("{} of {} entries lead elsewhere", compared.changed, compared.entries);
  Change change = view.Make(
      kRoutingChanged, Subject::Fabric(),
      explained ? fmt::format("{} of {} forwarding entries changed, as follows from what else changed",
                              compared.changed, compared.entries)
                : fmt::format("{} of {} forwarding entries changed, and nothing else that would explain it",
                              compared.changed, compared.entries),
      fmt::format("{} entries of {} switches", compared.entries, plane.before().routing->linear.size()), now);
  change.finding.evidence.push_back({"share of the entries", share * 100, "%"});
  change.finding.evidence.push_back({"switches with changed entries", Listed(names), ""});
  change.touches = compared.switches;
  change.managed = true;
  change.grave = !explained;
  if (explained) change.finding.severity = Severity::kNote;
  changes.push_back(std::move(change));
}

void FindFallback(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  const auto &before = plane.before().routing->facts, &now = plane.now().routing->facts;
  if (!before || !now || before->up_down != true || now->up_down != false) return;
  Change change = view.Make(kRoutingEngineFallback, Subject::Fabric(),
                            "Paths no longer go up and then down the tiers, as they all did in the baseline",
                            "up, then down", "up again after down");
  change.causes.push_back(KeyOf(kCreditLoop, Subject::Fabric()));
  change.managed = true;
  changes.push_back(std::move(change));
}

// Of the pairs of ports that both tables have: one is read only while its ports have a link.
bool SharedRowsDiffer(const SlToVlTable& was, const SlToVlTable& is) {
  return std::ranges::any_of(was.vl, [&](const auto& row) {
    const auto now = is.vl.find(row.first);
    return now != is.vl.end() && now->second != row.second;
  });
}

void FindOtherVls(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes) {
  std::vector<Guid> differ;
  for (const auto& [guid, was] : plane.before().routing->sl_to_vl) {
    const auto is = plane.now().routing->sl_to_vl.find(guid);
    if (is == plane.now().routing->sl_to_vl.end() || was == is->second) continue;
    if (SharedRowsDiffer(*was, *is->second)) differ.push_back(guid);
  }
  if (differ.empty()) return;
  std::vector<std::string> names;
  for (const Guid guid : differ) names.push_back(plane.NameOf(guid));
  Change change = view.Make(
      kSl2VlDiffers, differ.size() == 1 ? NodeSubject(true, differ.front()) : Subject::Fabric(),
      fmt::format("{} put service levels on other virtual lanes than in the baseline", Listed(names)),
      "as set up then", fmt::format("{} switches differ", differ.size()));
  change.finding.severity = std::max(change.finding.severity, Severity::kWarning);
  change.touches = std::move(differ);
  change.managed = true;
  changes.push_back(std::move(change));
}

// How many entries of the other switches lead to the port where the switch hangs, or hung: for what is not
// its own.
std::size_t EntriesThrough(const PlaneChange& plane, Guid excluded) {
  const RoutingImage& routing = *plane.now().routing;
  std::vector<Lid> lids;
  for (const auto& [port, lid] : plane.now().lids) {
    if (port.node != excluded) lids.push_back(lid.lid);
  }
  std::size_t through = 0;
  for (const CableImage& cable : plane.CablesBefore(excluded)) {
    const auto table = routing.linear.find(cable.b.node);
    if (table == routing.linear.end()) continue;
    const auto far = plane.FarNow(cable.b);
    if (far && far->node != excluded) continue;  // another cable is in that port now
    through += static_cast<std::size_t>(
        std::ranges::count_if(lids, [&](Lid lid) { return table->second->ExitOf(lid) == cable.b.port; }));
  }
  return through;
}

void FindThrough(const ChangeView& view, const PlaneChange& plane, const Window& window,
                 const ScopeItem& item, std::set<std::string>& taken, std::vector<Change>& changes) {
  const Guid guid = item.subject.guid;
  const Fate fate = plane.FateOf(guid);
  const bool gone = fate == Fate::kLost || fate == Fate::kBehind;
  const std::string note = fmt::format("{} {}", WindowName(window.id), ToString(item.subject));
  if (gone) taken.insert(note);
  if (!taken.contains(note) || (!gone && fate != Fate::kPresent)) return;
  const std::size_t entries = EntriesThrough(plane, guid);
  if (entries == 0) return;
  const std::string name = plane.NameOf(guid);
  Change change =
      view.Make(kRouteThroughExcluded, NodeSubject(true, guid),
                fmt::format("{} forwarding entries {} lead through {}, which window {} took out", entries,
                            gone ? "still" : "again", name, WindowName(window.id)),
                "in use", gone ? "gone, and still routed through" : "back, and routed through again");
  change.finding.window = WindowName(window.id);
  change.touches.push_back(guid);
  change.managed = true;
  if (!gone) change.finding.severity = Severity::kNote;
  changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> FindRoutingChanges(const ChangeView& view, std::set<std::string>& moved) {
  std::vector<Change> changes;
  std::set<std::string> still;
  for (const PlaneChange& plane : view.planes()) {
    const std::string note = MovedNote(view, plane);
    if (Moved(plane) || moved.contains(note)) still.insert(note);
    if (!plane.before().routing || !plane.now().routing) continue;
    FindOtherRoutes(view, plane, still.contains(note), changes);
    FindFallback(view, plane, changes);
    FindOtherVls(view, plane, changes);
  }
  moved = std::move(still);
  return changes;
}

std::vector<Change> FindRoutesThroughExcluded(const ChangeView& view, std::set<std::string>& taken) {
  std::vector<Change> changes;
  std::set<std::string> still;
  for (const Window& window : view.facts().windows) {
    if (window.state != WindowState::kOpen) continue;
    for (const Expectation& expected : window.expect) {
      if (expected.down.subject.kind != SubjectKind::kSwitch) continue;
      for (const PlaneChange& plane : view.planes()) {
        if (plane.before().FindNode(expected.down.subject.guid) == nullptr || !plane.now().routing) continue;
        FindThrough(view, plane, window, expected.down, taken, changes);
      }
      const std::string note = fmt::format("{} {}", WindowName(window.id), ToString(expected.down.subject));
      if (taken.contains(note)) still.insert(note);
    }
  }
  taken = std::move(still);
  return changes;
}

void WeighAgainstBaseline(std::vector<Finding>& findings, std::span<const PlaneReport> planes,
                          const Image* baseline) {
  if (baseline == nullptr) return;
  bool compared = false, all_old = true, had_standby = false;
  for (const PlaneReport& plane : planes) {
    const auto was = baseline->planes.find(plane.plane);
    const FabricImage* image = was == baseline->planes.end() ? nullptr : &was->second;
    had_standby = had_standby || (image != nullptr && image->sm && image->sm->ports.size() > 1);
    if (plane.routing == nullptr || !plane.routing->looped || plane.routing->looped->empty()) continue;
    const bool judged =
        image != nullptr && image->routing && image->routing->facts && image->routing->facts->looped;
    compared = true;
    all_old =
        all_old && judged && std::ranges::includes(*image->routing->facts->looped, *plane.routing->looped);
  }
  const bool old_loops = compared && all_old;
  for (Finding& finding : findings) {
    if (finding.rule == "credit-loop" && finding.severity == Severity::kCritical && !finding.unknown &&
        old_loops) {
      finding.severity = Severity::kWarning;
      finding.summary += "; it is in the baseline";
      finding.evidence.push_back({"in the baseline", std::string("the same channels"), ""});
    }
    if (finding.rule == "sm-no-standby" && finding.severity == Severity::kNote && had_standby) {
      finding.severity = Severity::kWarning;
      finding.evidence.push_back({"in the baseline", std::string("there was a standby"), ""});
    }
  }
}

}  // namespace aftershock::rules
