// What /loads.json of a monitor holds: its planes, whether what it says of them is fresh, and the load of
// every port.
//
// {schema, planes: [{name, stale, loads: {"0x…/7": [seconds, mean_xmit, mean_rcv, peak_xmit, peak_rcv]}}]}.
// `stale` is null, or why the plane's last sweep is too old to go by. Rates are bits per second.
//
// Threading: pure. Errors: kMalformed, kUnsupported (a newer aftershock), as of a saved snapshot.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/load.h"

namespace aftershock {

struct PlaneLoads {
  std::string name;
  std::optional<std::string> stale;
  PortLoads loads;
  friend bool operator==(const PlaneLoads&, const PlaneLoads&) = default;
};

std::string LoadsToJson(const std::vector<PlaneLoads>& planes);
Result<std::vector<PlaneLoads>> LoadsFromJson(std::string_view text);

}  // namespace aftershock
