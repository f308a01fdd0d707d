// The rules about change that compare two images. Each is a function of the view alone.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/change/change_view.h"

namespace aftershock::rules {

// nodes.cc: switch-lost, node-lost, node-new
std::vector<Change> FindNodeChanges(const ChangeView& view);
// cables.cc: link-lost, link-moved, link-slower
std::vector<Change> FindCableChanges(const ChangeView& view);
// management.cc: sm-changed, lid-changed, firmware-changed
std::vector<Change> FindManagementChanges(const ChangeView& view);
// hosts.cc: partition-changed, multicast-changed, member-left
std::vector<Change> FindHostChanges(const ChangeView& view);
// host_settings.cc: host-settings-changed
std::vector<Change> FindSettingsChanges(const ChangeView& view);
// redundancy.cc: redundancy-lost
std::vector<Change> FindLostRedundancy(const ChangeView& view);
// unrestored.cc: not-restored. `restored` remembers what was seen back (ChangeState): that it is gone later
// is another matter.
std::vector<Change> FindUnrestored(const ChangeView& view, std::set<std::string>& restored);
// routing.cc: routing-changed, routing-engine-fallback, sl2vl-differs. `moved` remembers the planes of which
// something else changed since this baseline (ChangeState).
std::vector<Change> FindRoutingChanges(const ChangeView& view, std::set<std::string>& moved);
// routing.cc: route-through-excluded. `taken` remembers what an open window has taken down (ChangeState).
std::vector<Change> FindRoutesThroughExcluded(const ChangeView& view, std::set<std::string>& taken);

// since_change.cc: errors-since-change, events-since-change. They need no baseline.
std::vector<Change> FindErrorsSinceChange(const ChangeFacts& facts, const Settings& settings);
std::vector<Change> FindEventsSinceChange(const ChangeFacts& facts, const Settings& settings);

// unannounced.cc: what no window announces, one finding for what hangs together; `causes` of the changes name
// it.
std::vector<Change> FindUnannounced(std::vector<Change>& changes, const ChangeView& view);

// stays.cc: a hash of what a state has to keep to be called the same. Hosts come and go every day: of them
// only a host that is watched alone counts, by its settings.
std::string WhatStays(const Image& image);

}  // namespace aftershock::rules
