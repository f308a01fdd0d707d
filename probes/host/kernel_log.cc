#include "probes/host/kernel_log.h"
