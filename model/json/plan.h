// The object that `aftershock plan --format json` prints.
//
// {schema, verdict, taken, towards, planes, hosts, leaves, load, further, …}. What is not known is null,
// never 0 or false. Shares and loads are numbers from 0 (1 is all); GUIDs are hexadecimal text.
//
// Threading: pure.
#pragma once

#include <nlohmann/json.hpp>

#include "model/plan.h"

namespace aftershock {

// All text in it is valid UTF-8, so that dump() does not throw.
nlohmann::json ToJson(const Plan& plan);

}  // namespace aftershock
