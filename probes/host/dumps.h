// The tables of the kernel's network, each read as a whole by one dump.
//
// Threading: a socket is used by one thread. Blocks as long as the kernel's RTNL lock is held.
// Errors:    see netlink_socket.h
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "model/host.h"
#include "probes/host/link_message.h"
#include "probes/host/netlink_socket.h"

namespace aftershock::host {

Result<std::vector<LinkMessage>> DumpLinks(NetlinkSocket& socket);
// By interface. Without queueing disciplines in the kernel, or where they cannot be read, nothing is known.
std::map<int, Backlog> DumpBacklogs(NetlinkSocket& socket);
// Of all interfaces, without their names.
Result<std::vector<Neighbour>> DumpNeighbours(NetlinkSocket& socket);

}  // namespace aftershock::host
