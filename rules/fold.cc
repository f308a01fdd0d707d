#include "rules/fold.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

#include "rules/change.h"
#include "rules/fabric/table.h"
#include "rules/host/table.h"
#include "rules/routing/own_ways.h"
#include "rules/routing/table.h"
#include "rules/routing/table_trees.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

class Folder {
 public:
  Folder(const View& view, std::vector<Finding>& findings)
      : view_(view),
        findings_(findings),
        own_port_unusable_(view.OwnPortUnusable()),
        gmps_silent_(view.GmpsSilent()) {
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (KeepsLidAway(findings[i])) addresses_.emplace(Key(findings[i]), i);
      if (IsRoute(findings[i]) && Weight(findings[i]) == Verdict::kCritical)
        routes_.emplace(Key(findings[i]), i);
      if (!CanBeCause(findings[i])) continue;
      causes_.emplace(Key(findings[i]), i);
      if (Is(findings[i], kGuidDuplicate)) twins_.insert(findings[i].subject.guid);
    }
  }

  void Run() {
    if (causes_.empty() && addresses_.empty()) return;
    const bool silent = std::ranges::any_of(findings_, [](const Finding& f) {
      return Is(f, kNodeUnresponsive) && f.subject.kind != SubjectKind::kLink;
    });
    if (!routes_.empty() && silent) own_ways_.emplace(view_.snapshot());
    std::vector<std::optional<std::size_t>> cause(findings_.size());
    for (std::size_t i = 0; i < findings_.size(); ++i) cause[i] = CauseOf(i);
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (!cause[i]) continue;
      std::size_t root = *cause[i];
      // A cause is always of an earlier kind than what it causes; the bound is for safety.
      for (int steps = 0; cause[root] && steps < 8; ++steps) root = *cause[root];
      if (root != i) findings_[i].because = Key(findings_[root]);
    }
  }

 private:
  static bool Is(const Finding& finding, const RuleSpec& rule) { return finding.rule == rule.id; }
  static Verdict Weight(const Finding& finding) { return Judge(std::span(&finding, 1)); }

  static bool CanBeCause(const Finding& f) {
    return Is(f, kSweepIncomplete) || Is(f, kGuidDuplicate) || Is(f, kSmMissing) || Is(f, kSwitchLost) ||
           Is(f, kNodeUnresponsive) || Is(f, kNodeLost) || Is(f, kLinkFlapping) || Is(f, kSmSeveral) ||
           Is(f, kLinkLost) || Is(f, kPortNotActive) || Is(f, kLidDuplicate);
  }

  static bool IsRoute(const Finding& f) {
    return Is(f, kRouteMissing) || Is(f, kRouteDeadEnd) || Is(f, kRouteLoop) || Is(f, kRouteWrongExit) ||
           Is(f, kRoutingUnread);
  }

  static bool KeepsLidAway(const Finding& f) {
    return Is(f, kSmMissing) || Is(f, kPortNotActive) || Is(f, kLidInvalid);
  }

  // The cause of that key, if it stands, is not the finding itself and weighs enough.
  std::optional<std::size_t> Standing(std::size_t index, const std::string& key) const {
    const auto it = causes_.find(key);
    if (it == causes_.end() || it->second == index) return std::nullopt;
    if (Weight(findings_[it->second]) < Weight(findings_[index])) return std::nullopt;
    return it->second;
  }

  static std::string KeyWith(const RuleSpec& rule, const Subject& subject) {
    return std::string(rule.id) + " " + ToString(subject);
  }

  std::optional<std::size_t> CauseOf(std::size_t index) const {
    const Finding& f = findings_[index];
    if (Is(f, kSweepIncomplete)) return std::nullopt;
    const auto incomplete = causes_.find(KeyWith(kSweepIncomplete, Subject::Fabric()));
    if (incomplete != causes_.end() && own_port_unusable_) return incomplete->second;
    if (Is(f, kGuidDuplicate)) return std::nullopt;
    if (const auto twin = TwinCause(index)) return twin;
    if (incomplete != causes_.end() && Is(f, kNodeUnresponsive) && f.unknown && FollowsFromSweep(f)) {
      return incomplete->second;
    }
    if (Is(f, kSmMissing)) return std::nullopt;
    if (Is(f, kNodeUnresponsive) && f.unknown) {
      if (const auto address = AddressCause(f)) return address;
      if (const auto way = WayCause(f)) return way;
    }
    if (IsRoute(f)) {
      if (const auto cause = RouteCause(index)) return cause;
    }
    if (Is(f, kPortNotActive) || Is(f, kLidInvalid) || IsRoute(f)) {
      if (const auto sm = Standing(index, KeyWith(kSmMissing, Subject::Fabric()))) return sm;
    }
    if (const auto manager = ManagerCause(index)) return manager;
    if (Is(f, kMulticastBroken) && f.subject.kind == SubjectKind::kSwitch) return NeighbourCause(index);
    return f.subject.kind == SubjectKind::kLink ? LinkCause(index) : NodeCause(index);
  }

  // What follows from who manages the subnet, or from the death of who did.
  std::optional<std::size_t> ManagerCause(std::size_t index) const {
    const Finding& f = findings_[index];
    if (Is(f, kLidDuplicate) || Is(f, kSmLidSplit)) {
      return Standing(index, KeyWith(kSmSeveral, Subject::Fabric()));
    }
    // A master that is only just being elected says all there is to know.
    if (Is(f, kSaSilent) && f.subject == Subject::Fabric()) {
      const auto sm = causes_.find(KeyWith(kSmMissing, Subject::Fabric()));
      return sm == causes_.end() ? std::nullopt : std::optional(sm->second);
    }
    if (Is(f, kSmStandbyUnfit)) {
      if (const auto silent = Standing(index, KeyWith(kNodeUnresponsive, f.subject))) return silent;
      return Standing(index, DeathKey(view_.state(), f.subject.guid));
    }
    if (!Is(f, kSmNoStandby)) return std::nullopt;
    for (const auto& [port, name] : view_.state().subnet.standbys) {
      if (const auto dead = Standing(index, DeathKey(view_.state(), port.node))) return dead;
    }
    return std::nullopt;
  }

  // A switch is cut from a tree that led over a neighbour that is dead.
  std::optional<std::size_t> NeighbourCause(std::size_t index) const {
    const Node* node = view_.snapshot().FindNode(findings_[index].subject.guid);
    if (node == nullptr) return std::nullopt;
    for (const Port& port : node->ports) {
      const PortMemory* memory = view_.Memory(*node, port);
      if (memory == nullptr || memory->peer.node == Guid{}) continue;
      const std::string key = DeathKey(view_.state(), memory->peer.node);
      const auto dead = key.empty() ? std::nullopt : Standing(index, key);
      if (dead) return dead;
    }
    return std::nullopt;
  }

  // Tables that were not read, of a switch that loses requests or in a sweep that ran out of time; an exit
  // whose link is down or whose port waits for the subnet manager, at either end.
  std::optional<std::size_t> RouteCause(std::size_t index) const {
    const Finding& f = findings_[index];
    if (Is(f, kRoutingUnread)) {
      if (!view_.snapshot().sweep.complete) {
        if (const auto sweep = Standing(index, KeyWith(kSweepIncomplete, Subject::Fabric()))) return sweep;
      }
      return Standing(index, KeyWith(kNodeUnresponsive, f.subject));
    }
    if (f.subject.kind != SubjectKind::kLink) return std::nullopt;
    for (const PortKey& end : EndsOf(f)) {
      for (const RuleSpec* rule : {&kLinkLost, &kPortNotActive, &kLidDuplicate}) {
        if (const auto cause = Standing(index, KeyWith(*rule, Subject::Link(end)))) return cause;
      }
    }
    return std::nullopt;
  }

  // Of a finding about a link: the port it names, and the one that it is or was cabled to.
  std::array<PortKey, 2> EndsOf(const Finding& f) const {
    const PortKey near{f.subject.guid, f.subject.port};
    const auto memory = view_.state().ports.find(near);
    return {near, memory == view_.state().ports.end() ? PortKey{} : memory->second.peer};
  }

  std::optional<std::size_t> TwinCause(std::size_t index) const {
    const Guid guid = findings_[index].subject.guid;
    if (guid == Guid{} || !twins_.contains(guid)) return std::nullopt;
    for (const SubjectKind kind : {SubjectKind::kSwitch, SubjectKind::kHost}) {
      if (const auto twin = Standing(index, KeyWith(kGuidDuplicate, {kind, guid, 0, {}}))) return twin;
    }
    return std::nullopt;
  }

  // Nobody answers performance queries, or the sweep ended before it could ask.
  bool FollowsFromSweep(const Finding& f) const {
    const Node* node = view_.snapshot().FindNode(f.subject.guid);
    if (node == nullptr) return false;
    const bool cut_short = !view_.snapshot().sweep.complete;
    if (f.subject.kind == SubjectKind::kLink) {
      const Port* port = node->FindPort(f.subject.port);
      return cut_short && port != nullptr && port->peer_answer == Answer::kUnreachable;
    }
    return (cut_short && OnlyUnreachable(*node)) || (gmps_silent_ && AllSmpsAnswered(*node));
  }

  // A node that answers and could not be asked for its counters for want of a LID: what keeps the LID from
  // it. Unlike everywhere else a warning is enough of a cause for an unknown: it says all there is to know.
  std::optional<std::size_t> AddressCause(const Finding& f) const {
    const Node* node = view_.snapshot().FindNode(f.subject.guid);
    if (node == nullptr || f.subject.kind == SubjectKind::kLink) return std::nullopt;
    if (Missing(node->answer) || !OnlyUnreachable(*node)) return std::nullopt;
    const auto weighty = [&](const std::string& key) -> std::optional<std::size_t> {
      const auto it = addresses_.find(key);
      if (it == addresses_.end() || Weight(findings_[it->second]) == Verdict::kOk) return std::nullopt;
      return it->second;
    };
    if (const auto sm = weighty(KeyWith(kSmMissing, Subject::Fabric()))) return sm;
    for (const Port& port : node->ports) {
      const Subject at = Subject::Link({node->guid, port.num});
      if (const auto waits = weighty(KeyWith(kPortNotActive, at))) return waits;
      if (port.peer) {
        const Node* far = view_.snapshot().PeerNode(port);
        const Subject there = Subject::Link({far != nullptr ? far->guid : Guid{}, port.peer->port});
        if (const auto waits = weighty(KeyWith(kPortNotActive, there))) return waits;
      }
      if (const auto lid = weighty(KeyWith(kLidInvalid, at))) return lid;
    }
    return std::nullopt;
  }

  // A node that tells all but its counters: these are asked for by LID, and our own way there, or its way
  // back, ends at one of the broken ones.
  std::optional<std::size_t> WayCause(const Finding& f) const {
    const Node* node = view_.snapshot().FindNode(f.subject.guid);
    if (!own_ways_ || node == nullptr || f.subject.kind == SubjectKind::kLink) return std::nullopt;
    if (Missing(node->answer) || !AllSmpsAnswered(*node)) return std::nullopt;
    const std::vector<Guid> astray = own_ways_->Astray(*node);
    for (const RouteFault& fault : view_.state().routing.faults) {
      const auto finding = routes_.find(fault.rule + " " + ToString(fault.subject));
      const bool there = std::ranges::any_of(
          fault.switches, [&](Guid guid) { return std::ranges::find(astray, guid) != astray.end(); });
      if (there && finding != routes_.end()) return finding->second;
    }
    return std::nullopt;
  }

  static bool OnlyUnreachable(const Node& node) {
    const auto fits = [](Answer a) { return !Missing(a) || a == Answer::kUnreachable; };
    bool all = fits(node.answer) && fits(node.description_answer) && fits(node.switch_answer) &&
               fits(node.pma_answer);
    for (const Port& port : node.ports) all = all && fits(port.info_answer) && fits(port.counters_answer);
    return all;
  }

  static bool AllSmpsAnswered(const Node& node) {
    bool missing = Missing(node.answer) || Missing(node.description_answer) || Missing(node.switch_answer);
    for (const Port& port : node.ports) missing = missing || Missing(port.info_answer);
    return !missing;
  }

  std::optional<std::size_t> NodeCause(std::size_t index) const {
    if (Is(findings_[index], kNodeUnresponsive)) {
      if (const auto lossy = RoadCause(index)) return lossy;
    }
    const NodeMemory* memory = view_.Memory(findings_[index].subject.guid);
    if (memory == nullptr || memory->behind == Guid{}) return std::nullopt;
    return Standing(index, DeathKey(view_.state(), memory->behind));
  }

  // A switch on the way to the node that loses requests itself: the nearest to us loses all the others' too.
  std::optional<std::size_t> RoadCause(std::size_t index) const {
    const FabricSnapshot& snapshot = view_.snapshot();
    const Node* node = snapshot.FindNode(findings_[index].subject.guid);
    const auto own = std::ranges::find_if(snapshot.nodes, [](const Node& n) { return n.route.empty(); });
    if (node == nullptr || own == snapshot.nodes.end()) return std::nullopt;
    const Node* at = &*own;
    for (const std::uint8_t exit : node->route) {
      if (at != &*own) {
        if (const auto road = Standing(index, KeyWith(kNodeUnresponsive, SubjectOf(*at)))) return road;
      }
      const Port* port = at->FindPort(exit);
      const Node* next = port == nullptr ? nullptr : snapshot.PeerNode(*port);
      if (next == nullptr) return std::nullopt;
      at = next;
    }
    return std::nullopt;
  }

  // A dead node at either end, then flapping of the same link.
  std::optional<std::size_t> LinkCause(std::size_t index) const {
    const Finding& f = findings_[index];
    const auto [near, far] = EndsOf(f);
    for (const Guid end : {near.node, far.node}) {
      const std::string key = end == Guid{} ? std::string() : DeathKey(view_.state(), end);
      if (key.empty()) continue;
      if (const auto dead = Standing(index, key)) return dead;
    }
    if (!Is(f, kLinkLost)) return std::nullopt;
    for (const PortKey& end : {near, far}) {
      if (const auto flapping = Standing(index, KeyWith(kLinkFlapping, Subject::Link(end)))) return flapping;
    }
    return std::nullopt;
  }

  const View& view_;
  std::vector<Finding>& findings_;
  bool own_port_unusable_, gmps_silent_;
  std::unordered_map<std::string, std::size_t> causes_, addresses_, routes_;  // routes_: the critical ones
  std::set<Guid> twins_;
  std::optional<OwnWays> own_ways_;
};

}  // namespace

void Fold(const View& view, std::vector<Finding>& findings) {
  Folder(view, findings).Run();
}

}  // namespace aftershock::rules
