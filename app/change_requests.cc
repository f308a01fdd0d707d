// What commands ask of the monitor, and how it shows that it is alive.
#include <time.h>

#include <charconv>
#include <fstream>

#include <fmt/format.h>

#include "app/change_watch.h"
#include "rules/windows/accept_into.h"
#include "rules/windows/advance.h"

namespace aftershock::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPruneEvery = std::chrono::hours(1);
constexpr Duration kBeatEvery = seconds(5), kDeadAfter = seconds(30);
// The wall clock may drift by so much between two beats, corrected by whoever corrects it.
constexpr milliseconds kJump = seconds(5);

}  // namespace

BootTime ReadBootTime() {
  BootTime boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot.id;
  timespec time{};
  if (clock_gettime(CLOCK_BOOTTIME, &time) == 0)
    boot.since = seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  return boot;
}

std::string NotedText(const BootTime& boot) {
  return fmt::format("{} {}", boot.id, std::chrono::duration_cast<milliseconds>(boot.since).count());
}

std::optional<Duration> AgeOfNoted(std::string_view text, const BootTime& boot) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || boot.id.empty() || text.substr(0, space) != boot.id)
    return std::nullopt;
  text.remove_prefix(space + 1);
  std::int64_t noted = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), noted);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const milliseconds now = std::chrono::duration_cast<milliseconds>(boot.since);
  if (noted < 0 || noted > now.count()) return std::nullopt;
  return now - milliseconds(noted);
}

void ChangeWatch::Poll() {
  const std::lock_guard lock(mutex_);
  const SteadyTime at = clock_.Steady();
  if (!begun_) begun_ = at;
  // A monitor that looks no more is as good as dead to who waits for its verdict.
  const bool looks = at - last_step_.value_or(*begun_) <= stale_after_;
  if (looks && (!last_beat_ || at - *last_beat_ >= kBeatEvery)) Beat();
  if (at - last_prune_.value_or(*begun_) >= kPruneEvery) {
    last_prune_ = at;
    Worked(journal_.Prune({}, clock_.Wall()));
  }
  const auto requests = journal_.UnansweredRequests();
  if (!Worked(requests)) return;
  for (const Request& request : *requests) Answer(request);
}

void ChangeWatch::Beat() {
  const BootTime boot = ReadBootTime();
  journal::Heartbeat beat{clock_.Wall(), boot.id, boot.since, by_, kDeadAfter};
  if (beat_ && beat_->boot_id == beat.boot_id) {
    const auto passed = std::chrono::duration_cast<milliseconds>(beat.boot_time - beat_->boot_time);
    const auto jumped = beat.wall - beat_->wall - passed;
    if (std::chrono::abs(jumped) > kJump) {
      const std::string text =
          fmt::format("the clock was set {} by {:.0f} s", jumped.count() > 0 ? "forward" : "back",
                      static_cast<double>(std::abs(jumped.count())) / 1000);
      log_->warn("{}", text);
      Note("clock-jumped", text);
      jumped_ = Jump{text, clock_.Steady()};
    }
  }
  if (!Worked(journal_.Beat(beat))) return;
  beat_ = std::move(beat);
  last_beat_ = clock_.Steady();
}

void ChangeWatch::Note(std::string kind, std::string text) {
  log_->info("{}", text);
  Worked(journal_.AddEvent({0, clock_.Wall(), std::move(kind), "fabric", std::move(text)}));
}

void ChangeWatch::Answer(const Request& request) {
  const WallTime now = first_seen_.Forward(clock_.Wall());
  auto refused = request.kind == RequestKind::kAccept ? Accept(request) : AnswerWindow(request, now);
  if (failing_) return;  // it is asked again
  Worked(journal_.Answer(request.id, std::move(refused)));
}

// Returns why it is refused.
std::optional<std::string> ChangeWatch::AnswerWindow(const Request& request, WallTime now) {
  failing_.reset();
  if (request.kind == RequestKind::kOpen && !source_.empty())
    return fmt::format("windows are announced at {}, as windows.source says: open it there", source_);
  if (!windows_.contains(request.window)) {
    auto window = journal_.FindWindow(request.window);
    if (!Worked(window)) return std::nullopt;
    if (!*window) return fmt::format("there is no window {}", WindowName(request.window));
    windows_.emplace(request.window, std::move(**window));
  }
  auto answered = rules::Apply(windows_.at(request.window), request, now);
  if (answered.refused) return answered.refused;
  Window& window = answered.window;
  if (window == windows_.at(request.window)) return std::nullopt;  // done before
  if (request.kind == RequestKind::kOpen && baseline_) window.baseline = baseline_id_;
  if (request.kind == RequestKind::kOpen || request.kind == RequestKind::kClose) first_seen_.ForgetAbsent();
  if (!Worked(journal_.PutWindow(window))) return std::nullopt;
  if (request.kind == RequestKind::kClose) closed_at_[window.id] = clock_.Steady();
  put_[window.id] = window.watched;
  Note("window",
       fmt::format("{} is {}, asked by {}", WindowName(window.id), ToString(window.state), request.by));
  windows_.at(request.window) = std::move(window);
  PublishWindows(now);
  return std::nullopt;
}

std::optional<std::string> ChangeWatch::Accept(const Request& request) {
  failing_.reset();
  if (!noted_ || !noted_complete_) return "nothing was seen completely so far";
  const std::string because = fmt::format("accepted by {}: {}", request.by, request.reason);
  std::int64_t id = noted_id_;
  Image accepted = *noted_;
  if (!request.subject.empty()) {
    if (!baseline_) return "there is no baseline to accept a part into: accept all of it";
    const auto item = rules::ResolveSubject(request.subject, *noted_, &*baseline_);
    if (!item) return item.error().what;
    accepted = rules::AcceptInto(*baseline_, *noted_, *item);
    accepted.taken = noted_->taken;
    const auto added = journal_.AddSnapshot(accepted, true, Verdict::kOk, false);
    if (!Worked(added)) return std::nullopt;
    id = *added;
  }
  SetBaseline(std::move(accepted), id, because);
  return std::nullopt;
}

}  // namespace aftershock::app
