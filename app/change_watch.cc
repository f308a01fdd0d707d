#include "app/change_watch.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "app/change_state_text.h"
#include "app/part_verdicts.h"
#include "rules/change/fold_change.h"
#include "rules/change/keep_to_baseline.h"
#include "rules/fabric/table.h"
#include "rules/fleet/told.h"
#include "rules/windows/clock_jumped.h"
#include "rules/windows/explain.h"
#include "rules/windows/journal_failing.h"

namespace aftershock::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr const char* kStateName = "change";
// Without news a snapshot is noted so often.
constexpr Duration kNoteEvery = seconds(60);
constexpr std::chrono::milliseconds kJumpStands = hours(1);
constexpr std::size_t kMostEvents = 4096;

bool CriticalStands(const std::vector<Finding>& findings) {
  return Judge(findings) == Verdict::kCritical;
}

// What is known of a node must not be forgotten because it keeps silent for a while.
bool SomebodyIsSilent(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) {
    const bool excused = f.accepted || f.explained || f.because;
    return f.rule == rules::kNodeUnresponsive.id && f.unknown && !excused;
  });
}

// Every role has looked at least once.
bool AllHaveLooked(const Report& report) {
  const bool planes =
      std::ranges::all_of(report.planes, [](const PlaneReport& plane) { return plane.snapshot != nullptr; });
  return planes && (!report.host || report.host->snapshot != nullptr);
}

// The host's own findings, as what is known over restarts and of windows makes them.
void RetimeHost(Report& report) {
  if (!report.host) return;
  for (Finding& own : report.host->findings) {
    const auto same = std::ranges::find_if(
        report.findings, [&](const Finding& f) { return f.rule == own.rule && f.subject == own.subject; });
    if (same == report.findings.end()) continue;
    own.since = same->since;
    own.window = same->window;
    own.explained = same->explained;
  }
}

Verdict VerdictOf(const Report& report) {
  Verdict verdict = Judge(report.findings);
  for (const PlaneReport& plane : report.planes) verdict = std::max(verdict, plane.verdict);
  return AllHaveLooked(report) ? verdict : std::max(verdict, Verdict::kUnknown);
}

}  // namespace

bool ChangeWatch::SameButTime(const Image& a, const Image& b) {
  return a.planes == b.planes && a.hosts == b.hosts && a.pairs == b.pairs;
}

ChangeWatch::ChangeWatch(journal::Journal journal, const Clock& clock, const Settings& settings,
                         Duration stale_after, std::string by, std::shared_ptr<spdlog::logger> log)
    : journal_(std::move(journal)),
      clock_(clock),
      settings_(settings),
      stale_after_(stale_after),
      by_(std::move(by)),
      log_(std::move(log)) {}

Result<void> ChangeWatch::Begin() {
  const std::lock_guard lock(mutex_);
  auto windows = journal_.Windows();
  if (!windows) return tl::unexpected(windows.error());
  for (Window& window : *windows) windows_.emplace(window.id, std::move(window));
  auto beat = journal_.LastHeartbeat();
  if (!beat) return tl::unexpected(beat.error());
  beat_ = std::move(*beat);
  auto findings = journal_.Findings(false);
  if (!findings) return tl::unexpected(findings.error());
  // What had ended when the last window was opened, and comes again, has begun in its time.
  std::optional<WallTime> opened;
  for (const auto& [id, window] : windows_) {
    if (!Ended(window.state)) opened = std::max(opened, window.opened);
  }
  std::erase_if(*findings, [&](const journal::FindingRow& row) { return row.ended && row.ended <= opened; });
  first_seen_.Load(*findings, beat_ ? beat_->wall : WallTime{});
  // A clock that was set back must not put what comes before a window that was opened since the last beat.
  for (const auto& [id, window] : windows_) {
    for (const Transition& transition : window.transitions) first_seen_.Forward(transition.at);
  }
  auto state = journal_.State(kStateName);
  if (!state) return tl::unexpected(state.error());
  if (*state) {
    if (auto read = ChangeStateFromText(**state)) state_ = std::move(*read);
  }
  auto baseline = journal_.Baseline();
  if (!baseline) return tl::unexpected(baseline.error());
  if (*baseline) {
    auto image = journal_.ReadImage((*baseline)->snapshot);
    if (!image) return tl::unexpected(image.error());
    baseline_ = std::move(*image);
    baseline_id_ = (*baseline)->snapshot;
  }
  PublishWindows(clock_.Wall());
  Beat();
  Note("monitor-started", by_ + " started");
  return RememberJump();
}

// One that an earlier monitor noted stands on.
Result<void> ChangeWatch::RememberJump() {
  const WallTime now = clock_.Wall();
  const auto events = journal_.Events(now - kJumpStands, now);
  if (!events) return tl::unexpected(events.error());
  for (const journal::Event& event : *events) {
    if (event.kind == "clock-jumped" && !jumped_)
      jumped_ = Jump{event.text, clock_.Steady() - (now - event.at)};
  }
  return {};
}

void ChangeWatch::Take(Report& report) {
  const std::lock_guard lock(mutex_);
  const bool failed_before = failing_.has_value();
  failing_.reset();
  Step step = Look(report);
  HearHosts(step);
  HearWindows(report, step);
  CountSweep(report);
  CountErrors(report, step);
  HearEvents(report);
  Judge(report, step);
  last_step_ = step.at;
  last_complete_ = step.complete;
  if (failing_ || failed_before || !logged_) return;
  log_->info("the journal is written again");
  logged_ = false;
}

ChangeWatch::Step ChangeWatch::Look(const Report& report) {
  Step step;
  step.at = clock_.Steady();
  step.now = first_seen_.Forward(clock_.Wall());
  step.image.taken = step.now;
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot == nullptr) {
      step.missing.push_back(plane.plane + " was never swept");
    } else if (!plane.snapshot->sweep.complete) {
      step.missing.push_back(fmt::format("{} was not swept completely: {}", plane.plane,
                                         plane.snapshot->sweep.incomplete_because));
    } else if (!plane.complete_steady || step.at - *plane.complete_steady > report.stale_after) {
      step.missing.push_back(fmt::format("the last complete sweep of {} is too old", plane.plane));
    } else {
      step.image.planes.emplace(plane.plane, ImageOf(*plane.snapshot, plane.routing.get()));
    }
  }
  if (report.host) {
    const HostSnapshot* host = report.host->snapshot.get();
    if (host == nullptr) {
      step.missing.push_back("this host was not looked at so far");
    } else {
      step.this_host = host->hostname;
      step.image.hosts.emplace(host->hostname, ImageOf(*host));
    }
  }
  if (report.pairs) step.image.pairs = ImageOf(*report.pairs);
  step.complete = step.missing.empty();
  const bool watched = last_step_ && last_complete_ && step.complete && step.at - *last_step_ <= stale_after_;
  if (watched) step.elapsed = step.at - *last_step_;
  return step;
}

// A host that is silent is shown as it was last read; that it is silent is no change.
void ChangeWatch::HearHosts(Step& step) {
  if (fleet_ == nullptr) {
    if (!silent_ && Worked(journal_.PutState(kSilentState, ""))) silent_ = "";
    return;
  }
  const std::map<std::string, HostImage> own = step.image.hosts;
  for (const FleetHost& host : fleet_->hosts) {
    if (host.image == nullptr || IsAmong(*host.image, own)) continue;
    step.image.hosts.emplace(host.name, *host.image);
  }
  std::string silent = SilentText(*fleet_, step.at);
  if (silent != silent_ && Worked(journal_.PutState(kSilentState, silent))) silent_ = std::move(silent);
  step.told = hearing_.Hear(*fleet_, step.now, step.at);
  first_seen_.StampTold(step.told, step.at);
}

// A sweep counts after closing when it began after it.
void ChangeWatch::CountSweep(const Report& report) {
  SteadyTime began = SteadyTime::max(), done = SteadyTime::max();
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot == nullptr || !plane.complete_steady) return;
    done = std::min(done, *plane.complete_steady);
    began = std::min(began, *plane.complete_steady - plane.snapshot->sweep.duration);
  }
  if (report.planes.empty()) {
    if (!report.host || report.host->snapshot == nullptr) return;
    const HostSnapshot& host = *report.host->snapshot;
    const Duration age = std::max(clock_.Wall() - host.taken, std::chrono::milliseconds(0));
    began = clock_.Steady() - age;
    if (host.taken == host_taken_) return;
    host_taken_ = host.taken;
    done = clock_.Steady();
  }
  if (done <= last_sweep_) return;
  last_sweep_ = done;
  for (const auto& [id, window] : windows_) {
    if (window.state != WindowState::kVerifying && window.state != WindowState::kSoaking) continue;
    const auto closed = closed_at_.find(id);
    if (closed == closed_at_.end() || began > closed->second) ++sweeps_since_[id];
  }
}

void ChangeWatch::CountErrors(const Report& report, const Step& step) {
  const auto rows = counting_.Count(report, step.now);
  if (!rows.empty()) Worked(journal_.AddErrorMinutes(rows));
  // A plane that was not seen now would drop its ports.
  if (step.complete) Worked(history_.Update(journal_, Recent(step.now), step.image, step.now, step.at));
}

void ChangeWatch::HearEvents(const Report& report) {
  if (!report.host || report.host->snapshot == nullptr) return;
  const HostSnapshot& host = *report.host->snapshot;
  if (!Unfinished()) events_.clear();
  for (const HostEvent& event : host.events) {
    if (event.sequence <= last_event_ || !Unfinished()) continue;
    Subject subject =
        event.interface.empty() ? Subject::Hca(event.device) : Subject::Interface(event.interface);
    events_.push_back({event.wall, std::move(subject), DisplayName(event.kind)});
  }
  last_event_ = host.events_seen;
  if (events_.size() <= kMostEvents) return;
  events_.erase(events_.begin(), events_.end() - static_cast<std::ptrdiff_t>(kMostEvents));
}

std::vector<Finding> ChangeWatch::Together(const std::vector<Finding>& own,
                                           const std::vector<Finding>& told) {
  std::vector<Finding> all = own;
  all.insert(all.end(), told.begin(), told.end());
  return all;
}

void ChangeWatch::Judge(Report& report, Step& step) {
  AddClockFinding(report, step.at);
  AddWindowsFinding(report, step);
  first_seen_.Stamp(report.findings, step.now, step.at);
  if (baseline_) rules::KeepToBaseline(report.findings, *baseline_, FirstUnfinished());
  rules::WeighAgainstBaseline(report.findings, report.planes, BaselineImage());
  rules::Explain(report.findings, step.windows, Around(step), step.now, step.this_host, &step.image);
  std::optional<Image> now_around;
  if (step.around) now_around = uplinks_.Around(step.image);
  rules::ChangeFacts facts;
  facts.now = now_around ? &*now_around : &step.image;
  facts.baseline = baseline_ ? Around(step) : nullptr;
  facts.complete = step.complete;
  facts.critical = CriticalStands(report.findings);
  facts.at = step.at;
  facts.windows = step.windows;
  facts.findings = report.findings;
  facts.errors = history_.errors();
  facts.events = events_;
  facts.knows_windows = knows_windows_ || step.known_of;
  facts.windows_as_of = step.known_of;
  facts.this_host = step.this_host;
  auto judged = rules::JudgeChange(std::move(state_), facts, {step.now, &settings_});
  state_ = std::move(judged.state);
  first_seen_.Stamp(judged.findings, step.now, step.at);
  rules::JoinChanges(report.findings, std::move(judged.findings));
  rules::FoldTold(step.told, report.findings, BaselineImage());
  rules::Explain(step.told, step.windows, Around(step), step.now);
  JudgeParts(report, BaselineImage());
  MoveWindows(report, step);
  Remember(report, step, judged.fit);
  AddJournalFinding(report);
  SortFindings(report.findings);
  RetimeHost(report);
  report.verdict = VerdictOf(report);
  report.windows = Recent(step.now);
  PublishWindows(step.now);
}

void ChangeWatch::Remember(const Report& report, const Step& step, bool fit) {
  NoteSnapshot(report, step);
  const bool news =
      !baseline_ || (!SameButTime(*baseline_, step.image) && !SomebodyIsSilent(report.findings));
  if (fit && news && !Unfinished()) Renew(step, "complete, without critical findings, and stable");
  if (AllHaveLooked(report)) Worked(journal_.PutFindings(Together(report.findings, step.told), step.now));
  Worked(journal_.PutState(kStateName, ToText(state_)));
}

void ChangeWatch::NoteSnapshot(const Report& report, const Step& step) {
  const bool news = !noted_ || noted_complete_ != step.complete || !SameButTime(*noted_, step.image);
  if (!news && noted_at_ && step.at - *noted_at_ < kNoteEvery) return;
  if (!AllHaveLooked(report)) return;
  const auto id =
      journal_.AddSnapshot(step.image, step.complete, VerdictOf(report), CriticalStands(report.findings));
  if (!Worked(id)) return;
  if (step.complete && !Worked(journal_.PutState(kNotedState, NotedText(ReadBootTime())))) return;
  noted_ = step.image;
  noted_id_ = *id;
  noted_at_ = step.at;
  noted_complete_ = step.complete;
}

// Makes what was last noted the baseline.
void ChangeWatch::Renew(const Step& step, std::string because) {
  if (!noted_ || !SameButTime(*noted_, step.image)) return;
  SetBaseline(*noted_, noted_id_, std::move(because));
}

// false: the journal has it not, and so it is not.
bool ChangeWatch::SetBaseline(Image image, std::int64_t id, std::string because) {
  if (!Worked(journal_.SetBaseline(id, because))) return false;
  baseline_ = std::move(image);
  baseline_id_ = id;
  Note("baseline-set", std::move(because));
  return true;
}

void ChangeWatch::AddClockFinding(Report& report, SteadyTime at) const {
  if (!jumped_ || at - jumped_->at > kJumpStands || !settings_.Enabled(rules::kClockJumped.id)) return;
  report.findings.push_back(rules::ClockJumped(settings_, jumped_->how));
}

void ChangeWatch::AddJournalFinding(Report& report) const {
  if (!failing_ || !settings_.Enabled(rules::kJournalFailing.id)) return;
  Finding finding = rules::JournalFailing(settings_, *failing_);
  finding.since = clock_.Wall();
  report.findings.push_back(std::move(finding));
}

}  // namespace aftershock::app
