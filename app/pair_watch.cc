#include "app/pair_watch.h"

#include <algorithm>
#include <utility>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::app {
namespace {

constexpr int kPatience = 5;  // times the time that an answer should take

bool SameWays(const std::vector<fabric::Doorway>& a, const std::vector<fabric::Doorway>& b) {
  return std::ranges::equal(a, b, [](const fabric::Doorway& x, const fabric::Doorway& y) {
    return x.entrance == y.entrance && x.port_guid == y.port_guid && x.transport == y.transport;
  });
}

}  // namespace

PairWatch::PairWatch(const Settings& settings, const Clock& clock, fabric::LivenessOptions options,
                     Duration stale_after, bool asking, OnResult on_result)
    : settings_(settings),
      clock_(clock),
      options_(options),
      stale_after_(stale_after),
      asking_(asking),
      on_result_(std::move(on_result)) {}

PairWatch::~PairWatch() = default;

MadCount PairWatch::PlaneAsk::Sent() const {
  if (probe == nullptr) return before;
  const MadCount now = probe->Sent();
  return {before.sent + now.sent, before.answered + now.answered, before.timeouts + now.timeouts,
          before.errors + now.errors, before.dropped + now.dropped};
}

PairsReport PairWatch::Unasked() const {
  PairsReport report;
  report.stale_after = stale_after_;
  for (const PairGroup& group : settings_.pairs) {
    PairReport& pair = report.pairs.emplace_back();
    pair.name = group.name;
    pair.must_live = group.must_live;
    for (const PairMember& member : group.members) {
      MemberReport& unasked = pair.members.emplace_back();
      unasked.text = unasked.name = member.text;
      unasked.because = "it was not asked so far";
    }
  }
  return report;
}

void PairWatch::TakeSweep(const Report& report, const PlaneSet& planes) {
  {
    const std::lock_guard lock(mutex_);
    swept_ = report;
  }
  Judge({});
  if (asking_ && !settings_.pairs.empty()) Plan(report, planes);
}

void PairWatch::Plan(const Report& report, const PlaneSet& planes) {
  const std::lock_guard probing(probing_);
  std::map<std::string, PlaneAsk> before = std::exchange(planes_, {});
  for (const Plane& plane : planes.planes()) {
    const auto seen = std::ranges::find(report.planes, plane.name(), &PlaneReport::plane);
    if (seen == report.planes.end() || seen->snapshot == nullptr) continue;
    std::vector<Guid> members;
    {
      const std::lock_guard lock(mutex_);
      members = rules::SwitchesToAsk(state_, plane.name());
    }
    PlaneAsk& ask = planes_[plane.name()];
    if (auto old = before.find(plane.name()); old != before.end()) ask = std::move(old->second);
    auto doorways = plane.Doorways();
    ask.targets = fabric::PlanLiveness(*seen->snapshot, members, doorways, std::move(ask.targets));
    if (ask.probe != nullptr && SameWays(ask.probe->doorways(), doorways)) continue;
    ask.before = ask.Sent();
    ask.probe = std::make_unique<fabric::LivenessProbe>(plane.name(), std::move(doorways), clock_, options_);
  }
}

void PairWatch::Ask(std::stop_token stop) {
  std::vector<LivenessRound> rounds;
  {
    const std::lock_guard probing(probing_);
    for (auto& [name, plane] : planes_) {
      if (stop.stop_requested()) break;
      rounds.push_back(plane.probe->Ask(plane.targets, stop));
      const std::lock_guard lock(mutex_);
      mads_[name] = plane.Sent();
    }
  }
  // What a stopped round did not hear says nothing.
  if (!stop.stop_requested() && !rounds.empty()) Judge(std::move(rounds));
}

bool PairWatch::MissesMembers() {
  const std::lock_guard probing(probing_);
  const std::lock_guard lock(mutex_);
  const auto asked = [&](const MemberMemory& member) {
    const auto plane = planes_.find(member.plane);
    return plane != planes_.end() &&
           std::ranges::count(plane->second.targets, member.guid, &fabric::LivenessTarget::guid) != 0;
  };
  return std::ranges::any_of(state_.members,
                             [&](const auto& group) { return !std::ranges::all_of(group.second, asked); });
}

void PairWatch::Judge(std::vector<LivenessRound> rounds) {
  const std::lock_guard lock(mutex_);
  rules::PairFacts facts;
  for (const PlaneReport& plane : swept_.planes) {
    facts.planes.push_back({plane.plane, plane.snapshot.get(), swept_.findings});
  }
  facts.rounds = rounds;
  facts.at = clock_.Steady();
  facts.asking = asking_;
  const rules::Context context{clock_.Wall(), &settings_};
  auto judgement = rules::JudgePairs(std::move(state_), facts, context);
  state_ = std::move(judgement.state);
  judgement.report.stale_after = stale_after_;
  judgement.report.mads = mads_;
  on_result_({std::move(judgement.report), std::move(judgement.findings), context.now});
}

fabric::LivenessOptions LivenessOptionsOf(const FabricConfig& config, std::uint64_t m_key) {
  using std::chrono::milliseconds;
  const auto interval = std::chrono::duration_cast<milliseconds>(config.pair_interval);
  fabric::LivenessOptions options;
  options.m_key = m_key;
  options.late_after = config.limits.timeout;
  options.timeout = std::max(options.late_after, std::min(kPatience * options.late_after, interval));
  return options;
}

Duration PairsStaleAfter(const FabricConfig& config) {
  return 10 * config.pair_interval + config.deadline;
}

}  // namespace aftershock::app
