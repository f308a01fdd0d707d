// What a configured target means on this host at this moment: which legs, which addresses, which size.
//
// Threading: pure functions.
// Errors:    kInvalid  the peer is no IPv4 address of one station
//            kAbsent   there is no such interface
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/host.h"
#include "probes/host/active_probes.h"
#include "probes/host/arp_packet.h"

namespace aftershock::host {

struct ProbeLeg {
  int index = 0;
  std::string name;
  std::optional<Gid> group;              // for InfiniBand: whom a broadcast reaches
  std::optional<LinkAddress> neighbour;  // where the kernel believes the peer to be
};

struct ResolvedTarget {
  std::string peer, interface;
  std::uint32_t ip = 0;  // in the host's order
  std::uint32_t mtu = 0;
  std::vector<ProbeLeg> legs;
};

Result<ResolvedTarget> Resolve(const ProbeTarget& target, const HostSnapshot& seen);

// Dotted; in the host's order. nullopt: no address of one station.
std::optional<std::uint32_t> ParseStation(const std::string& text);
std::string FormatIpv4(std::uint32_t ip);

}  // namespace aftershock::host
