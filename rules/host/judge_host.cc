#include "rules/host/judge_host.h"
