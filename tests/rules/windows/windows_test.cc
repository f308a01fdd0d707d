#include <catch2/catch.hpp>

#include "rules/windows/advance.h"
#include "rules/windows/explain.h"
