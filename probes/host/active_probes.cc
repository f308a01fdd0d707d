#include "probes/host/active_probes.h"
