// What the monitor does with the journal: notes what is seen, compares it with the baseline, moves windows on
// and answers what commands ask.
//
// A journal that cannot be written is a finding of the monitor, which goes on without it; the gate then sees
// a heartbeat that grows old.
//
// Threading: any thread; one call at a time inside.
#pragma once

#include <spdlog/logger.h>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/error_minutes.h"
#include "app/first_seen.h"
#include "app/fleet_facts.h"
#include "app/windows_source.h"
#include "base/clock.h"
#include "journal/journal.h"
#include "model/image.h"
#include "model/report.h"
#include "model/settings.h"
#include "rules/change/judge_change.h"
#include "rules/windows/advance.h"

namespace aftershock::app {

// The machine's boot, and how long ago it was: tells a jump of the wall clock from time that has passed.
struct BootTime {
  std::string id;
  Duration since{};
};
BootTime ReadBootTime();

// When the last complete snapshot was noted, as commands find it in the journal (State "noted"): by the
// boot's clock, which nobody sets. nullopt: another boot, or nothing noted.
inline constexpr const char* kNotedState = "noted";
std::string NotedText(const BootTime& boot);
std::optional<Duration> AgeOfNoted(std::string_view text, const BootTime& boot);

class ChangeWatch {
 public:
  // `clock` and `settings` must outlive it. `stale_after`: a gap between two looks that is longer was not
  // watched.
  ChangeWatch(journal::Journal journal, const Clock& clock, const Settings& settings, Duration stale_after,
              std::string by, std::shared_ptr<spdlog::logger> log);

  // Changes are announced elsewhere, at `source`, and known by `ask`; windows are not opened here. Without
  // `source` nobody tells what is announced, nothing is unannounced, and windows are opened here all the
  // same. Before Begin() only.
  void AnnouncedBy(std::string source, std::function<Announced()> ask);
  // What other hosts' monitors told; counts from the next report on.
  void Know(std::shared_ptr<const FleetReport> fleet);
  // Those that have not ended, and those that ended in the last day.
  std::vector<Window> Windows() const;

  // Reads what an earlier monitor left. Errors: of the journal.
  Result<void> Begin();
  // A report of all that is watched, before it is published: adds what changed, explains, and moves windows
  // on.
  void Take(Report& report);
  // Answers requests, and shows that somebody is alive.
  void Poll();

 private:
  // How much of a step was watched, and by which sweep.
  struct Step {
    WallTime now{};
    SteadyTime at{};
    std::string this_host;  // its name; empty: this process watches none
    Image image;
    bool complete = false;
    std::vector<std::string> missing;
    Duration elapsed{};
    std::vector<Finding> told;         // by other hosts' monitors, timed
    std::vector<Window> windows;       // announced here, or elsewhere
    std::optional<Image> around;       // of a host alone: its baseline and what it is cabled to
    std::optional<WallTime> known_of;  // until when it is known what is announced elsewhere
    std::string why_unknown;           // why it is not
  };

  Step Look(const Report& report);
  void CountSweep(const Report& report);
  void CountErrors(const Report& report, const Step& step);
  void HearEvents(const Report& report);
  void HearHosts(Step& step);
  void HearWindows(const Report& report, Step& step);
  void Judge(Report& report, Step& step);
  void Remember(const Report& report, const Step& step, bool fit);
  static bool SameButTime(const Image& a, const Image& b);
  static std::vector<Finding> Together(const std::vector<Finding>& own, const std::vector<Finding>& told);
  void NoteSnapshot(const Report& report, const Step& step);
  void Renew(const Step& step, std::string because);
  bool SetBaseline(Image image, std::int64_t id, std::string because);
  void AddHostsOf(const Window& window, const Step& step, rules::WindowFacts& facts) const;
  void MoveWindows(const Report& report, const Step& step);
  void TakeOver(const Window& window, const Step& step);
  void KeepOthers(const Window& passed, const Image& before, Image& accepted) const;
  void Answer(const Request& request);
  std::optional<std::string> AnswerWindow(const Request& request, WallTime now);
  std::optional<std::string> Accept(const Request& request);
  void Beat();
  void Note(std::string kind, std::string text);
  std::vector<Window> Recent(WallTime now) const;
  bool Unfinished() const;
  // When the first of the windows that have not ended was opened.
  std::optional<WallTime> FirstUnfinished() const;
  const Image* BaselineImage() const { return baseline_ ? &*baseline_ : nullptr; }
  // True where it worked; else the journal is failing.
  template <typename T>
  bool Worked(const Result<T>& result) {
    if (result) return true;
    failing_ = result.error().what;
    if (!std::exchange(logged_, true)) log_->error("{}", *failing_);
    return false;
  }
  const Image* Around(const Step& step) const { return step.around ? &*step.around : BaselineImage(); }
  void PublishWindows(WallTime now);
  void AddJournalFinding(Report& report) const;
  void AddClockFinding(Report& report, SteadyTime at) const;
  void AddWindowsFinding(Report& report, const Step& step) const;
  Result<void> RememberJump();

  mutable std::mutex windows_mutex_;
  std::vector<Window> published_;  // guarded by windows_mutex_

  std::mutex mutex_;
  journal::Journal journal_;
  const Clock& clock_;
  const Settings& settings_;
  const Duration stale_after_;
  const std::string by_;
  const std::shared_ptr<spdlog::logger> log_;
  struct Jump {
    std::string how;
    SteadyTime at{};
  };

  FirstSeen first_seen_;
  ErrorCounting counting_;
  ErrorHistory history_;
  std::vector<rules::ChangeEvent> events_;  // while a window is unfinished; bounded
  std::uint64_t last_event_ = 0;
  std::optional<Jump> jumped_;
  rules::ChangeState state_;
  std::map<std::int64_t, Window> windows_;
  std::map<std::int64_t, SteadyTime> closed_at_;        // closed by this process
  std::map<std::int64_t, std::uint32_t> sweeps_since_;  // since closing
  std::optional<Image> baseline_;
  std::optional<Image> noted_;  // the last snapshot in the journal
  std::int64_t noted_id_ = 0, baseline_id_ = 0;
  bool noted_complete_ = false;
  std::optional<SteadyTime> noted_at_, last_step_, last_beat_;
  std::optional<SteadyTime> begun_, last_prune_;
  SteadyTime last_sweep_{};
  WallTime host_taken_{};
  std::map<std::int64_t, Duration> put_;   // of Window::watched, as the journal has it
  std::map<std::int64_t, Window> failed_;  // which the journal did not take so far
  bool last_complete_ = false;
  std::optional<journal::Heartbeat> beat_;
  std::optional<std::string> failing_;  // what the journal said since the last report
  bool logged_ = false;                 // that it fails
  std::string source_;                  // of windows that are announced elsewhere
  std::function<Announced()> ask_;
  bool knows_windows_ = true;                 // false: nobody tells what is announced elsewhere
  std::shared_ptr<const FleetReport> fleet_;  // nullptr: none is read
  HearingHosts hearing_;
  std::optional<std::string> silent_;  // SilentText(), as the journal has it
  Uplinks uplinks_;
};

}  // namespace aftershock::app
