#include "rules/windows/explain.h"
