#include "rules/routing/trace.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "model/link.h"
#include "model/state.h"
#include "rules/found.h"
#include "rules/routing/credits.h"
#include "rules/routing/table.h"
#include "rules/routing/walk.h"
#include "rules/routing/way.h"
#include "rules/view.h"

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;
using Leads = RoutingMap::Leads;
using Owns = RoutingMap::Owns;

Lid LidOf(const RoutingMap::Switch& sw) {
  const Port* own = sw.node->FindPort(0);
  return own != nullptr && own->info ? own->info->lid : Lid{};
}

RoutePort PortOf(const RoutingMap::Switch& sw, std::uint8_t port) {
  return {NameOf(*sw.node), sw.node->guid, true, port, LidOf(sw)};
}

RoutePort PortOf(const RoutingMap::End& end) {
  return {NameOf(*end.node), end.node->guid, false, end.port->num,
          end.port->info ? end.port->info->lid : Lid{}};
}

void AddErrors(const Node& node, const Port& port, std::vector<std::string>& errors) {
  const auto add = [&](Counter counter) {
    const auto value = port.counters.Get(counter);
    if (value.value_or(0) != 0)
      errors.push_back(fmt::format("{} {} at {}", Spec(counter).iba_name, *value, NameOf(node, port)));
  };
  for (const Counter counter : kBitErrorCounters) add(counter);
  for (const Counter counter : kEventCounters) add(counter);
  add(Counter::kLinkDowned);
}

// Tells of the links of a way, with what is known and found of each.
class Steps {
 public:
  Steps(const RoutingMap& map, std::span<const Finding> findings) : map_(map), findings_(findings) {}

  RouteStep Out(Index sw, std::uint8_t exit) const {
    const RoutingMap::Switch& from = map_.switches()[sw];
    const RoutingMap::Exit& out = from.ExitBy(exit);
    RouteStep step;
    step.from = PortOf(from, exit);
    if (out.leads == Leads::kSwitch) {
      step.to = PortOf(map_.switches()[out.to], out.entry);
    } else if (out.leads == Leads::kEnd) {
      step.to = PortOf(map_.ends()[out.to]);
    }
    Describe(*from.node, from.node->FindPort(exit), step);
    return step;
  }

  RouteStep In(const RoutingMap::End& end) const {
    RouteStep step;
    step.from = PortOf(end);
    step.to = PortOf(map_.switches()[end.sw], end.sw_port);
    Describe(*end.node, end.port, step);
    return step;
  }

 private:
  void Describe(const Node& node, const Port* port, RouteStep& step) const {
    if (port == nullptr) return;
    if (port->info) {
      step.state = ToString(port->info->state);
      step.speed = LinkName(port->info->width_active, port->info->speed_active);
    }
    AddErrors(node, *port, step.errors);
    const Port* far = map_.snapshot().PeerPort(*port);
    if (far != nullptr) AddErrors(*map_.snapshot().PeerNode(*port), *far, step.errors);
    for (const Finding& f : findings_) {
      const Subject& about = f.subject;
      const bool here = about.kind == SubjectKind::kLink &&
                        ((about.guid == step.from.guid && about.port == step.from.port) ||
                         (about.guid == step.to.guid && about.port == step.to.port));
      const bool behind = (about.kind == SubjectKind::kSwitch || about.kind == SubjectKind::kHost) &&
                          about.guid == step.to.guid;
      if (!here && !behind) continue;
      step.findings.push_back(
          fmt::format("{} {}: {}", f.unknown ? "unknown" : ToString(f.severity), f.rule, f.summary));
    }
  }

  const RoutingMap& map_;
  std::span<const Finding> findings_;
};

struct Named {
  RouteSubject subject;
  const Node* node;
  std::string text;  // "host1 port 1 (0x…)"
};

// An adapter is also known by its machine's name, which hosts put first: "node01 mlx5_0".
bool HasName(const Node& node, std::string_view name, std::optional<Guid> guid) {
  const bool machine = !node.IsSwitch() && node.name.size() > name.size() && node.name.starts_with(name) &&
                       node.name[name.size()] == ' ';
  return node.name == name || node.description == name || ShortName(node.description) == name || machine ||
         (guid && node.guid == *guid);
}

// "0x0002c90300f00001", or sixteen digits: a shorter number is a LID.
std::optional<Guid> GuidIn(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  return (hex && text.size() > 6) || text.size() == 16 ? ParseGuid(text) : std::nullopt;
}

std::optional<Lid> LidIn(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint16_t value = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() ||
      std::from_chars(text.data(), end, value, hex ? 16 : 10) != std::from_chars_result{end, std::errc()})
    return std::nullopt;
  return IsUnicast(Lid{value}) ? std::optional(Lid{value}) : std::nullopt;
}

class Resolver {
 public:
  Resolver(const RoutingMap& map, std::string_view text) : map_(map), text_(text) {
    for (const auto& [prefix, wanted] : {std::pair{"switch:", true}, std::pair{"host:", false}}) {
      if (!text_.starts_with(prefix)) continue;
      text_.remove_prefix(std::string_view(prefix).size());
      (wanted ? hosts_ : switches_) = false;
    }
  }

  Result<RouteSubject> Run() {
    Find(text_, std::nullopt);
    const std::size_t slash = text_.rfind('/');
    if (found_.empty() && slash != std::string_view::npos) {
      std::uint8_t port = 0;
      const char* const end = text_.data() + text_.size();
      if (std::from_chars(text_.data() + slash + 1, end, port) == std::from_chars_result{end, std::errc()})
        Find(text_.substr(0, slash), port);
    }
    if (found_.empty()) {
      if (const auto lid = LidIn(text_)) FindLid(*lid);
    }
    if (found_.empty()) return Absent();
    if (found_.size() == 1) return found_.front().subject;
    std::vector<std::string> names;
    for (const Named& named : found_) names.push_back(named.text);
    return Fail(Errc::kInvalid, fmt::format("\"{}\" is the name of {}: {}; use a GUID", Printable(text_),
                                            found_.size(), Listed(names)));
  }

 private:
  void Find(std::string_view name, std::optional<std::uint8_t> port) {
    const auto guid = GuidIn(name);
    for (Index s = 0; switches_ && !port && s < map_.switches().size(); ++s) {
      const Node& node = *map_.switches()[s].node;
      if (HasName(node, name, guid)) Take({s, RoutingMap::kNone, LidOf(map_.switches()[s])}, node, 0);
    }
    for (Index e = 0; hosts_ && e < map_.ends().size(); ++e) {
      const RoutingMap::End& end = map_.ends()[e];
      const bool own = guid && end.port->guid == *guid;
      if ((!HasName(*end.node, name, guid) && !own) || (port && end.port->num != *port)) continue;
      // The first port that is Active speaks for its adapter.
      const auto same = std::ranges::find(found_, end.node, &Named::node);
      if (same != found_.end()) {
        if (end.active && !map_.ends()[same->subject.end].active)
          found_.erase(same);
        else
          continue;
      }
      Take({RoutingMap::kNone, e, end.port->info ? end.port->info->lid : Lid{}}, *end.node, end.port->num);
    }
  }

  void FindLid(Lid lid) {
    const auto owner = map_.OwnerOf(lid);
    if (owner.kind == Owns::kSwitch && switches_)
      Take({owner.index, RoutingMap::kNone, lid}, *map_.switches()[owner.index].node, 0);
    if (owner.kind == Owns::kEnd && hosts_) {
      const RoutingMap::End& end = map_.ends()[owner.index];
      Take({RoutingMap::kNone, owner.index, lid}, *end.node, end.port->num);
    }
  }

  void Take(RouteSubject subject, const Node& node, std::uint8_t port) {
    found_.push_back({subject, &node,
                      fmt::format("{}{} ({})", NameOf(node), port == 0 ? "" : fmt::format(" port {}", port),
                                  ToString(node.guid))});
  }

  tl::unexpected<Error> Absent() const {
    std::set<std::string> near;
    for (const Node& node : map_.snapshot().nodes) {
      if (text_.size() >= 2 && NameOf(node).find(text_) != std::string::npos) near.insert(NameOf(node));
    }
    return Fail(Errc::kAbsent,
                fmt::format("there is no switch or host port with a cable that is \"{}\"{}", Printable(text_),
                            near.empty() ? "" : "; there are " + Listed({near.begin(), near.end()})));
  }

  const RoutingMap& map_;
  std::string_view text_;
  bool switches_ = true, hosts_ = true;
  std::vector<Named> found_;
};

std::string WrongAt(const RoutingMap& map, const Way& way, Lid to) {
  const Hop& last = way.hops.back();
  const std::string sw = NameOf(*map.switches()[last.sw].node);
  const auto lid = static_cast<unsigned>(to);
  switch (way.outcome) {
    case Outcome::kArrives:
      return {};
    case Outcome::kUnknown:
      return map.switches()[last.sw].table == nullptr
                 ? fmt::format("the forwarding table of {} is not known", sw)
                 : fmt::format("what is behind {} port {} did not answer", sw, last.exit);
    case Outcome::kMissing:
      return fmt::format("{} has no entry for LID {}", sw, lid);
    case Outcome::kDeadEnd:
      return fmt::format("{} sends LID {} out of port {}, which carries nothing", sw, lid, last.exit);
    case Outcome::kWrongExit:
      return last.exit == 0 ? fmt::format("{} keeps LID {} for itself", sw, lid)
                            : fmt::format(
                                  "{} sends LID {} out of port {}, to another port than the one with "
                                  "that LID",
                                  sw, lid, last.exit);
    case Outcome::kLoop:
      return fmt::format("LID {} comes to {} again and again", lid,
                         NameOf(*map.switches()[way.hops[way.loop_from].sw].node));
  }
  return {};
}

RouteCycle CycleOf(const Steps& steps, std::span<const Channel> channels, bool by_lane, bool forwarding) {
  RouteCycle cycle;
  cycle.forwarding = forwarding;
  for (const Channel& c : channels) {
    RouteStep step = steps.Out(c.sw, c.port);
    if (by_lane) step.lane = fmt::format("VL{}", c.vl);
    cycle.steps.push_back(std::move(step));
  }
  return cycle;
}

// Whether the tables could be judged at all; the sentence says why not.
std::string Unjudged(const RoutingMap& map) {
  const auto unread =
      std::ranges::count_if(map.switches(), [](const RoutingMap::Switch& sw) { return sw.table == nullptr; });
  if (unread == 0) return {};
  return fmt::format("the forwarding tables of {} of {} switches are not known", unread,
                     map.switches().size());
}

}  // namespace

Result<RouteSubject> FindRouteSubject(const RoutingMap& map, std::string_view text) {
  return Resolver(map, text).Run();
}

Route TraceRoute(const RoutingMap& map, const RouteSubject& from, const RouteSubject& to,
                 std::span<const Finding> findings) {
  const Steps steps(map, findings);
  Route route;
  const bool to_switch = to.sw != RoutingMap::kNone;
  route.to = to_switch ? PortOf(map.switches()[to.sw], 0) : PortOf(map.ends()[to.end]);
  route.to.lid = to.lid;
  Index at = from.sw;
  std::uint8_t entry = 0;
  if (from.end != RoutingMap::kNone) {
    const RoutingMap::End& end = map.ends()[from.end];
    route.from = PortOf(end);
    route.steps.push_back(steps.In(end));
    at = end.sw;
    entry = end.sw_port;
    if (!end.active || !Carries(*end.port)) {
      route.ending = RouteEnding::kBroken;
      route.wrong = fmt::format("{} is not Active", NameOf(*end.node, *end.port));
      return route;
    }
  } else {
    route.from = PortOf(map.switches()[from.sw], 0);
  }
  const auto owner = map.OwnerOf(to.lid);
  const Way way = Follow(map, at, entry, to.lid);
  for (const Hop& hop : way.hops) {
    const Leads leads = map.switches()[hop.sw].ExitBy(hop.exit).leads;
    const bool kept = hop.exit == 0 && leads == Leads::kSelf;
    if (map.switches()[hop.sw].table != nullptr && hop.exit != LinearTable::kNoExit && !kept &&
        leads != Leads::kNowhere)
      route.steps.push_back(steps.Out(hop.sw, hop.exit));
  }
  if (owner.kind == Owns::kShared) {
    route.wrong = fmt::format("several ports have LID {}", static_cast<unsigned>(to.lid));
    return route;
  }
  if (owner.kind == Owns::kNobody) {
    route.ending = RouteEnding::kBroken;
    route.wrong = fmt::format("{} port {} is not Active, or has no LID", route.to.node, route.to.port);
    return route;
  }
  route.wrong = WrongAt(map, way, to.lid);
  route.ending = way.outcome == Outcome::kArrives   ? RouteEnding::kArrives
                 : way.outcome == Outcome::kUnknown ? RouteEnding::kUnknown
                                                    : RouteEnding::kBroken;
  return route;
}

RouteCycles FindCycles(const RoutingMap& map, const Settings& settings, std::span<const Finding> findings) {
  const Steps steps(map, findings);
  RouteCycles result;
  DependencyGraph graph(map);
  const WalkResult walk = WalkAll(map, graph);
  const Credits credits = JudgeCredits(
      map, graph,
      {settings.path_sls.get(), static_cast<std::size_t>(settings.Threshold(kCreditLoop, "agreeing_paths"))});
  for (const auto& [exit, loop] : walk.loops) {
    std::vector<Channel> channels;
    for (const ExitKey& key : loop.cycle) channels.push_back({key.sw, key.port, 0});
    result.cycles.push_back(CycleOf(steps, channels, false, true));
  }
  for (const Knot& knot : credits.knots)
    result.cycles.push_back(CycleOf(steps, knot.cycle, credits.by_lane, false));
  using Verdict = aftershock::Verdict;
  const std::string unjudged = Unjudged(map);
  if (credits.verdict == Credits::Verdict::kKnotted || !walk.loops.empty()) {
    result.verdict = Verdict::kCritical;
    result.summary =
        fmt::format("{} cycles of credits, {} circles of packets", credits.knots.size(), walk.loops.size());
  } else if (credits.verdict == Credits::Verdict::kBySl) {
    result.summary =
        fmt::format("{} cycles, unless service levels part them: {}", credits.knots.size(), credits.because);
  } else if (credits.verdict == Credits::Verdict::kAdaptive) {
    result.summary = "not judged, because switches route adaptively";
  } else if (!unjudged.empty()) {
    result.summary = unjudged;
  } else if (walk.unknown != 0) {
    result.summary = fmt::format("not known: {} ways lead to where nobody answered", walk.unknown);
  } else if (!map.snapshot().sweep.complete) {
    result.summary = "not known: the fabric was not read in full";
  } else {
    result.verdict = Verdict::kOk;
    result.summary = "no cycle";
  }
  return result;
}

}  // namespace aftershock::rules
