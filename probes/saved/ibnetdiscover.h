// Topology files: what ibnetdiscover prints, and the network files that ibsim reads.
//
// Known of a fabric from there: nodes, ports with cables, LIDs, widths and speeds, descriptions. Everything
// else is not in such a file and stays unknown: counters, port states, subnet managers. A file that names
// nodes which it does not describe, or whose two ends of a cable disagree, makes a snapshot that is not
// complete and says why.
//
// The forms of all versions since 2007 are read: with or without chassis groups, external port numbers,
// system image GUIDs and --full; and ibsim's names that are no GUIDs. Lines that are none of it are skipped,
// since programs print their warnings among them.
//
// Threading: pure. Errors: kMalformed: there is no node in it, or more than any fabric has.
#pragma once

#include <string_view>

#include "base/result.h"
#include "model/fabric.h"

namespace aftershock::saved {

// Text from anywhere. Names come out as Printable() shows them.
Result<FabricSnapshot> SnapshotFromTopology(std::string_view text);

}  // namespace aftershock::saved
