#include "rules/routing/blame.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/routing/table.h"
#include "rules/view.h"

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;
using Leads = RoutingMap::Leads;

// More faults of one rule than that are not read one by one.
constexpr std::size_t kMostFaults = 16;
constexpr std::size_t kShownSwitches = 8;

std::int64_t Count(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::string SwitchName(const RoutingMap& map, Index sw) {
  return NameOf(*map.switches()[sw].node);
}

std::string SwitchName(const RoutingMap& map, Index sw, std::uint8_t port) {
  return fmt::format("{} port {}", SwitchName(map, sw), port);
}

// "leaf01 port 19 to spine02 port 3"
std::string ExitName(const RoutingMap& map, Index sw, std::uint8_t port) {
  const RoutingMap::Exit& exit = map.switches()[sw].ExitBy(port);
  if (exit.leads == Leads::kSwitch)
    return fmt::format("{} to {}", SwitchName(map, sw, port), SwitchName(map, exit.to, exit.entry));
  if (exit.leads == Leads::kEnd) {
    const RoutingMap::End& end = map.ends()[exit.to];
    return fmt::format("{} to {}", SwitchName(map, sw, port), NameOf(*end.node, *end.port));
  }
  return SwitchName(map, sw, port);
}

std::string TargetName(const RoutingMap& map, Target target) {
  if (target >= map.ends().size()) return SwitchName(map, target - static_cast<Target>(map.ends().size()));
  const RoutingMap::End& end = map.ends()[target];
  return NameOf(*end.node, *end.port);
}

std::string TargetsText(const RoutingMap& map, const Cut& cut) {
  return cut.targets == 1 ? TargetName(map, cut.some.front()) : fmt::format("{} ports", cut.targets);
}

std::vector<Evidence> EvidenceOf(const RoutingMap& map, const Cut& cut) {
  std::vector<Evidence> evidence{{"ways cut", Count(cut.ways), "ways from a port to a LID"},
                                 {"to", std::int64_t{cut.targets}, "ports"}};
  std::vector<std::string> names;
  for (const Target target : cut.some) names.push_back(TargetName(map, target));
  evidence.push_back({cut.some.size() < cut.targets ? "among them" : "they are",
                      fmt::format("{}", fmt::join(names, ", ")), ""});
  return evidence;
}

RouteFault Make(const RuleSpec& rule, Subject subject, std::string summary, std::vector<Evidence> evidence) {
  RouteFault fault;
  fault.rule = rule.id;
  fault.subject = std::move(subject);
  fault.summary = std::move(summary);
  fault.evidence = std::move(evidence);
  return fault;
}

Subject SubjectOfExit(const RoutingMap& map, ExitKey at) {
  const Node& node = *map.switches()[at.sw].node;
  Subject subject = Subject::Link({node.guid, at.port});
  if (node.duplicate) subject.route = RouteText(node);
  return subject;
}

// What is too much to list becomes one fault that counts the rest.
class Faults {
 public:
  Faults(const RuleSpec& rule, std::string_view rest) : rule_(rule), rest_(rest) {}

  void Add(RouteFault fault, std::uint64_t ways) {
    if (faults_.size() < kMostFaults) {
      faults_.push_back(std::move(fault));
      return;
    }
    ++more_;
    ways_ += ways;
  }

  std::vector<RouteFault> Take() {
    if (more_ != 0) {
      faults_.push_back(Make(rule_, Subject::Fabric(), fmt::format(fmt::runtime(rest_), more_),
                             {{"ways cut", Count(ways_), "ways from a port to a LID"}}));
    }
    return std::move(faults_);
  }

 private:
  const RuleSpec& rule_;
  std::string_view rest_;
  std::vector<RouteFault> faults_;
  std::uint64_t more_ = 0, ways_ = 0;
};

void Append(std::vector<RouteFault>& all, std::vector<RouteFault> more) {
  std::ranges::move(more, std::back_inserter(all));
}

std::vector<RouteFault> DeadEnds(const RoutingMap& map, const WalkResult& walk) {
  Faults faults(kRouteDeadEnd, "{} more exits of switches that carry nothing are in forwarding tables");
  for (const auto& [at, cut] : walk.dead_ends) {
    const Port* port = map.switches()[at.sw].node->FindPort(at.port);
    const std::string what = port == nullptr || !port->info ? "which it does not have"
                             : !port->Linked()              ? "which has no signal"
                                                            : "which is not Active";
    RouteFault fault = Make(kRouteDeadEnd, SubjectOfExit(map, at),
                            fmt::format("{} sends what is for {} out of port {}, {}", SwitchName(map, at.sw),
                                        TargetsText(map, cut), at.port, what),
                            EvidenceOf(map, cut));
    fault.switches = {map.switches()[at.sw].node->guid};
    faults.Add(std::move(fault), cut.ways);
  }
  return faults.Take();
}

std::vector<RouteFault> WrongExits(const RoutingMap& map, const WalkResult& walk) {
  Faults faults(kRouteWrongExit, "{} more exits of switches lead to ports whose LIDs they are not");
  for (const auto& [at, cut] : walk.wrong_exits) {
    const RoutingMap::Exit& exit = map.switches()[at.sw].ExitBy(at.port);
    const std::string summary =
        exit.leads == Leads::kEnd
            ? fmt::format("{} sends what is for {} out of port {}, to {}", SwitchName(map, at.sw),
                          TargetsText(map, cut), at.port, TargetName(map, exit.to))
            : fmt::format("{} keeps what is for {} to itself", SwitchName(map, at.sw), TargetsText(map, cut));
    RouteFault fault = Make(kRouteWrongExit, SubjectOfExit(map, at), summary, EvidenceOf(map, cut));
    fault.switches = {map.switches()[at.sw].node->guid};
    faults.Add(std::move(fault), cut.ways);
  }
  return faults.Take();
}

std::vector<RouteFault> Loops(const RoutingMap& map, const WalkResult& walk) {
  Faults faults(kRouteLoop, "Packets circle at {} more places");
  for (const auto& [at, loop] : walk.loops) {
    std::vector<std::string> names;
    for (const ExitKey& exit : loop.cycle) names.push_back(SwitchName(map, exit.sw));
    names.resize(std::min(names.size(), kShownSwitches));
    RouteFault fault =
        Make(kRouteLoop, SubjectOfExit(map, at),
             fmt::format("What is for {} circles between {}{}", TargetsText(map, loop.cut),
                         fmt::join(names, ", "), names.size() < loop.cycle.size() ? " and others" : ""),
             EvidenceOf(map, loop.cut));
    std::vector<Channel> cycle;
    for (const ExitKey& exit : loop.cycle) {
      cycle.push_back({exit.sw, exit.port, 0});
      fault.switches.push_back(map.switches()[exit.sw].node->guid);
    }
    fault.evidence.push_back({"circle", CycleText(map, cycle, false), ""});
    faults.Add(std::move(fault), loop.cut.ways);
  }
  return faults.Take();
}

// Entries that are missing, as pairs of a switch and a target: again and again that switch or target is taken
// which explains most of what is left.
class MissingEntries {
 public:
  MissingEntries(const RoutingMap& map, const WalkResult& walk)
      : map_(map),
        walk_(walk),
        switches_(map.switches().size()),
        misses_(switches_),
        missed_(walk.targets),
        switch_told_(switches_),
        target_told_(walk.targets) {
    for (Index s = 0; s < switches_; ++s) {
      for (Target t = 0; t < walk_.targets; ++t) {
        if (WaysCut(s, t) != 0) ++misses_[s], ++missed_[t];
      }
    }
  }

  std::vector<RouteFault> Take() {
    std::vector<RouteFault> faults;
    while (faults.size() < kMostFaults) {
      const auto s = static_cast<Index>(std::ranges::max_element(misses_) - misses_.begin());
      const auto t = static_cast<Target>(std::ranges::max_element(missed_) - missed_.begin());
      if (misses_[s] == 0) return faults;
      faults.push_back(misses_[s] >= missed_[t] ? OfSwitch(s, TellSwitch(s)) : OfTarget(t, TellTarget(t)));
    }
    const auto rest = std::ranges::count_if(misses_, [](std::uint32_t n) { return n != 0; });
    if (rest != 0) {
      faults.push_back(Make(kRouteMissing, Subject::Fabric(),
                            fmt::format("Entries are missing at {} more switches", rest),
                            {{"switches", std::int64_t{rest}, fmt::format("of {}", switches_)}}));
    }
    return faults;
  }

 private:
  // 0 also for what was told.
  std::uint32_t WaysCut(Index s, Target t) const {
    return switch_told_[s] || target_told_[t] ? 0 : walk_.missing[s * walk_.targets + t];
  }

  Cut TellSwitch(Index s) {
    Cut cut;
    for (Target t = 0; t < walk_.targets; ++t) {
      const std::uint32_t ways = WaysCut(s, t);
      if (ways == 0) continue;
      cut.Add(t, ways);
      --missed_[t];
    }
    misses_[s] = 0;
    switch_told_[s] = true;
    return cut;
  }

  // With the switches that miss it in place of targets.
  Cut TellTarget(Target t) {
    Cut cut;
    for (Index s = 0; s < switches_; ++s) {
      const std::uint32_t ways = WaysCut(s, t);
      if (ways == 0) continue;
      cut.Add(s, ways);
      --misses_[s];
    }
    missed_[t] = 0;
    target_told_[t] = true;
    return cut;
  }

  RouteFault OfSwitch(Index s, const Cut& cut) const {
    const Node& node = *map_.switches()[s].node;
    RouteFault fault = Make(kRouteMissing, SubjectOf(node),
                            fmt::format("{} has no way to {}", SwitchName(map_, s), TargetsText(map_, cut)),
                            EvidenceOf(map_, cut));
    fault.switches = {node.guid};
    return fault;
  }

  RouteFault OfTarget(Target t, const Cut& cut) const {
    Subject subject;
    if (t < map_.ends().size()) {
      subject = SubjectOf(*map_.ends()[t].node, *map_.ends()[t].port);
    } else {
      subject = SubjectOf(*map_.switches()[t - map_.ends().size()].node);
    }
    std::vector<std::string> names;
    RouteFault fault =
        Make(kRouteMissing, std::move(subject),
             fmt::format("{} switches have no way to {}", cut.targets, TargetName(map_, t)), {});
    for (const Index s : cut.some) {
      names.push_back(SwitchName(map_, s));
      fault.switches.push_back(map_.switches()[s].node->guid);
    }
    fault.evidence = {{"ways cut", Count(cut.ways), "ways from a port to a LID"},
                      {"at", std::int64_t{cut.targets}, fmt::format("of {} switches", switches_)},
                      {cut.some.size() < cut.targets ? "among them" : "they are",
                       fmt::format("{}", fmt::join(names, ", ")), ""}};
    return fault;
  }

  const RoutingMap& map_;
  const WalkResult& walk_;
  const std::size_t switches_;
  std::vector<std::uint32_t> misses_, missed_;  // pairs that are not told of, by switch and by target
  std::vector<bool> switch_told_, target_told_;
};

RouteFault Unrouted(const WalkResult& walk) {
  RouteFault fault = Make(
      kRouteMissing, Subject::Fabric(),
      fmt::format("{} of {} ways from switches to other switches are in no table", walk.unrouted,
                  walk.between_switches),
      {{"ways between switches missing", Count(walk.unrouted), fmt::format("of {}", walk.between_switches)}});
  fault.severity = Severity::kNote;
  return fault;
}

}  // namespace

std::string CycleText(const RoutingMap& map, const std::vector<Channel>& cycle, bool by_lane) {
  constexpr std::size_t kShown = 32;
  std::vector<std::string> names;
  for (const Channel& c : cycle) {
    if (names.size() == kShown) break;
    names.push_back(ExitName(map, c.sw, c.port) + (by_lane ? fmt::format(" on VL{}", c.vl) : ""));
  }
  return fmt::format(
      "{}{}", fmt::join(names, ", "),
      names.size() < cycle.size() ? fmt::format(" and {} more", cycle.size() - names.size()) : ", and so on");
}

std::vector<RouteFault> FaultsOf(const RoutingMap& map, const WalkResult& walk) {
  std::vector<RouteFault> faults;
  if (!walk.missing.empty()) Append(faults, MissingEntries(map, walk).Take());
  if (walk.unrouted != 0 &&
      std::ranges::none_of(faults, [](const RouteFault& f) { return f.subject == Subject::Fabric(); }))
    faults.push_back(Unrouted(walk));
  Append(faults, DeadEnds(map, walk));
  Append(faults, Loops(map, walk));
  Append(faults, WrongExits(map, walk));
  return faults;
}

std::vector<RouteFault> FaultsOf(const RoutingMap& map, const Credits& credits) {
  using Verdict = Credits::Verdict;
  if (credits.verdict == Verdict::kFree) return {};
  if (credits.verdict == Verdict::kAdaptive) {
    const auto adaptive = std::ranges::count_if(map.switches(), &RoutingMap::Switch::adaptive);
    RouteFault fault =
        Make(kCreditLoop, Subject::Fabric(),
             fmt::format("Credit loops are not judged: {} switches route adaptively", adaptive),
             {{"adaptive switches", std::int64_t{adaptive}, fmt::format("of {}", map.switches().size())}});
    fault.severity = Severity::kNote;
    return {std::move(fault)};
  }
  const auto shortest =
      std::ranges::min_element(credits.knots, {}, [](const Knot& k) { return k.cycle.size(); });
  std::set<ExitKey> channels;
  for (const Knot& knot : credits.knots) {
    for (const Channel& c : knot.channels) channels.insert({c.sw, c.port});
  }
  const bool by_sl = credits.verdict == Verdict::kBySl;
  RouteFault fault = Make(
      kCreditLoop, Subject::Fabric(),
      by_sl ? fmt::format("{} links may wait for each other in a circle, unless service levels part them: {}",
                          channels.size(), credits.because)
            : fmt::format("{} directions of links can wait for each other in a circle of {}", channels.size(),
                          shortest->cycle.size()),
      {{"channels on cycles", Count(channels.size()), "directions of links"},
       {"separate knots", Count(credits.knots.size()), "knots"},
       {"a shortest cycle", CycleText(map, shortest->cycle, credits.by_lane), ""}});
  fault.unknown = by_sl;
  if (by_sl) fault.severity = Severity::kWarning;
  return {std::move(fault)};
}

std::vector<RouteFault> UnreadTables(const RoutingMap& map) {
  const auto touched = [](const RoutingMap::Switch& sw) {
    return sw.node->tables.linear.table != nullptr || sw.node->tables.linear.answer != Answer::kNotAsked;
  };
  if (std::ranges::none_of(map.switches(), touched)) return {};
  std::vector<std::string> names;
  std::size_t moving = 0;
  const Node* only = nullptr;
  for (const RoutingMap::Switch& sw : map.switches()) {
    // A node that does not answer at all is node-unresponsive's.
    if (sw.table != nullptr || Missing(sw.node->answer)) continue;
    only = names.empty() ? sw.node : nullptr;
    names.push_back(NameOf(*sw.node));
    if (sw.node->tables.linear.unstable) ++moving;
  }
  if (names.empty()) return {};
  RouteFault fault =
      Make(kRoutingUnread, only != nullptr ? SubjectOf(*only) : Subject::Fabric(),
           names.size() == 1
               ? fmt::format("The forwarding table of {} {}", names.front(),
                             moving != 0 ? "changed while it was read" : "could not be read")
               : fmt::format("The forwarding tables of {} of {} switches could not be read{}", names.size(),
                             map.switches().size(), moving == 0 ? "" : ", or changed while they were read"),
           {{"switches", Count(names.size()), fmt::format("of {}", map.switches().size())},
            {"changed while read", Count(moving), "switches"},
            {"they are", Listed(names), ""}});
  fault.unknown = true;
  return {std::move(fault)};
}

}  // namespace aftershock::rules
