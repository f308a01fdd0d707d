// The objects that `aftershock route --format json` prints: {schema, routes: […]} and {schema, verdict,
// planes: […]}. What is not known is null.
//
// Threading: pure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "model/route.h"

namespace aftershock {

// All text in it is valid UTF-8, so that dump() does not throw.
nlohmann::json ToJson(std::span<const Route> routes);
nlohmann::json ToJson(std::span<const RouteCycles> planes, Verdict verdict);

}  // namespace aftershock
