// A look at the host in small tables and lines, which the text report and the page for people share. Internal
// to exporter.
//
// What is not known is "?", what there is not is "-". Not escaped and not made Printable(): the sink's to do.
#pragma once

#include <string>
#include <vector>

#include "exporter/table.h"
#include "model/host.h"

namespace aftershock::exporter {

Table PortTable(const HostSnapshot& host);       // without the ports of Ethernet
Table InterfaceTable(const HostSnapshot& host);  // with their membership
Table LegTable(const HostSnapshot& host);        // of the bonds

// "n1: 2 adapters, 3 interfaces, 1 bond; 7 MADs since the start, looked for 0.12 s"
std::string HostLine(const HostSnapshot& host);
// "adapters, pci, events": what was looked at.
std::string SeenLine(const HostSnapshot& host);
// "kernel_log: denied: CAP_SYSLOG is missing", one for each part that could not be looked at.
std::vector<std::string> UnseenLines(const HostSnapshot& host);
// "class/infiniband/mlx5_0/fw_ver: malformed: empty", one for each odd file.
std::vector<std::string> FaultLines(const HostSnapshot& host);
// "bond0: its live legs end at 2 switches", one for each bond.
std::vector<std::string> BondLines(const HostSnapshot& host);

}  // namespace aftershock::exporter
