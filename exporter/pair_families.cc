#include "exporter/pair_families.h"

#include <set>

namespace aftershock::exporter {

void AddPairs(const PairsReport& pairs, Families& out) {
  out.Start("aftershock_pair_members_live", MetricType::Gauge,
            "Members of the redundancy group that live; nothing while of one of them that is not known.");
  for (const PairReport& pair : pairs.pairs) {
    if (const auto live = pair.Live()) out.Add({{"pair", pair.name}}, *live);
  }
  out.Start("aftershock_pair_answer_ratio", MetricType::Gauge,
            "Questions to the member that were answered in time, of those asked within the window.");
  for (const PairReport& pair : pairs.pairs) {
    std::set<Guid> seen;  // two names of one switch are an error of the configuration, and one series
    for (const MemberReport& member : pair.members) {
      if (member.asked == 0 || member.state == MemberState::kUnknown) continue;
      if (!seen.insert(member.guid).second) continue;
      out.Add({{"pair", pair.name}, {"guid", ToString(member.guid)}},
              static_cast<double>(member.answered) / member.asked);
    }
  }
  out.Start("aftershock_hosts_short_of_switches", MetricType::Gauge,
            "Hosts that reach fewer live switches than they have been cabled to in this run.");
  if (pairs.hosts_short) out.Add({}, *pairs.hosts_short);
}

}  // namespace aftershock::exporter
