// IPoIB links, the bonds over them, their queues and neighbours, through rtnetlink (rtnetlink(7), libnl-3).
// libnl 3.7 has no IPoIB link API and a write-only bond API: IFLA_INFO_DATA and IFLA_INFO_SLAVE_DATA are
// parsed here, and every attribute is checked for its length before it is believed.
//
// Events: a thread of its own listens to RTNLGRP_LINK and tells the timeline what changed: links of this type
// and the bonds over them that come, go, move to another namespace, are renamed, enslaved or released;
// carrier; the active leg; mode, MTU and P_Key. Each difference to what was known is told once, in the order
// in which the kernel told, and carrier changes that the kernel told as one are counted out by its own count.
// An overrun of the socket (ENOBUFS) is kNetlinkOverrun and a full read, after which the events that the
// difference shows are told, so that nothing that still stands is missed. Read tells differences too, for
// what the kernel changes without a message. Neighbours make no events.
//
// Not seen: whether a link that was lost in an overrun, or left for another namespace under a kernel before
// 4.16, was deleted or moved: both are kLinkRemoved.
//
// Threading: Read from one thread; Read and WatchInterfaces may block as long as the kernel's RTNL lock is
// held. Destroying a watch waits for nothing that hangs. Errors:    kAbsent     no netlink
//            kDenied     a sandbox keeps it away
//            kMalformed  the kernel's answer made no sense
//            kInternal   the list of links kept changing while it was read, or the system refused
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
  // Everything, anew. What led there is in the timeline when it returns, unless an overrun is being mended.
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
