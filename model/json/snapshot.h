// Saved snapshots: the JSON that `aftershock sweep --format json` writes and `check --from FILE` reads.
//
// Everything a rule reads survives the way through a file; SweepReport::started_steady does not and is the
// epoch afterwards. Fields that have their default value are left out. GUIDs and GID prefixes are hexadecimal
// text, because many JSON readers round integers above 2^53; times are RFC 3339 in UTC; durations are
// seconds; data counters are octets; the two numbers of "peer" are the index of a node and a port of it.
//
// Threading: pure functions.
// Errors:    kMalformed    not JSON, or not a snapshot: says what and where ("nodes[3].ports[1].info.lid: …")
//            kUnsupported  written by a newer aftershock
#pragma once

#include <iosfwd>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "model/fabric.h"

namespace aftershock {

inline constexpr int kJsonSchema = 1;

// The whole snapshot as one object. Holds every port as a tree: for large fabrics use WriteJson().
nlohmann::json ToJson(const FabricSnapshot& snapshot);

// The same object as text, a node per line, without ever holding more than one node as a tree.
void WriteJson(const FabricSnapshot& snapshot, std::ostream& out);

// Text from anywhere: what is not a snapshot is an Error, and the memory used stays in proportion to the
// snapshot. Control characters in names come out as Printable() shows them.
Result<FabricSnapshot> SnapshotFromJson(std::string_view text);

}  // namespace aftershock
