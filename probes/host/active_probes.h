// Probes to configured peers: ARP requests, broadcast and unicast, over every leg, and an ICMP echo of the
// link's full MTU with DF set over the active path. Off unless configured.
//
// The ARP requests go through a packet socket bound to the leg and carry the sender protocol address 0.0.0.0
// (RFC 5227 2.1.1), so that no neighbour table learns from them. The reply is another matter: a kernel that
// already has an entry of that peer, as ours may, takes the peer's address from any reply that it receives.
// The echo is ordinary traffic. The ARP packet over InfiniBand has hardware type 32 and 20-octet addresses
// (RFC 4391 9.1.2). Replies are matched by peer, leg and our own link-layer address; every ARP packet that is
// seen on the legs, between rounds too, tells its sender's address (ArpSighting).
//
// The broadcast is asked first, the unicast when that is over: to the address that the kernel's table has for
// the peer, else to that of the last reply. A reply after a second, or after half the time there is, is lost.
//
// Threading: Round from one thread; blocks until its deadline at most.
// Errors:    kDenied  CAP_NET_RAW is missing; each result carries it
//            kAbsent  no such interface, or it is down
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/host.h"

namespace aftershock::host {

// A peer to probe: `host.probes`.
struct ProbeTarget {
  std::string peer;       // IPv4, dotted
  std::string interface;  // an IPoIB link, or a bond: then over each of its legs
};

struct ProbeRound {
  std::vector<ProbeResult> results;  // over the last `window` rounds
  std::vector<ArpSighting> sightings;
  std::optional<Error> error;  // why none could be sent
};

class ActiveProber {
 public:
  virtual ~ActiveProber() = default;
  // One probe of each kind to each target, answers until the deadline.
  virtual ProbeRound Round(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop) = 0;
};

struct ProberOptions {
  std::vector<ProbeTarget> targets;
  std::uint32_t window = 10;  // rounds that a result covers
};
std::unique_ptr<ActiveProber> MakeActiveProber(ProberOptions options, const Clock& clock);

}  // namespace aftershock::host
