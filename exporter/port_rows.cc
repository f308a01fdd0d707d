#include "exporter/port_rows.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace aftershock::exporter {
namespace {

// Stable, so that of equal ones the first of the report stays.
template <typename Key>
void KeepFirst(std::vector<PortRow>& rows, const Key& key) {
  std::ranges::stable_sort(rows, {}, key);
  const auto same = [&](const PortRow& a, const PortRow& b) { return key(a) == key(b); };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
}

bool Silent(const PortRow& row, Answer answer) {
  return Missing(answer) || (Missing(row.node->answer) && answer != Answer::kAnswered);
}

}  // namespace

PortRows CollectPorts(const Report& report) {
  PortRows rows;
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) continue;
    const Node* before = nullptr;
    for (const Node& node : plane.snapshot->nodes) {
      const bool again = before && before->guid == node.guid;
      before = &node;
      if (again || node.type == NodeType::kUnknown) continue;
      for (const Port& port : node.ports) {
        const Guid guid = LabelGuid(node, port);
        if (port.num == 0 || guid == Guid{}) continue;
        (node.IsSwitch() ? rows.switches : rows.adapters)
            .push_back(
                {guid, plane.snapshot.get(), &node, &port,
                 fmt::format("guid=\"0x{:016x}\",port=\"{}\"", static_cast<std::uint64_t>(guid), port.num)});
      }
    }
  }
  KeepFirst(rows.switches, [](const PortRow& row) { return std::tuple(row.guid, row.port->num); });
  // A port GUID is one port; some families of adapters have no other label.
  KeepFirst(rows.adapters, [](const PortRow& row) { return row.guid; });
  return rows;
}

bool InfoKnown(const PortRow& row) {
  return row.port->info && !Silent(row, row.port->info_answer);
}

bool CountersKnown(const PortRow& row) {
  return !Silent(row, row.port->counters_answer);
}

Lid LidOf(const Node& node, const Port& port) {
  const Port* bearer = node.IsSwitch() ? node.FindPort(0) : &port;
  return bearer && bearer->info ? bearer->info->lid : Lid{};
}

Guid LabelGuid(const Node& node, const Port& port) {
  return node.IsSwitch() ? node.guid : port.guid;
}

}  // namespace aftershock::exporter
