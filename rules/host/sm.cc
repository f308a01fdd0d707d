// sa-silent, ipoib-sm-not-master and ipoib-sm-stale: the subnet's manager and administration as this host
// reaches them.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

using namespace std::chrono_literals;

// A port asks one question of a kind a minute, so the answers of many groups are that much older.
constexpr Duration kTurn = 60s;

// What keeps a part from being asked at all is told once, by host-not-visible.
bool CouldAsk(const HostView& view, HostPart part) {
  const PartReport* report = view.snapshot().Find(part);
  return report != nullptr && (!report->error || report->error->code == Errc::kTimeout);
}

// What one port asked in vain.
struct Silence {
  std::vector<std::string> unanswered, unknown;
  std::vector<Evidence> evidence;
  bool waits = true;  // nothing was asked so far

  void Add(std::string question, std::string answer, bool asked, std::string not_known) {
    waits = waits && !asked;
    evidence.push_back({question, std::move(answer), ""});
    unanswered.push_back(std::move(question));
    if (std::ranges::find(unknown, not_known) == unknown.end()) unknown.push_back(std::move(not_known));
  }
};

// Why this answer tells nothing of now; empty: it does.
std::string Lacking(const HostView& view, SaAnswer answer, const std::string& why,
                    std::optional<SteadyTime> asked, Duration max_age) {
  if (answer != SaAnswer::kYes && answer != SaAnswer::kNo) {
    return why.empty() ? std::string(ToString(answer)) : fmt::format("{}: {}", ToString(answer), why);
  }
  if (asked && view.now() - *asked > max_age) {
    return fmt::format("the last answer is {} old", DurationText(ToSeconds(view.now() - *asked)));
  }
  return {};
}

bool WasAsked(const auto* answer) {
  return answer != nullptr && answer->answer != SaAnswer::kNotAsked;
}

const SmAnswer* SmAnswerOf(const HostSnapshot& snapshot, const HcaPortName& port) {
  const auto it = std::ranges::find(snapshot.sms, port, &SmAnswer::port);
  return it == snapshot.sms.end() ? nullptr : &*it;
}

void AddSm(const HostView& view, const HcaPortName& name, Duration max_age, Silence& silence) {
  if (!CouldAsk(view, HostPart::kSm)) return;
  const SmAnswer* sm = SmAnswerOf(view.snapshot(), name);
  const std::string why =
      sm == nullptr ? "not asked" : Lacking(view, sm->answer, sm->why, sm->asked, max_age);
  if (why.empty()) return;
  const auto lid = sm == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(sm->lid);
  silence.Add(lid == 0 ? "SM" : fmt::format("SM at LID {}", lid), why, WasAsked(sm),
              "whether the subnet has a master");
}

void AddMemberships(const HostView& view, const HcaPortName& name, Duration max_age, Silence& silence) {
  if (!CouldAsk(view, HostPart::kSa)) return;
  for (const IpoibLink* link : view.UpLinks(name)) {
    if (!link->carrier) continue;
    const Membership* membership = view.MembershipOf(*link);
    const std::string why = membership == nullptr ? "not asked"
                                                  : Lacking(view, membership->answer, membership->why,
                                                            membership->asked, max_age);
    if (why.empty()) continue;
    silence.Add("SA for the membership of " + link->name, why, WasAsked(membership),
                "whether " + link->name + " is a member of its broadcast group");
  }
}

void AddPaths(const HostView& view, const HcaPortName& name, Silence& silence) {
  for (const NeighbourPath& path : view.snapshot().paths) {
    const bool silent = path.answer == SaAnswer::kTimeout || path.answer == SaAnswer::kRefused ||
                        path.answer == SaAnswer::kError;
    const IpoibLink* link = view.snapshot().FindLink(path.link);
    if (!silent || link == nullptr || link->hca_port != name) continue;
    silence.Add("SA for the path to " + path.ip, Lacking(view, path.answer, path.why, {}, {}), true,
                "whether it knows the neighbours of " + path.interface);
  }
}

// After an event of the port or its interfaces its questions wait for the port's moment of the minute, and
// then for each other: all hosts of a subnet see such an event at once.
void GrantTurns(const HostView& view, const HcaPortName& name, std::int64_t turns, Suspect& suspect) {
  suspect.disturbed = view.LastDisturbance(name);
  // A manager that moved without an event holds the questions back as well.
  const auto memory = view.state().ports.find(name);
  if (memory != view.state().ports.end() && memory->second.change) {
    suspect.disturbed = std::max(suspect.disturbed, std::optional(memory->second.change->noticed));
  }
  for (const IpoibLink* link : view.UpLinks(name)) {
    suspect.disturbed = std::max(suspect.disturbed, view.LastDisturbance(*link));
  }
  suspect.settle = (turns + 2) * kTurn;
}

bool IsAsked(const HostPort& port) {
  return port.IsInfiniBand() && IsActive(port);
}

}  // namespace

std::vector<Suspect> FindSilentSubnet(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const Hca& hca : view.snapshot().hcas) {
    for (const HostPort& port : hca.ports) {
      if (!IsAsked(port)) continue;
      const HcaPortName name{hca.name, port.num};
      const auto turns = static_cast<std::int64_t>(view.UpLinks(name).size());
      const Duration max_age = view.Time(kSaSilent, "answer_max_age_seconds") + turns * kTurn;
      Silence silence;
      AddSm(view, name, max_age, silence);
      AddMemberships(view, name, max_age, silence);
      AddPaths(view, name, silence);
      if (silence.unanswered.empty()) continue;
      Suspect suspect =
          view.Suspected(kSaSilent, SubjectOf(view, name),
                         fmt::format("By {} these do not answer as they should: {}; it is not known {}",
                                     NameOf(name), Listed(silence.unanswered), Listed(silence.unknown)),
                         std::move(silence.evidence));
      if (silence.waits) GrantTurns(view, name, turns, suspect);
      suspects.push_back(std::move(suspect));
    }
  }
  return suspects;
}

std::vector<Suspect> FindOtherSm(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const SmAnswer& sm : view.snapshot().sms) {
    const HostPort* port = view.snapshot().FindPort(sm.port);
    if (port == nullptr || !IsAsked(*port) || sm.answer != SaAnswer::kYes || !sm.info) continue;
    // The way to the manager has changed since; it is asked again.
    if (sm.info->state == SmState::kMaster || (port->sm_lid && *port->sm_lid != sm.lid)) continue;
    Suspect suspect = view.Suspected(kIpoibSmNotMaster, SubjectOf(view, sm.port),
                                     fmt::format("What answers at the SM LID of {} is no master but {}",
                                                 NameOf(sm.port), ToString(sm.info->state)),
                                     {{"SM LID", std::int64_t{static_cast<std::uint16_t>(sm.lid)}, ""},
                                      {"SM GUID", ToString(sm.info->guid), ""},
                                      {"state", ToString(sm.info->state), ""},
                                      {"priority", std::int64_t{sm.info->priority}, ""}});
    suspect.seen = sm.asked.value_or(view.now());
    suspect.disturbed = view.LastDisturbance(sm.port);
    suspect.settle = view.Time(kIpoibSmNotMaster, "settle_seconds");
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

std::vector<Suspect> FindStaleSm(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const auto& [name, memory] : view.state().ports) {
    if (!memory.change) continue;
    const auto text = [](const SmWay& way) {
      return fmt::format("LID {}{}", static_cast<std::uint16_t>(way.lid),
                         way.sl ? fmt::format(" SL {}", *way.sl) : std::string());
    };
    const SmWayChange& change = *memory.change;
    Suspect suspect = view.Suspected(
        kIpoibSmStale, SubjectOf(view, name),
        fmt::format("The subnet manager of {} moved from {} to {}, and no event told the kernel",
                    NameOf(name), text(change.from), text(change.to)),
        {{"before", text(change.from), ""},
         {"now", text(change.to), ""},
         {"noticed", ToSeconds(view.now() - change.noticed), "s ago"}});
    suspect.disturbed = change.noticed;
    suspect.settle = view.Time(kIpoibSmStale, "grace_seconds");
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

}  // namespace aftershock::rules
