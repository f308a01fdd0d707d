#include "probes/host/interfaces.h"
