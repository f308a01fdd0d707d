#include "app/journal_use.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/change_watch.h"
#include "app/times.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kAnswersWithin = seconds(20), kAskAgain = milliseconds(200);

}  // namespace

Result<std::string> JournalFile(const std::string& asked, const Globals& globals) {
  if (!asked.empty()) return asked;
  const auto config = LoadConfig(globals, {});
  if (!config) return tl::unexpected(config.error());
  return config->journal.empty() ? std::string(journal::kDefaultPath) : config->journal;
}

std::string ThisMachine() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return Printable(host.data());
}

std::string WhoAsks() {
  const passwd* user = getpwuid(getuid());
  const std::string name = user != nullptr ? user->pw_name : std::to_string(getuid());
  return Printable(fmt::format("{}@{} (pid {})", name, ThisMachine(), getpid()));
}

std::optional<std::string> NobodyThere(const std::optional<journal::Heartbeat>& beat, WallTime now,
                                       const std::string& boot_id, Duration boot_time) {
  if (!beat) return "no monitor has ever used this journal";
  const bool same_boot = !boot_id.empty() && beat->boot_id == boot_id;
  const Duration age = same_boot ? boot_time - beat->boot_time : Duration(now - beat->wall);
  if (age < -beat->stale_after)
    return fmt::format("the last sign of {} is from the future: a clock is wrong", beat->by);
  if (age <= beat->stale_after) return std::nullopt;
  return fmt::format("{} was last seen alive {} ago", beat->by,
                     FormatDuration(std::chrono::duration_cast<seconds>(age)));
}

std::optional<std::string> NobodyThere(const std::optional<journal::Heartbeat>& beat, const Clock& clock) {
  const BootTime boot = ReadBootTime();
  return NobodyThere(beat, clock.Wall(), boot.id, boot.since);
}

Result<Window> FindWindow(std::span<const Window> windows, const std::string& name) {
  const auto id = ParseWindowName(name);
  std::vector<const Window*> found;
  std::vector<std::string> known;
  for (const Window& window : windows) {
    if (id && window.id == *id) return window;
    known.push_back(fmt::format("{} \"{}\"", WindowName(window.id), Printable(window.title)));
    if (window.title == name) found.push_back(&window);
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    constexpr std::size_t kLast = 8;
    if (known.size() > kLast) known.erase(known.begin(), known.end() - kLast);
    return Fail(Errc::kInvalid,
                fmt::format("there is no window \"{}\"{}", Printable(name),
                            known.empty() ? "" : fmt::format("; there are {}", fmt::join(known, ", "))));
  }
  std::vector<std::string> names;
  for (const Window* window : found)
    names.push_back(fmt::format("{} ({})", WindowName(window->id), ToString(window->state)));
  return Fail(Errc::kInvalid, fmt::format("\"{}\" is the title of {} windows: {}", Printable(name),
                                          found.size(), fmt::join(names, ", ")));
}

Result<void> AwaitAnswer(journal::Journal& journal, std::int64_t request, const Clock& clock) {
  const SteadyTime end = clock.Steady() + kAnswersWithin;
  for (;;) {
    const auto asked = journal.FindRequest(request);
    if (!asked) return tl::unexpected(asked.error());
    if (*asked && (*asked)->answered) {
      if ((*asked)->refused) return Fail(Errc::kDenied, *(*asked)->refused);
      return {};
    }
    if (clock.Steady() >= end)
      return Fail(Errc::kTimeout,
                  "the monitor has not answered; the request stands, and is answered by the next one");
    std::this_thread::sleep_for(kAskAgain);
  }
}

}  // namespace aftershock::app
