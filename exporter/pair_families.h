// The families about redundancy groups. Internal to exporter.
#pragma once

#include "exporter/families.h"
#include "model/report.h"

namespace aftershock::exporter {

// aftershock_pair_members_live, aftershock_pair_answer_ratio and aftershock_hosts_short_of_switches.
void AddPairs(const PairsReport& pairs, Families& out);

}  // namespace aftershock::exporter
