#include <catch2/catch.hpp>

#include "journal/journal.h"
