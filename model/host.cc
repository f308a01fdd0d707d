#include "model/host.h"
