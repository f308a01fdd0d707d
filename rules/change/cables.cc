#include <fmt/format.h>

#include <algorithm>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

class CableRules {
 public:
  CableRules(const ChangeView& view, const PlaneChange& plane, std::vector<Change>& changes)
      : view_(view), plane_(plane), changes_(changes) {}

  void Run() {
    for (const CableImage& cable : plane_.before().cables) {
      const auto far = plane_.FarNow(cable.a);
      if (far == cable.b) {
        CompareSpeed(cable);
      } else {
        Gone(cable);
      }
    }
    for (const CableImage& cable : plane_.now().cables) {
      if (plane_.FarBefore(cable.a) != cable.b) New(cable);
    }
  }

 private:
  bool Here(Guid node) const { return plane_.FateOf(node) == Fate::kPresent; }

  void Gone(const CableImage& cable) {
    const bool a_here = Here(cable.a.node), b_here = Here(cable.b.node);
    if (plane_.UnseenNow(cable.a) || plane_.UnseenNow(cable.b)) return;
    if (a_here && b_here) {
      if (plane_.FarNow(cable.a) || plane_.FarNow(cable.b)) {
        Moved(cable);
      } else {
        Lost(cable);
      }
      return;
    }
    if (!a_here && !b_here) return;
    // What it led to is gone, and told as such; that it leads to somebody else is one more fact.
    const auto far = plane_.FarNow(a_here ? cable.a : cable.b);
    if (far && plane_.before().FindNode(far->node) != nullptr) return Moved(cable);
    // The node is seen in another plane: it is the cable to this one that is gone.
    if (plane_.FateOf(a_here ? cable.b.node : cable.a.node) == Fate::kElsewhere) Lost(cable);
  }

  void Lost(const CableImage& cable) {
    Change change = view_.Make(
        kLinkLost, Subject::Link(cable.a),
        fmt::format("{} to {} carried a link and is down", plane_.NameOf(cable.a), plane_.NameOf(cable.b)),
        fmt::format("to {}", plane_.NameOf(cable.b)), "down");
    change.touches.push_back(cable.b.node);
    change.wait = view_.Seconds(kLinkLost, "down_seconds");
    change.grave = plane_.IsSwitch(cable.a.node) && plane_.IsSwitch(cable.b.node);
    changes_.push_back(std::move(change));
  }

  // Told at the end that has a cable, which is what stayed where one end was moved.
  void Moved(const CableImage& cable) {
    const bool at_a = plane_.FarNow(cable.a).has_value();
    const PortKey stayed = at_a ? cable.a : cable.b;
    const PortKey was = at_a ? cable.b : cable.a;
    const PortKey is = *plane_.FarNow(stayed);
    // A device that was replaced has the name of the one before.
    const bool same_name = plane_.NameOf(was) == plane_.NameOf(is);
    const std::string of = same_name ? fmt::format(" of another device, {}", ToString(is.node)) : "";
    Change change =
        view_.Make(kLinkMoved, Subject::Link(stayed),
                   fmt::format("{} led to {} and leads to {}{}", plane_.NameOf(stayed), plane_.NameOf(was),
                               plane_.NameOf(is), of),
                   fmt::format("to {}", plane_.NameOf(was)), fmt::format("to {}", plane_.NameOf(is)));
    change.touches.insert(change.touches.end(), {was.node, is.node});
    change.grave = true;
    changes_.push_back(std::move(change));
  }

  void New(const CableImage& cable) {
    for (const PortKey& end : {cable.a, cable.b}) {
      if (plane_.before().FindNode(end.node) == nullptr) return;  // told with the new node
      if (plane_.UnseenBefore(end) || plane_.FarBefore(end)) return;
    }
    Change change = view_.Make(
        kLinkMoved, Subject::Link(cable.a),
        fmt::format("{} leads to {}, where no cable was", plane_.NameOf(cable.a), plane_.NameOf(cable.b)),
        "no link", fmt::format("to {}", plane_.NameOf(cable.b)));
    change.touches.push_back(cable.b.node);
    change.grave = plane_.IsSwitch(cable.a.node) && plane_.IsSwitch(cable.b.node);
    changes_.push_back(std::move(change));
  }

  void CompareSpeed(const CableImage& cable) {
    const auto was = plane_.before().speeds.find(cable.a);
    const auto is = plane_.now().speeds.find(cable.a);
    if (was == plane_.before().speeds.end() || is == plane_.now().speeds.end()) return;
    const double before = DataBitsPerSecond(was->second.width, was->second.speed);
    const double now = DataBitsPerSecond(is->second.width, is->second.speed);
    if (now <= 0 || now >= before) return;
    std::string was_name = LinkName(was->second.width, was->second.speed);
    std::string is_name = LinkName(is->second.width, is->second.speed);
    Change change = view_.Make(kLinkSlower, Subject::Link(cable.a),
                               fmt::format("{} to {} ran at {} and runs at {}", plane_.NameOf(cable.a),
                                           plane_.NameOf(cable.b), was_name, is_name),
                               was_name, is_name);
    change.touches.push_back(cable.b.node);
    change.causes.push_back(KeyOf(kLinkDegraded, Subject::Link(cable.a)));
    changes_.push_back(std::move(change));
  }

  const ChangeView& view_;
  const PlaneChange& plane_;
  std::vector<Change>& changes_;
};

}  // namespace

std::vector<Change> FindCableChanges(const ChangeView& view) {
  std::vector<Change> changes;
  for (const PlaneChange& plane : view.planes()) CableRules(view, plane, changes).Run();
  return changes;
}

}  // namespace aftershock::rules
