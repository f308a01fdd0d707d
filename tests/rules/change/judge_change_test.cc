#include <catch2/catch.hpp>

#include "rules/change/judge_change.h"
