#include "probes/host/verbs_events.h"
