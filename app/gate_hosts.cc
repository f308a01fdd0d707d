#include "app/gate_hosts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/subject_text.h"
#include "rules/windows/place.h"

namespace aftershock::app {
namespace {

using fleet::Sample;
using Target = std::map<std::string, std::string>;  // what Prometheus calls a scraped monitor: its labels

// Labels of our own families; what is left of a series is its target's. Where a target has one of these, too,
// Prometheus calls ours exported_….
constexpr std::array<std::string_view, 13> kOwnLabels{"__name__",  "host",     "hca",   "port",   "guid",
                                                      "node_guid", "scope",    "name",  "status", "rule",
                                                      "subject",   "severity", "window"};
constexpr std::string_view kExported = "exported_";
// What rounding and the way may add between the three clocks.
constexpr double kAgeMargin = 1;

bool IsOwn(std::string_view label) {
  if (label.starts_with(kExported)) label.remove_prefix(kExported.size());
  return std::ranges::find(kOwnLabels, label) != kOwnLabels.end();
}

Target TargetOf(const Sample& sample) {
  Target target;
  for (const auto& [name, value] : sample.labels) {
    if (!IsOwn(name)) target.emplace(name, value);
  }
  return target;
}

std::string Label(const Sample& sample, std::string_view name) {
  for (const std::string& key : {std::string(kExported) + std::string(name), std::string(name)}) {
    if (const auto it = sample.labels.find(key); it != sample.labels.end()) return it->second;
  }
  return {};
}

std::string Called(const Target& target) {
  const auto instance = target.find("instance");
  return instance == target.end() ? "a host without instance" : instance->second;
}

// Of the host itself; a monitor may watch the fabric, too.
bool IsOfTheHost(const std::string& text, const std::vector<Guid>& nodes) {
  const auto subject = ParseSubject(text);
  if (!subject) return false;
  switch (subject->kind) {
    case SubjectKind::kThisHost:
    case SubjectKind::kHca:
    case SubjectKind::kInterface:
    case SubjectKind::kBond:
      return true;
    case SubjectKind::kHost:
    case SubjectKind::kLink:
      return std::ranges::find(nodes, subject->guid) != nodes.end();
    default:
      return false;
  }
}

// What one target tells, and how old it is.
class Telling {
 public:
  Telling(const PrometheusView& view, Target target) : view_(view), target_(std::move(target)) {
    if (const Sample* clock = Find(view.clock)) clock_ = clock->value;
    if (const Sample* scraped = Find(view.scraped)) age_ = view.now - scraped->value;
  }

  // Why nothing is known by it; none: it is.
  std::optional<std::string> Missing(const Window& window, WallTime now) const {
    const std::string called = Called(target_);
    if (!age_ || !clock_ || !std::isfinite(*age_) || !std::isfinite(*clock_))
      return called + " is not scraped now, or by an aftershock that does not tell the time";
    if (*age_ > kFreshSeconds) return fmt::format("{} was last scraped {:.0f} s ago", called, *age_);
    if (window.closed && Ours(now, *age_) < *window.closed)
      return called + " was not scraped since the window was closed";
    const Sample* status = Find(view_.status);
    if (status == nullptr) return called + " does not say how it is (aftershock_status)";
    if (Label(*status, "status") == ToString(Verdict::kUnknown)) return called + " does not know how it is";
    return std::nullopt;
  }

  // When it began, by our clock; none: nobody says.
  std::optional<WallTime> Began(const Sample& finding, WallTime now) const {
    for (const Sample& since : view_.since) {
      if (Label(since, "rule") != Label(finding, "rule") ||
          Label(since, "subject") != Label(finding, "subject"))
        continue;
      if (TargetOf(since) != target_ || !clock_ || !age_) continue;
      const double stood = *clock_ - since.value + *age_;
      if (std::isfinite(stood)) return Ours(now, stood);
    }
    return std::nullopt;
  }

  // Of its ports, which are series of their own and may be younger than the host.
  double SeenSeconds() const {
    double most = 0;
    for (const Sample& seen : view_.seen) {
      if (IsIts(seen) && std::isfinite(seen.value)) most = std::max(most, seen.value);
    }
    return most;
  }

  bool IsIts(const Sample& sample) const { return TargetOf(sample) == target_; }

 private:
  const Sample* Find(const std::vector<Sample>& samples) const {
    const auto it = std::ranges::find_if(samples, [&](const Sample& s) { return TargetOf(s) == target_; });
    return it == samples.end() ? nullptr : &*it;
  }
  static WallTime Ours(WallTime now, double ago) {
    constexpr double kYears = 1e9;  // seconds; nothing that is watched is older
    return now -
           std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(ago, -kYears, kYears) * 1000));
  }

  const PrometheusView& view_;
  const Target target_;
  std::optional<double> clock_, age_;
};

bool InTime(const Window& window, std::optional<WallTime> began) {
  if (!window.opened) return false;
  if (!began) return true;
  const auto margin = std::chrono::milliseconds(static_cast<std::int64_t>(kAgeMargin * 1000));
  return *began + margin >= *window.opened && (!window.ended || *began <= *window.ended);
}

void JudgeFinding(const Window& window, const HostInScope& host, const Sample& finding, HostsSay& say) {
  const bool critical = Label(finding, "severity") == ToString(Severity::kCritical);
  std::string line =
      fmt::format("{}: {} {} ({}), since the window was opened", host.text, Label(finding, "rule"),
                  Label(finding, "subject"), Label(finding, "severity"));
  const bool fails = window.state == WindowState::kSoaking || window.state == WindowState::kPassed;
  auto& list = critical && fails ? say.against : say.awaited;
  if (std::ranges::find(list, line) == list.end()) list.push_back(std::move(line));
}

// A host that was not scraped for a while was not watched then, as with the monitor's own soak.
void AwaitSeen(const Window& window, const HostInScope& host, const PrometheusView& view, double seen,
               HostsSay& say) {
  if (window.state != WindowState::kPassed) return;
  const double wanted = ToSeconds(window.verify + window.soak);
  const double lacks = wanted - seen;
  if (lacks <= 2 * view.seen_step + kAgeMargin) return;
  say.awaited.push_back(fmt::format(
      "{} was scraped for {:.0f} s of the {:.0f} s that had to be watched since the closing: {:.0f} s more",
      host.text, seen, wanted, lacks));
}

void JudgeHost(const Window& window, const HostInScope& host, const PrometheusView& view, WallTime now,
               HostsSay& say) {
  std::set<Target> targets;
  for (const Sample& info : view.info) {
    const auto guid = ParseGuid(Label(info, "node_guid"));
    if (guid && std::ranges::find(host.nodes, *guid) != host.nodes.end()) targets.insert(TargetOf(info));
  }
  if (targets.empty()) {
    say.missing.push_back(fmt::format(
        "{} does not report: Prometheus has no aftershock_host_info of its GUIDs now", host.text));
    return;
  }
  bool known = false;
  double seen = 0;
  std::vector<std::string> missing;
  for (const Target& target : targets) {
    const Telling telling(view, target);
    if (auto why = telling.Missing(window, now)) {
      missing.push_back(fmt::format("{} does not report: {}", host.text, *why));
    } else {
      known = true;
      seen = std::max(seen, telling.SeenSeconds());
    }
    for (const Sample& finding : view.findings) {
      if (!telling.IsIts(finding) || !IsOfTheHost(Label(finding, "subject"), host.nodes)) continue;
      if (InTime(window, telling.Began(finding, now))) JudgeFinding(window, host, finding, say);
    }
  }
  // Scraped twice, as by two jobs, it is known when one of them knows.
  if (!known) {
    std::ranges::move(missing, std::back_inserter(say.missing));
  } else {
    AwaitSeen(window, host, view, seen, say);
  }
}

}  // namespace

std::vector<HostInScope> HostsInScope(const Window& window, const Image* image) {
  std::vector<HostInScope> hosts;
  const rules::Surroundings around(image);
  for (const ScopeItem& item : window.scope) {
    if (item.subject.kind != SubjectKind::kHost && item.subject.kind != SubjectKind::kThisHost) continue;
    const std::set<Guid> nodes = around.NodesOf(item);
    hosts.push_back({item.text, {nodes.begin(), nodes.end()}});
  }
  return hosts;
}

HostsSay JudgeHosts(const Window& window, std::span<const HostInScope> hosts, const PrometheusView& view,
                    WallTime now) {
  HostsSay say;
  for (const HostInScope& host : hosts) JudgeHost(window, host, view, now, say);
  // While it is open, what is done to a host shows.
  if (window.state == WindowState::kOpen || window.state == WindowState::kPlanned) {
    say.against.clear();
    say.awaited.clear();
  }
  return say;
}

}  // namespace aftershock::app
