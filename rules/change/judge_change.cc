#include "rules/change/judge_change.h"
