// Which port of which adapter an IPoIB link runs over.
//
// By the port GUID in the link's address; where that is no port's (an alias GUID), by sysfs: the adapter of
// the link's device (/sys/class/net/NAME/device/infiniband) and its port there (dev_port, from 0); a P_Key
// child as its parent.
#pragma once

#include <map>
#include <string>

#include "model/host.h"

namespace aftershock::host {

// What sysfs says of the links of adapters, by name. May block as long as a driver does. `sysfs`: "/sys".
using LinkPorts = std::map<std::string, HcaPortName, std::less<>>;
LinkPorts ReadLinkPorts(const std::string& sysfs);

// Sets `hca_port` of every link of the snapshot where it can be told.
void FindPorts(const LinkPorts& link_ports, HostSnapshot& snapshot);

}  // namespace aftershock::host
