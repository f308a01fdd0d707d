// Forwarding and SL-to-VL tables as texts: a fabric has millions of entries. Internal to model/json.
//
// A linear table is two hexadecimal digits for each LID. A multicast table is an object by MLID ("c000"), an
// SL-to-VL table one by row (a digit for each SL), in which by exit port (decimal) the set of ports that
// packets come in by; a set of ports is a hexadecimal number whose lowest bit is port 0.
#pragma once

#include <nlohmann/json.hpp>

#include "model/routing.h"

namespace aftershock::codec {

class Trail;

nlohmann::json Encode(const LinearTable& table);
nlohmann::json Encode(const MulticastTable& table);
nlohmann::json Encode(const SlToVlTable& table);
void DecodeValue(const nlohmann::json& value, LinearTable& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, MulticastTable& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, SlToVlTable& out, Trail& trail);

}  // namespace aftershock::codec
