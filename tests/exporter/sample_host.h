// One host with everything in it that a page can get wrong, and what was found there.
#pragma once

#include "model/report.h"

namespace aftershock {

// n1: mlx5_0 to leaf1, mlx5_1 down; ib0 and ib1 under bond0, and the child ib0.8001, which the SA forgot; the
// kernel's log is denied, a file of sysfs is odd, an interface has a hostile name.
HostSnapshot SampleHost();
// Of SampleHost() alone: a critical finding, and a warning about the hostile interface.
Report HostReportOf(HostSnapshot host);
// The same beside the fabric of SampleReport().
Report BothReport();

}  // namespace aftershock
