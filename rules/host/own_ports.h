// The host's own ports as a small fabric of their own, so that the fabric's rules can judge their counters.
//
// Pure functions, thread-safe.
#pragma once

#include <map>
#include <string>

#include "model/fabric.h"
#include "model/host.h"
#include "model/host_state.h"

namespace aftershock::rules {

struct OwnPorts {
  FabricSnapshot fabric;             // our adapters, and the switches that their cables end at
  std::map<Guid, std::string> hcas;  // the adapter that a node is
};

// An adapter whose GUID is not known, or not its own, is known there by a GUID made of its name.
OwnPorts OwnPortsOf(const HostSnapshot& snapshot, const HostState& state);

}  // namespace aftershock::rules
