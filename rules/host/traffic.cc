// ipoib-tx-stalled and ipoib-neighbour-stale: what is sent does not leave, or leaves for somebody who is not
// there.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "rules/found.h"
#include "rules/host/rules.h"
#include "rules/host/table.h"
#include "rules/host/view.h"

namespace aftershock::rules {
namespace {

constexpr std::size_t kMostEvidence = 16;
constexpr std::uint16_t kNudDelay = 0x08, kNudProbe = 0x10;

std::string QpnAndGid(const IpoibAddress& address) {
  return fmt::format("QPN 0x{:06x} GID {}", address.qpn, ToString(address.gid));
}

// The kernel sends to it without asking first, or has done so just now.
bool InUse(const Neighbour& neighbour, Duration recently) {
  constexpr std::uint16_t kUsed = kNudReachable | kNudDelay | kNudProbe | kNudPermanent | kNudNoArp;
  if ((neighbour.state & kUsed) != 0) return true;
  return (neighbour.state & kNudFailed) == 0 && neighbour.confirmed_ago &&
         *neighbour.confirmed_ago <= recently;
}

bool IsOver(const HostSnapshot& snapshot, const std::string& interface, const std::string& leg) {
  if (interface == leg) return true;
  const auto bond = std::ranges::find(snapshot.bonds, interface, &Bond::name);
  return bond != snapshot.bonds.end() &&
         std::ranges::find(bond->legs, leg, &BondLeg::name) != bond->legs.end();
}

// The stale neighbours of one interface.
struct Stale {
  std::vector<std::string> peers;
  std::vector<Evidence> evidence;
  bool in_use = false;
  bool only_seen = true;  // and nothing that the SA answered

  void Add(const Neighbour& neighbour, const std::string& what, Duration recently) {
    if (std::ranges::find(peers, neighbour.ip) == peers.end()) peers.push_back(neighbour.ip);
    if (evidence.size() < kMostEvidence) evidence.push_back({neighbour.ip, what, ""});
    in_use = in_use || InUse(neighbour, recently);
  }
};

class StaleNeighbours {
 public:
  explicit StaleNeighbours(const HostView& view)
      : view_(view),
        recently_(view.Time(kIpoibNeighbourStale, "confirmed_seconds")),
        settle_(view.Time(kIpoibNeighbourStale, "settle_seconds")) {
    for (const Neighbour& neighbour : view.snapshot().neighbours) {
      if (neighbour.address && (neighbour.state & kNudFailed) == 0) Look(neighbour);
    }
  }

  const std::map<std::string, Stale>& found() const { return found_; }

 private:
  void Look(const Neighbour& neighbour) {
    for (const NeighbourPath& path : view_.snapshot().paths) {
      if (path.ip == neighbour.ip && path.interface == neighbour.interface) LookAtPath(neighbour, path);
    }
    for (const ArpSighting& sighting : view_.snapshot().sightings) {
      if (sighting.ip == neighbour.ip) LookAtAddress(neighbour, sighting.interface, sighting.address);
    }
    for (const ProbeResult& probe : view_.snapshot().probes) {
      if (probe.peer == neighbour.ip && probe.address) {
        LookAtAddress(neighbour, probe.interface, *probe.address);
      }
    }
  }

  void LookAtPath(const Neighbour& neighbour, const NeighbourPath& path) {
    if (path.answer != SaAnswer::kNo || path.gid != neighbour.address->gid) return;
    const IpoibLink* link = view_.snapshot().FindLink(path.link);
    const auto disturbed = link == nullptr ? std::nullopt : view_.LastDisturbance(*link);
    if (disturbed && path.asked.value_or(view_.now()) - *disturbed < settle_) return;
    Stale& stale = found_[neighbour.interface];
    stale.Add(neighbour, "the SA knows no path to " + ToString(path.gid), recently_);
    stale.only_seen = false;
  }

  void LookAtAddress(const Neighbour& neighbour, const std::string& interface, const IpoibAddress& address) {
    const bool same = address.qpn == neighbour.address->qpn && address.gid == neighbour.address->gid;
    if (same || !IsOver(view_.snapshot(), neighbour.interface, interface)) return;
    found_[neighbour.interface].Add(
        neighbour,
        fmt::format("is at {}, the kernel sends to {}", QpnAndGid(address), QpnAndGid(*neighbour.address)),
        recently_);
  }

  const HostView& view_;
  Duration recently_, settle_;
  std::map<std::string, Stale> found_;
};

}  // namespace

std::vector<Suspect> FindStalledQueues(const HostView& view) {
  std::vector<Suspect> suspects;
  for (const IpoibLink& link : view.snapshot().links) {
    const auto memory = view.state().links.find(link.name);
    if (memory == view.state().links.end() || !memory->second.transmit) continue;
    const TransmitMemory& transmit = *memory->second.transmit;
    if (!transmit.stalled) continue;
    const double still = std::max(0.0, ToSeconds(view.now() - transmit.moved));
    std::vector<Evidence> evidence{{"nothing sent for", still, "s"},
                                   {"packets sent", static_cast<std::int64_t>(transmit.sent), ""}};
    if (link.backlog) {
      evidence.push_back({"waiting", static_cast<std::int64_t>(link.backlog->packets), "packets"});
    }
    if (transmit.timed_out) {
      const Duration ago = std::max(Duration{0}, view.now() - *transmit.timed_out);
      evidence.push_back({"kernel's last transmit timeout", ToSeconds(ago), "s ago"});
    }
    suspects.push_back(view.Suspected(
        kIpoibTxStalled, Subject::Interface(link.name),
        transmit.calm_since ? fmt::format("{} sends again after its queue had stalled", NameOf(link))
                            : fmt::format("{} has carrier, and nothing leaves its queue", NameOf(link)),
        std::move(evidence)));
  }
  return suspects;
}

std::vector<Suspect> FindStaleNeighbours(const HostView& view) {
  std::vector<Suspect> suspects;
  const StaleNeighbours stale(view);
  for (const auto& [interface, found] : stale.found()) {
    const bool is_bond =
        std::ranges::find(view.snapshot().bonds, interface, &Bond::name) != view.snapshot().bonds.end();
    Suspect suspect = view.Suspected(kIpoibNeighbourStale,
                                     is_bond ? Subject::Bond(interface) : Subject::Interface(interface),
                                     fmt::format("{} sends to where {} {} not", interface,
                                                 Listed(found.peers), found.peers.size() == 1 ? "is" : "are"),
                                     found.evidence);
    if (!found.in_use) suspect.finding.severity = Severity::kNote;
    if (found.only_seen) {
      suspect.disturbed = view.now();
      suspect.settle = view.Time(kIpoibNeighbourStale, "confirm_seconds");
    }
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

}  // namespace aftershock::rules
