// What `aftershock route` asks: the ends that its words mean, the way between them with what is wrong on it,
// and all cycles.
//
// Pure. Errors: kAbsent there is no such host or switch (the message lists near names); kInvalid the name is
// that of several.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "model/route.h"
#include "model/settings.h"
#include "rules/routing/map.h"

namespace aftershock::rules {

struct RouteSubject {
  RoutingMap::Index sw = RoutingMap::kNone;   // a switch, or
  RoutingMap::Index end = RoutingMap::kNone;  // a port of an adapter
  Lid lid{};                                  // the LID that was meant, else the first of the port
};

// "switch:NAME|GUID", "host:NAME|GUID", a name, a node's or port's GUID, "NAME/PORT", or a LID; of a host the
// first port that is Active.
Result<RouteSubject> FindRouteSubject(const RoutingMap& map, std::string_view text);

// `findings` are those of the plane.
Route TraceRoute(const RoutingMap& map, const RouteSubject& from, const RouteSubject& to,
                 std::span<const Finding> findings);

RouteCycles FindCycles(const RoutingMap& map, const Settings& settings, std::span<const Finding> findings);

}  // namespace aftershock::rules
