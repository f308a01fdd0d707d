#include <algorithm>

#include <fmt/format.h>

#include "rules/change/rules.h"
#include "rules/change/table.h"

namespace aftershock::rules {
namespace {

// A link is named by its lower end, whichever end the window named.
Subject Canonical(const ChangeView& view, const Subject& subject) {
  if (subject.kind != SubjectKind::kLink) return subject;
  const PortKey key{subject.guid, subject.port};
  for (const PlaneChange& plane : view.planes()) {
    if (const auto far = plane.FarBefore(key)) return Subject::Link(std::min(key, *far));
  }
  return subject;
}

// Another device has its name, and was not there before.
bool Replaced(const PlaneChange& plane, Guid guid) {
  const NodeImage* before = plane.before().FindNode(guid);
  if (before == nullptr || before->name.empty() || plane.now().FindNode(guid) != nullptr) return false;
  return std::ranges::any_of(plane.now().nodes, [&](const NodeImage& node) {
    return node.type == before->type && node.name == before->name &&
           plane.before().FindNode(node.guid) == nullptr;
  });
}

// Whether what a window took down is back; nullopt: it cannot be told, or the baseline has no such thing.
std::optional<bool> IsBack(const ChangeView& view, const Subject& subject) {
  for (const PlaneChange& plane : view.planes()) {
    if (subject.kind == SubjectKind::kLink) {
      const PortKey key{subject.guid, subject.port};
      if (!plane.FarBefore(key)) continue;
      if (plane.FarNow(key)) return true;
      const bool dark = plane.UnseenNow(key) || plane.UnseenNow(*plane.FarBefore(key));
      return dark ? std::nullopt : std::optional(false);
    }
    if (plane.before().FindNode(subject.guid) == nullptr) continue;
    const Fate fate = plane.FateOf(subject.guid);
    if (fate == Fate::kUnknown) return std::nullopt;
    if (Replaced(plane, subject.guid)) return true;
    return fate == Fate::kPresent || fate == Fate::kElsewhere;
  }
  return std::nullopt;
}

// It says that its work is done, and has not proven it.
bool MustBeBack(const Window& window) {
  return window.state == WindowState::kVerifying || window.state == WindowState::kSoaking ||
         (window.state == WindowState::kFailed && window.closed);
}

std::string NoteOf(const Window& window, const Subject& subject) {
  return WindowName(window.id) + " " + ToString(subject);
}

Change Unrestored(const ChangeView& view, const Window& window, const ScopeItem& item) {
  const std::string& name = item.name.empty() ? item.text : item.name;
  Change change =
      view.Make(kNotRestored, Canonical(view, item.subject),
                fmt::format("{} went down in window {} and is not back", name, WindowName(window.id)),
                "present", "absent");
  change.finding.window = WindowName(window.id);
  return change;
}

}  // namespace

std::vector<Change> FindUnrestored(const ChangeView& view, std::set<std::string>& restored) {
  std::vector<Change> changes;
  std::set<std::string> still;
  for (const Window& window : view.facts().windows) {
    if (!MustBeBack(window)) continue;
    for (const Expectation& expected : window.expect) {
      const std::string note = NoteOf(window, expected.down.subject);
      const std::optional<bool> back = IsBack(view, expected.down.subject);
      if (back == true || restored.contains(note)) {
        still.insert(note);
      } else if (back == false) {
        changes.push_back(Unrestored(view, window, expected.down));
      }
    }
  }
  restored = std::move(still);
  return changes;
}

}  // namespace aftershock::rules
