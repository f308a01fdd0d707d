// IPoIB links, the bonds over them, their queues and neighbours, through rtnetlink (rtnetlink(7), libnl-3).
// libnl 3.7 has no IPoIB link API and a write-only bond API: IFLA_INFO_DATA and IFLA_INFO_SLAVE_DATA are
// parsed here, and every attribute is checked for its length before it is believed.
//
// Events: a thread of its own listens to RTNLGRP_LINK and RTNLGRP_NEIGH and tells the timeline what changed:
// links that come, go, move to another namespace, are renamed, enslaved or released; carrier; the active leg;
// mode, MTU and P_Key. An overrun of the socket (ENOBUFS) is kNetlinkOverrun and a full read, after which the
// events that the difference shows are told, so that nothing that still stands is missed.
//
// Threading: Read from one thread; it may block as long as the kernel's RTNL lock is held.
// Errors:    kAbsent     no netlink
//            kMalformed  the kernel's answer made no sense
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/host.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

struct Interfaces {
  std::vector<IpoibLink> links;  // by index; hca_port is not set here
  std::vector<Bond> bonds;       // by index; those with an IPoIB leg
  Result<std::vector<Neighbour>> neighbours;
};

class InterfaceWatch {
 public:
  virtual ~InterfaceWatch() = default;
  // Everything, anew.
  virtual Result<Interfaces> Read() = 0;
};

struct InterfaceOptions {
  // Of InfiniBand (ARPHRD_INFINIBAND, 32) links; tests in network namespaces watch Ethernet's (1) instead.
  std::uint16_t link_type = 32;
  int receive_buffer = 0;  // octets; 0: 1 MiB. Tests make it small
};

// The network namespace of the calling thread. `timeline` must outlive it.
Result<std::unique_ptr<InterfaceWatch>> WatchInterfaces(Timeline& timeline, const InterfaceOptions& options);

}  // namespace aftershock::host
