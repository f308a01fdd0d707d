#include "app/plane.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/judge.h"

namespace aftershock::app {
namespace {

// A sweep that saw nothing but our own node went out by a port that leads nowhere.
bool ReachedTheFabric(const FabricSnapshot& snapshot) {
  return snapshot.sweep.complete || std::ranges::any_of(snapshot.nodes, [](const Node& node) {
           return node.answer == Answer::kAnswered && !node.route.empty();
         });
}

}  // namespace

Finding CannotLook(const std::string& why, const Settings& settings) {
  constexpr std::string_view kRule = "sweep-incomplete";
  const RuleSpec* rule = rules::FindRule(kRule);
  Finding finding;
  finding.rule = kRule;
  finding.severity = rule == nullptr ? Severity::kWarning : settings.SeverityOf(*rule);
  finding.unknown = true;
  finding.subject = Subject::Fabric();
  finding.summary = fmt::format("The fabric could not be looked at: {}.", Printable(why));
  finding.advice =
      "Nothing is known about the fabric: remove the cause and look again. What this machine's ports do is "
      "in ibstat.";
  return finding;
}

Plane::Plane(std::unique_ptr<Entrance> entrance, const Clock& clock, const Settings& settings)
    : clock_(&clock), settings_(&settings) {
  result_.report.plane = entrance->Name();
  entrances_.push_back(std::move(entrance));
}

const PlaneResult& Plane::Sweep(std::stop_token stop, const fabric::ProgressCallback& progress) {
  std::optional<Result<FabricSnapshotPtr>> failure;
  for (std::size_t i = 0; i < entrances_.size() && !(failure && stop.stop_requested()); ++i) {
    auto swept = entrances_[current_]->Sweep(stop, progress);
    if (swept && (ReachedTheFabric(**swept) || stop.stop_requested())) {
      Judge(*swept);
      return result_;
    }
    // The first entrance's reason is told, unless only another one saw something.
    if (!failure || (!*failure && swept)) failure = std::move(swept);
    current_ = (current_ + 1) % entrances_.size();
  }
  if (*failure) {
    Judge(**failure);
  } else {
    NoWayIn(failure->error());
  }
  return result_;
}

void Plane::Tell(std::vector<Finding> findings) {
  std::vector<std::string> own;
  for (const Finding& finding : findings) own.push_back(Key(finding));
  result_.report.own = std::make_shared<const std::vector<std::string>>(std::move(own));
  result_.findings = std::move(findings);
}

void Plane::Judge(FabricSnapshotPtr snapshot) {
  const rules::Context context{clock_->Wall(), settings_};
  auto judgement = rules::JudgeFabric(std::move(state_), *snapshot, context);
  state_ = std::move(judgement.state);
  Tell(std::move(judgement.findings));
  loads_.Add(*snapshot);
  PlaneReport& report = result_.report;
  report.loads = std::make_shared<const PortLoads>(loads_.Loads());
  report.routing = std::move(judgement.routing);
  report.verdict = judgement.verdict;
  const SweepReport& sweep = snapshot->sweep;
  if (sweep.complete) {
    report.complete = sweep.started + std::chrono::duration_cast<std::chrono::milliseconds>(sweep.duration);
    report.complete_steady = sweep.started_steady + sweep.duration;
  } else {
    // Whatever the configuration switches off or accepts: what was not read is not OK.
    report.verdict = std::max(report.verdict, Verdict::kUnknown);
  }
  report.snapshot = std::move(snapshot);
  no_way_in_since_.reset();
}

void Plane::NoWayIn(const Error& error) {
  if (!no_way_in_since_) no_way_in_since_ = clock_->Wall();
  Finding finding = CannotLook(error.what, *settings_);
  finding.since = no_way_in_since_;
  Tell({std::move(finding)});
  result_.report.verdict = Verdict::kUnknown;
}

bool Plane::Reaches(const Plane& other) const {
  const FabricSnapshotPtr& seen = result_.report.snapshot;
  if (seen == nullptr || !ReachedTheFabric(*seen)) return false;
  const auto ours = [&](const std::unique_ptr<Entrance>& entrance) {
    const Guid guid = entrance->PortGuid();
    if (guid == Guid{}) return false;
    const auto here = [guid](const Port& port) { return port.guid == guid && port.peer.has_value(); };
    return std::ranges::any_of(seen->nodes, [&](const Node& node) {
      return !node.IsSwitch() && std::ranges::any_of(node.ports, here);
    });
  };
  return std::ranges::any_of(other.entrances_, ours);
}

std::vector<fabric::Doorway> Plane::Doorways() const {
  std::vector<fabric::Doorway> doorways;
  for (const auto& entrance : entrances_) {
    if (auto doorway = entrance->Beside()) doorways.push_back(std::move(*doorway));
  }
  return doorways;
}

void Plane::Join(Plane&& other) {
  std::ranges::move(other.entrances_, std::back_inserter(entrances_));
  other.entrances_.clear();
}

}  // namespace aftershock::app
