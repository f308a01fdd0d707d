// The verdicts of a report's parts (planes, the host, pairs), of what stands once windows have explained.
//
// Pure functions, thread-safe.
#pragma once

#include "model/image.h"
#include "model/report.h"

namespace aftershock::app {

// Sets the verdict of each part. A finding that is no part's own, as those about change are, is of the part
// that has its subject, now or in the baseline; where none has, of every plane. `baseline` may be nullptr.
void JudgeParts(Report& report, const Image* baseline);

}  // namespace aftershock::app
