// What only the host role knows: memberships, switches behind bonds, events, and which parts of the host
// could be looked at.
//
// Internal to exporter. The compatible families (port_families.h) are the fabric role's alone: it exports the
// same (guid, port) series for this host's ports, and a second set of them would make the joins of existing
// rules many-to-many. node_exporter covers the host's own counters.
#pragma once

#include "exporter/families.h"
#include "model/host.h"

namespace aftershock::exporter {

void AddHostFamilies(const HostSnapshot& host, SteadyTime now, Families& out);

}  // namespace aftershock::exporter
