// A fat tree with subnet managers on its hosts.
#pragma once

#include "build_fabric.h"

namespace aftershock::tests {

// A manager on port 1 of a host, known by its GUID; the priority and state that it tells.
void AddManager(FabricBuilder& fabric, Guid host, SmState state, std::uint8_t priority);
SmSeen& ManagerOn(FabricBuilder& fabric, Guid host);
// What all managers tell, and what answers at the SM LID, from now on: `host` leads.
void Lead(FabricBuilder& fabric, Guid host);

inline constexpr Guid kMasterHost{1}, kStandbyHost{2}, kThirdHost{3};

// FatTree() with its master on host0, and a standby on host1.
FabricBuilder WithMaster();
FabricBuilder WithStandby();

// That rule's findings above a note.
std::vector<Finding> Alarms(const std::vector<Finding>& findings, std::string_view rule);

}  // namespace aftershock::tests
