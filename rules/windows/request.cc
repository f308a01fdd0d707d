// What a command asks of a window.
#include <algorithm>

#include <fmt/format.h>

#include "model/report.h"
#include "rules/windows/advance.h"
#include "rules/windows/transition.h"

namespace aftershock::rules {
namespace {

Answered Refuse(Window window, std::string why) {
  return {std::move(window), std::move(why)};
}

std::string Stands(const Window& window) {
  return fmt::format("{} is {}", WindowName(window.id), ToString(window.state));
}

std::string WhoOpened(const Window& window) {
  const auto opened = std::ranges::find(window.transitions, WindowState::kOpen, &Transition::to);
  return opened == window.transitions.end() ? "somebody" : opened->by;
}

// Asked by the same before, and done: the monitor ended before it could answer.
bool Did(const Window& window, const Request& request, WindowState to) {
  return std::ranges::any_of(window.transitions, [&](const Transition& t) {
    return t.to == to && t.by == request.by && t.at >= request.at;
  });
}

Answered Open(Window window, const Request& request, WallTime now) {
  if (window.state != WindowState::kPlanned) {
    if (Did(window, request, WindowState::kOpen)) return {std::move(window), std::nullopt};
    if (!window.opened) return Refuse(window, Stands(window) + ": it was never opened, and cannot be now");
    return Refuse(window, fmt::format("{}: it was opened at {} by {}, and is opened once", Stands(window),
                                      FormatTime(*window.opened), WhoOpened(window)));
  }
  window.opened = now;
  MoveTo(
      window, WindowState::kOpen, now, request.by,
      window.despite ? "despite the preflight: " + *window.despite : "the preflight had nothing against it");
  return {std::move(window), std::nullopt};
}

Answered Close(Window window, const Request& request, WallTime now) {
  if (Did(window, request, WindowState::kVerifying)) return {std::move(window), std::nullopt};
  if (window.state != WindowState::kOpen)
    return Refuse(window, Stands(window) + ": only an open window is closed");
  window.closed = now;
  MoveTo(window, WindowState::kVerifying, now, request.by, "closed");
  return {std::move(window), std::nullopt};
}

Answered Cancel(Window window, const Request& request, WallTime now) {
  if (Did(window, request, WindowState::kCancelled)) return {std::move(window), std::nullopt};
  if (Ended(window.state)) return Refuse(window, Stands(window) + ": it has ended");
  MoveTo(window, WindowState::kCancelled, now, request.by,
         request.reason.empty() ? "cancelled" : request.reason);
  return {std::move(window), std::nullopt};
}

// A soak is never made shorter: who asks for it has seen what it says so far.
Answered Extend(Window window, const Request& request) {
  if (Ended(window.state)) return Refuse(window, Stands(window) + ": it has ended");
  if (!request.soak) return Refuse(window, "the new length is missing");
  const std::string by = "extended by " + request.by;
  if (*request.soak == window.soak && window.soak_because == by) return {std::move(window), std::nullopt};
  if (*request.soak <= window.soak) return Refuse(window, "the new soak is not longer than the one it has");
  window.soak = *request.soak;
  window.soak_because = by;
  return {std::move(window), std::nullopt};
}

}  // namespace

void MoveTo(Window& window, WindowState to, WallTime at, std::string by, std::string why) {
  window.transitions.push_back({window.state, to, at, std::move(by), std::move(why)});
  window.state = to;
  window.watched = Duration::zero();
  window.awaited.clear();
  window.missing.clear();
  if (Ended(to)) window.ended = at;
}

Answered Apply(Window window, const Request& request, WallTime now) {
  switch (request.kind) {
    case RequestKind::kOpen:
      return Open(std::move(window), request, now);
    case RequestKind::kClose:
      return Close(std::move(window), request, now);
    case RequestKind::kCancel:
      return Cancel(std::move(window), request, now);
    case RequestKind::kExtend:
      return Extend(std::move(window), request);
    case RequestKind::kAccept:
      break;
  }
  return Refuse(std::move(window), "this is nothing that is asked of a window");
}

}  // namespace aftershock::rules
