// The change windows that another monitor announces, as a host's monitor knows them.
//
// Threading: Fetch() from one thread, Known() from any.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/json/window.h"

namespace aftershock::app {

// What is announced, as far as it is known here.
struct Announced {
  std::vector<Window> windows;    // their times by this machine's clock
  std::optional<WallTime> as_of;  // what began later may have been announced since; none: not known at all
  std::string why_unknown;        // one clause; empty: it is known
};

class WindowsSource {
 public:
  // Asks for /windows.json.
  using Ask = std::function<Result<WindowsTold>()>;

  // `clock` must outlive it.
  WindowsSource(const WindowsConfig& config, const Clock& clock, Ask ask);

  // Errors: why it is not known now, which Known() says, too.
  Result<void> Fetch();
  Announced Known() const;

 private:
  const WindowsConfig config_;
  const Clock& clock_;
  const Ask ask_;
  mutable std::mutex mutex_;
  std::vector<Window> windows_;
  std::optional<WallTime> as_of_;
  std::optional<SteadyTime> heard_;
  std::string why_ = "they were not read so far";
};

// Asks over HTTP, as the configuration says.
WindowsSource::Ask AskOverHttp(const WindowsConfig& config);

// The times of a window by a clock that is `ahead` of the one that they were written by.
Window Shifted(Window window, std::chrono::milliseconds ahead);

}  // namespace aftershock::app
