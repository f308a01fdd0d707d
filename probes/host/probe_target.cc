#include "probes/host/probe_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace aftershock::host {
namespace {

// An entry of the leg's own table, or of the bond's over it.
std::optional<LinkAddress> NeighbourOf(const HostSnapshot& seen, const std::string& peer, int leg, int over) {
  for (const Neighbour& neighbour : seen.neighbours) {
    const bool here = neighbour.link == leg || neighbour.link == over;
    if (here && neighbour.ip == peer && neighbour.address && (neighbour.state & kNudFailed) == 0) {
      return LinkAddress(neighbour.address->Octets());
    }
  }
  return std::nullopt;
}

}  // namespace

Result<ResolvedTarget> Resolve(const ProbeTarget& target, const HostSnapshot& seen) {
  const auto ip = ParseStation(target.peer);
  if (!ip) return Fail(Errc::kInvalid, target.peer + " is no IPv4 address of a peer");
  ResolvedTarget resolved{
      .peer = FormatIpv4(*ip), .interface = target.interface, .ip = *ip, .mtu = 0, .legs = {}};
  const auto add = [&](const IpoibLink& link, int over) {
    resolved.legs.push_back({.index = link.index,
                             .name = link.name,
                             .group = link.broadcast_group,
                             .neighbour = NeighbourOf(seen, resolved.peer, link.index, over)});
  };
  const auto bond = std::ranges::find(seen.bonds, target.interface, &Bond::name);
  const auto link = std::ranges::find(seen.links, target.interface, &IpoibLink::name);
  if (bond != seen.bonds.end()) {
    resolved.mtu = bond->mtu;
    for (const BondLeg& leg : bond->legs) {
      if (const IpoibLink* over = seen.FindLink(leg.index)) add(*over, bond->index);
    }
  } else if (link != seen.links.end()) {
    resolved.mtu = link->mtu;
    add(*link, link->index);
  } else {
    return Fail(Errc::kAbsent, "there is no IPoIB interface or bond " + target.interface);
  }
  return resolved;
}

std::optional<std::uint32_t> ParseStation(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  const std::uint32_t ip = ntohl(address.s_addr);
  constexpr std::uint32_t kFirstMulticast = 0xe0000000;  // multicast, reserved, broadcast above it
  if (ip >> 24 == 0 || ip >= kFirstMulticast) return std::nullopt;
  return ip;
}

std::string FormatIpv4(std::uint32_t ip) {
  const in_addr address{.s_addr = htonl(ip)};
  std::array<char, INET_ADDRSTRLEN> text{};
  return ::inet_ntop(AF_INET, &address, text.data(), text.size()) == nullptr ? std::string() : text.data();
}

}  // namespace aftershock::host
