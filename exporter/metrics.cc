#include "exporter/metrics.h"

#include "exporter/freshness.h"
#include "exporter/own_families.h"
#include "exporter/port_families.h"
#include "exporter/text_stream.h"

namespace aftershock::exporter {

bool WriteMetrics(const Report& report, SteadyTime now, const BuildInfo& build, const Sink& sink,
                  Compat compat) {
  const Report current = AsOf(report, now);
  TextStream out(sink);
  out.Raw(OwnFamilies(current, build, now));
  WritePortFamilies(current, compat, out);
  return out.Finish();
}

}  // namespace aftershock::exporter
