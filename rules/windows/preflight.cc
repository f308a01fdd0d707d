// What has to hold before a window may be opened.
#include <algorithm>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/windows/advance.h"
#include "rules/windows/explain.h"
#include "rules/windows/place.h"

namespace aftershock::rules {
namespace {

class Checklist {
 public:
  void Critical(std::string what, std::string mend) { Add(critical_, std::move(what), std::move(mend)); }
  void Unknown(std::string what, std::string mend) { Add(unknown_, std::move(what), std::move(mend)); }

  void Stands(std::string what) { stands_.push_back(std::move(what)); }

  Preflight Take() && {
    Preflight preflight;
    preflight.stands = std::move(stands_);
    for (auto& [what, mend] : critical_) {
      preflight.critical.push_back(std::move(what));
      preflight.mend.push_back(std::move(mend));
    }
    for (auto& [what, mend] : unknown_) {
      preflight.unknown.push_back(std::move(what));
      preflight.mend.push_back(std::move(mend));
    }
    return preflight;
  }

 private:
  using Lines = std::vector<std::pair<std::string, std::string>>;
  static void Add(Lines& lines, std::string what, std::string mend) {
    lines.emplace_back(std::move(what), std::move(mend));
  }
  Lines critical_, unknown_;
  std::vector<std::string> stands_;
};

void CheckFindings(const Window& window, const PreflightFacts& facts, Checklist& list) {
  const Surroundings around(facts.latest != nullptr ? facts.latest : facts.image, facts.this_host);
  for (const Finding& finding : facts.findings) {
    if (finding.because || finding.Excused()) continue;
    const bool critical = finding.severity == Severity::kCritical;
    if (finding.severity == Severity::kNote && !finding.unknown) continue;
    const Place place = PlaceOf(finding.subject, window, around);
    if (place.score < kAttributed) continue;
    if (!critical && !finding.unknown) {
      list.Stands(fmt::format("{}: {}", Key(finding), finding.summary));
      continue;
    }
    const std::string what = fmt::format("{} stands: {}", Key(finding), finding.summary);
    const std::string mend =
        finding.advice.empty() ? "mend it, or accept it in the configuration" : finding.advice;
    if (critical) {
      list.Critical(what, mend);
    } else {
      list.Unknown(what, mend);
    }
  }
}

void CheckHosts(const PreflightFacts& facts, Checklist& list) {
  for (const std::string& silent : facts.silent)
    list.Unknown(silent, "look at its monitor (systemctl status aftershock), and at the way to it");
}

long long Minutes(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<std::chrono::minutes>(time).count();
}

void CheckState(const PreflightFacts& facts, Checklist& list) {
  if (!facts.snapshot) {
    list.Unknown("nothing was seen completely so far", "wait for the monitor's first complete sweep");
  } else if (facts.now - *facts.snapshot >= kFreshEnough) {
    list.Unknown(fmt::format("the last complete sweep is {} min old, and has to be younger than {} min",
                             Minutes(facts.now - *facts.snapshot),
                             Minutes(std::chrono::duration_cast<std::chrono::milliseconds>(kFreshEnough))),
                 "look at why the monitor's sweeps are not complete (aftershock check)");
  } else if (*facts.snapshot - facts.now >= kFreshEnough) {
    list.Unknown("the last sweep is from the future: a clock is wrong", "set the clock");
  }
  if (!facts.baseline) {
    list.Unknown(facts.baseline_lacks.empty() ? "there is no baseline" : facts.baseline_lacks,
                 "wait until the fabric has been complete and without critical findings for long enough, or "
                 "accept it as it is: aftershock baseline accept --reason …");
  }
}

// Of the ports that say that an SM runs behind them one is the master's.
bool HasStandby(const SmImage& sm) {
  return sm.ports.size() > 1;
}

void CheckSm(const PreflightFacts& facts, Checklist& list) {
  if (facts.latest == nullptr) return;
  for (const auto& [plane, fabric] : facts.latest->planes) {
    if (!fabric.sm) {
      list.Unknown(fmt::format("{}: nobody asked the subnet manager", plane),
                   "look at the monitor's findings");
      continue;
    }
    if (!fabric.sm->master) {
      list.Critical(fmt::format("{}: no subnet manager answers as master", plane),
                    "start one, and look at its log (sminfo)");
      continue;
    }
    if (facts.image == nullptr) continue;
    const auto before = facts.image->planes.find(plane);
    if (before == facts.image->planes.end() || !before->second.sm) continue;
    if (HasStandby(*before->second.sm) && !HasStandby(*fabric.sm)) {
      list.Critical(fmt::format("{}: the subnet manager had a standby, and has none now", plane),
                    "start the standby again, or accept that there is none: aftershock baseline accept");
    }
  }
}

void CheckPlan(const PreflightFacts& facts, Checklist& list) {
  if (!facts.plan_wanted) return;
  if (facts.plan == nullptr) {
    list.Unknown("what would be left without what is expected to go is not known",
                 "ask aftershock plan --without …");
    return;
  }
  std::vector<std::string> cut_off;
  for (const PlanHost& host : facts.plan->hosts) {
    if (host.cut_off) cut_off.push_back(host.name);
  }
  if (facts.plan->verdict == Verdict::kCritical) {
    list.Critical(!cut_off.empty()
                      ? fmt::format("the plan says no: {} {} would be cut off: {}", cut_off.size(),
                                    cut_off.size() == 1 ? "host" : "hosts", Listed(cut_off))
                      : "the plan says no: what is left would not carry the load, or nobody would manage it",
                  "look at aftershock plan --without …, and give these hosts another way first");
  } else if (facts.plan->verdict == Verdict::kUnknown) {
    list.Unknown(facts.plan->gaps.empty() ? "the plan does not know"
                                          : "the plan does not know: " + facts.plan->gaps.front(),
                 "look at aftershock plan --without …");
  }
}

// Somebody has announced that nobody touches this.
void CheckHandsOff(const Window& window, const PreflightFacts& facts, Checklist& list) {
  const Surroundings around(facts.latest != nullptr ? facts.latest : facts.image);
  for (const Window& other : facts.windows) {
    if (!other.hands_off || other.state != WindowState::kOpen || window.hands_off) continue;
    const bool meets = std::ranges::any_of(window.scope, [&](const ScopeItem& item) {
      return item.subject.kind == SubjectKind::kFabric || PlaceOf(item.subject, other, around).score > 0;
    });
    if (!meets) continue;
    list.Critical(
        fmt::format("{} \"{}\" is open there, and it is hands-off", WindowName(other.id), other.title),
        fmt::format("wait until {} is closed", WindowName(other.id)));
  }
}

}  // namespace

int Preflight::ExitCode() const {
  if (!critical.empty()) return aftershock::ExitCode(Verdict::kCritical);
  return aftershock::ExitCode(unknown.empty() ? Verdict::kOk : Verdict::kUnknown);
}

Preflight CheckPreflight(const Window& window, const PreflightFacts& facts) {
  Checklist list;
  CheckFindings(window, facts, list);
  CheckHosts(facts, list);
  CheckState(facts, list);
  CheckSm(facts, list);
  CheckPlan(facts, list);
  CheckHandsOff(window, facts, list);
  return std::move(list).Take();
}

}  // namespace aftershock::rules
