#include "probes/host/adapters.h"
