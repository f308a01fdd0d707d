#include "probes/host/subnet.h"
