// Words about a plan that its text and its drawing share. Internal to exporter.
#pragma once

#include "model/plan.h"

namespace aftershock::exporter {

inline bool IsCutOff(const PlanHost& host) {
  return host.cut_off;
}
inline bool LosesRedundancy(const PlanHost& host) {
  return !host.cut_off && (host.exposed || host.legs_after < host.legs.size());
}

}  // namespace aftershock::exporter
