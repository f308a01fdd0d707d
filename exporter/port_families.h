// The families of ports: the infiniband_* names that dashboards of infiniband_exporter query, and our own per
// port.
//
// Internal to exporter. A (GUID, port) has at most one line in any family, or joins in existing rules become
// many-to-many: of nodes with one GUID only the first counts, and of planes that see one port only the first.
#pragma once

#include "exporter/metrics.h"
#include "exporter/text_stream.h"
#include "model/report.h"

namespace aftershock::exporter {

void WritePortFamilies(const Report& report, Compat compat, TextStream& out);

}  // namespace aftershock::exporter
