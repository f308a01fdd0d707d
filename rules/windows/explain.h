// Which finding belongs to which window, and which of them the window expected.
//
// Pure functions, thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/image.h"
#include "model/window.h"

namespace aftershock::rules {

// How well a finding fits a window: place (the subject is in scope, or one cable away, or pulled along by
// what was expected to go down) times time (it began while the window was open or watched).
struct Attribution {
  std::int64_t window = 0;
  double score = 0;     // 0 to 1; at least kAttributed to count
  std::string because;  // "sw2 is in scope, and it began 40 s after the window opened"
};
inline constexpr double kAttributed = 0.25;

// The best fit of all windows; none: no window fits. `baseline` tells who is cabled to whom,
// `this_host` whose interfaces are meant, `seen` what there is now (place.h).
std::optional<Attribution> Attribute(const Finding& finding, std::span<const Window> windows,
                                     const Image* baseline, WallTime now, std::string_view this_host = {},
                                     const Image* seen = nullptr);

// A hands-off window that is open, or that failed by what was found while it was: that stays critical for as
// long as it stands.
bool HandsOffHolds(const Window& window);

// Sets `window` of each finding that fits one, and `explained` of those that an open window expects: the
// subject itself and what hangs on nothing else. A hands-off window explains nothing, and makes any change in
// its scope critical.
void Explain(std::vector<Finding>& findings, std::span<const Window> windows, const Image* baseline,
             WallTime now, std::string_view this_host = {}, const Image* seen = nullptr);

}  // namespace aftershock::rules
