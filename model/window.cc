#include "model/window.h"
