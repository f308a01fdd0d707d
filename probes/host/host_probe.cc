#include "probes/host/host_probe.h"
