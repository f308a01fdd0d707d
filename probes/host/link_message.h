// One interface as a message of rtnetlink describes it: RTM_NEWLINK and RTM_DELLINK (rtnetlink(7),
// linux/if_link.h, net/core/rtnetlink.c), with what ipoib and bonding add to it
// (drivers/infiniband/ulp/ipoib/ipoib_netlink.c, drivers/net/bonding/bond_netlink.c).
//
// An attribute that is missing, or whose length is wrong, leaves its own value out.
//
// Threading: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/host.h"
#include "probes/host/netlink_attributes.h"

namespace aftershock::host {

struct LinkMessage {
  std::uint16_t hardware = 0;  // ARPHRD_*
  std::string kind;            // "ipoib", "bond"; empty: hardware without a kind of its own, as old kernels'
                               // IPoIB links are
  IpoibLink link;
  std::optional<Bond> bond;    // of kind "bond"; `legs` is empty: they tell themselves
  std::optional<BondLeg> leg;  // its master is a bond
  bool moved = false;          // of RTM_DELLINK: it lives on in another network namespace

  // Is, or may be, the leg of a bond, not a bond or team itself.
  bool IsLink() const { return kind != "bond" && kind != "team"; }
};

// `payload`: what follows the netlink header. nullopt: it is not about an interface as such (AF_BRIDGE's are
// about a port of a bridge, and tell of its release as RTM_DELLINK), or made no sense.
std::optional<LinkMessage> ParseLinkMessage(Bytes payload);

}  // namespace aftershock::host
