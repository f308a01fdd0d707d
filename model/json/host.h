// A host's snapshot as JSON: what a monitor serves as /snapshot.json, and what a managing monitor reads of
// it.
//
// Everything a rule reads survives the way, except times of the monotonic clock: an event's is the epoch
// afterwards, and when the SM and the SA were asked is known by the wall clock only. Conventions as in
// model/json/snapshot.h; GIDs and the 20 octets of an address are text as sysfs and `ip link` write them;
// `uplink_error` stands in the place of `uplink` where the question had no answer.
//
// Threading: pure functions.
// Errors:    kMalformed    not JSON, or not a host's snapshot: says what and where ("links[3].index: …")
//            kUnsupported  written by a newer aftershock
#pragma once

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "model/host.h"
#include "model/report.h"

namespace aftershock {

// {schema, hostname, taken, parts: […], hcas: […], …}; fields that have their default value are left out.
nlohmann::json ToJson(const HostSnapshot& snapshot);
// The same with `verdict` and `findings` as in model/json/report.h, and when it was served by which clock.
// `fresh`: the last look is young enough. REQUIRES: report.snapshot
nlohmann::json ToJson(const HostReport& report, WallTime served, bool fresh);

// Text from anywhere: what is not a host's snapshot is an Error, and the memory used is bounded by what a
// host has. Verdict and findings are skipped. Control characters in names come out as Printable() shows them.
Result<HostSnapshot> HostSnapshotFromJson(std::string_view text);

// What a host's monitor tells of it. Times are of that host's clock.
struct HostTold {
  HostSnapshot snapshot;
  Verdict verdict = Verdict::kUnknown;
  bool fresh = false;
  WallTime served{};
  std::vector<Finding> findings;  // without evidence
};
Result<HostTold> HostToldFromJson(std::string_view text);

}  // namespace aftershock
