#include "rules/windows/advance.h"
