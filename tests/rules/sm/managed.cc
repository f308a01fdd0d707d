#include "managed.h"

#include <algorithm>

namespace aftershock::tests {

void AddManager(FabricBuilder& fabric, Guid host, SmState state, std::uint8_t priority) {
  Port& port = fabric.At(host, 1);
  port.info->capability_mask |= kCapIsSm;
  fabric.sms().push_back({{host, 1},
                          port.guid,
                          port.info->lid,
                          Answer::kAnswered,
                          SmInfo{.guid = port.guid, .activity = 1, .priority = priority, .state = state}});
}

SmSeen& ManagerOn(FabricBuilder& fabric, Guid host) {
  return *std::ranges::find(fabric.sms(), PortKey{host, 1}, &SmSeen::port);
}

void Lead(FabricBuilder& fabric, Guid host) {
  for (SmSeen& seen : fabric.sms()) {
    if (seen.info) seen.info->state = seen.port.node == host ? SmState::kMaster : SmState::kStandby;
  }
  const SmSeen& master = ManagerOn(fabric, host);
  fabric.sm() = {master.lid, Answer::kAnswered, master.info};
  for (int guid = 1; guid <= 8; ++guid) {
    for (Port& port : fabric.At(Guid{static_cast<std::uint64_t>(guid)}).ports) port.info->sm_lid = master.lid;
  }
}

FabricBuilder WithMaster() {
  auto fabric = FatTree();
  AddManager(fabric, kMasterHost, SmState::kMaster, 5);
  Lead(fabric, kMasterHost);
  return fabric;
}

FabricBuilder WithStandby() {
  auto fabric = WithMaster();
  AddManager(fabric, kStandbyHost, SmState::kStandby, 3);
  return fabric;
}

std::vector<Finding> Alarms(const std::vector<Finding>& findings, std::string_view rule) {
  auto alarms = Of(findings, rule);
  std::erase_if(alarms, [](const Finding& f) { return f.severity == Severity::kNote; });
  return alarms;
}

}  // namespace aftershock::tests
