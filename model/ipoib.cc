#include "model/ipoib.h"
