#include "model/host_event.h"
