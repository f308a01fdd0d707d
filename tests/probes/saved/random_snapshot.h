// Snapshots of random content for property tests, and what it means that two are the same.
#pragma once

#include "model/fabric.h"

namespace aftershock {

// Any snapshot that a probe may publish. REQUIRES: runs inside a property of rapidcheck.
FabricSnapshot RandomSnapshot();

// Every field but SweepReport::started_steady. A field that the model gains does not compile until it is
// compared.
bool Same(const FabricSnapshot& a, const FabricSnapshot& b);

}  // namespace aftershock
