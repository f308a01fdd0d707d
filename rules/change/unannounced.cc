#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/windows/explain.h"

namespace aftershock::rules {
namespace {

constexpr std::size_t kMostListed = 16;

// What is told first of several changes that hang together: what is most likely to have caused the others.
std::size_t Rank(const Change& change) {
  static constexpr std::array kOrder{&kNotRestored,      &kSwitchLost, &kNodeNew,       &kFirmwareChanged,
                                     &kLinkMoved,        &kLinkLost,   &kSmChanged,     &kPartitionChanged,
                                     &kMulticastChanged, &kLidChanged, &kRoutingChanged};
  const auto it = std::find_if(kOrder.begin(), kOrder.end(),
                               [&](const RuleSpec* rule) { return rule->id == change.finding.rule; });
  return static_cast<std::size_t>(it - kOrder.begin());
}

class Groups {
 public:
  explicit Groups(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0u); }
  std::size_t Root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(std::size_t a, std::size_t b) { parent_[Root(a)] = Root(b); }

 private:
  std::vector<std::size_t> parent_;
};

// Changes hang together that touch the same node, or that the subnet manager handed out, or of which one
// follows from the other.
std::vector<std::vector<std::size_t>> Connected(const std::vector<Change>& changes,
                                                const std::vector<std::size_t>& members) {
  Groups groups(changes.size());
  std::unordered_map<Guid, std::size_t> touched;
  std::unordered_map<std::string, std::size_t> by_key;
  std::optional<std::size_t> managed;
  for (const std::size_t i : members) by_key.emplace(Key(changes[i].finding), i);
  for (const std::size_t i : members) {
    for (const Guid guid : changes[i].touches) groups.Join(i, touched.try_emplace(guid, i).first->second);
    if (changes[i].managed) groups.Join(i, managed.value_or(i));
    if (changes[i].managed) managed = i;
    if (!changes[i].finding.because) continue;
    if (const auto it = by_key.find(*changes[i].finding.because); it != by_key.end())
      groups.Join(i, it->second);
  }
  std::map<std::size_t, std::vector<std::size_t>> by_root;
  for (const std::size_t i : members) by_root[groups.Root(i)].push_back(i);
  std::vector<std::vector<std::size_t>> connected;
  for (auto& [root, group] : by_root) connected.push_back(std::move(group));
  return connected;
}

bool Touches(const ChangeView& view, const Change& change, Guid node) {
  const auto touched = [&](Guid guid) {
    return std::find(change.touches.begin(), change.touches.end(), guid) != change.touches.end();
  };
  if (touched(node)) return true;
  for (const PlaneChange& plane : view.planes()) {
    const auto cables = plane.CablesBefore(node);
    if (std::any_of(cables.begin(), cables.end(), [&](const CableImage& c) { return touched(c.b.node); })) {
      return true;
    }
  }
  return false;
}

bool Announces(const ChangeView& view, const Change& change, const ScopeItem& item) {
  if (item.subject.kind == SubjectKind::kFabric) return true;
  if (item.subject.kind != SubjectKind::kPair) return Touches(view, change, item.subject.guid);
  if (!view.before().pairs) return false;
  for (const PairImage& pair : *view.before().pairs) {
    if (pair.name != item.subject.name) continue;
    for (const auto& [guid, state] : pair.members) {
      if (Touches(view, change, guid)) return true;
    }
  }
  return false;
}

// What is the whole fabric's may come of any work, and is attributed to whatever window is open. Announced it
// is only where the fabric is in scope, or the manager that was, or is, master stands there or a cable away.
bool Announced(const ChangeView& view, const Change& change) {
  const Finding& finding = change.finding;
  if (finding.window.empty() || finding.subject.kind != SubjectKind::kFabric) return !finding.window.empty();
  for (const Window& window : view.facts().windows) {
    if (WindowName(window.id) != finding.window) continue;
    if (HandsOffHolds(window)) return true;  // critical as it is
    return std::any_of(window.scope.begin(), window.scope.end(),
                       [&](const ScopeItem& item) { return Announces(view, change, item); });
  }
  return true;
}

bool Unannounced(const ChangeView& view, const Change& change) {
  const auto known = view.facts().windows_as_of;
  if (known && change.finding.since && *change.finding.since > *known) return false;
  return change.grave && !change.finding.Excused() && !Announced(view, change);
}

Change Tell(const ChangeView& view, const std::vector<Change>& changes, std::vector<std::size_t> group) {
  std::ranges::sort(group, {},
                    [&](std::size_t i) { return std::tuple(Rank(changes[i]), changes[i].finding.subject); });
  const Change& first = changes[group.front()];
  const std::string more = group.size() == 1   ? ""
                           : group.size() == 2 ? ", and one more change"
                                               : fmt::format(", and {} more changes", group.size() - 1);
  Change told = view.Make(kUnannouncedChange, first.finding.subject,
                          fmt::format("{}{}; no window announces it", first.finding.summary, more),
                          first.before, first.now);
  told.finding.since = first.finding.since;
  for (const std::size_t i : group) {
    if (told.finding.window.empty()) told.finding.window = changes[i].finding.window;
    told.finding.since = std::min(told.finding.since, changes[i].finding.since);
    if (told.finding.evidence.size() < kMostListed) {
      told.finding.evidence.push_back({"change", changes[i].finding.summary, ""});
    }
  }
  return told;
}

}  // namespace

std::vector<Change> FindUnannounced(std::vector<Change>& changes, const ChangeView& view) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (Unannounced(view, changes[i])) members.push_back(i);
  }
  std::vector<Change> told;
  for (const auto& group : Connected(changes, members)) {
    told.push_back(Tell(view, changes, group));
    for (const std::size_t i : group) {
      changes[i].causes.insert(changes[i].causes.begin(), Key(told.back().finding));
    }
  }
  return told;
}

}  // namespace aftershock::rules
