// The ports that /metrics shows, each once, with their labels. Internal to exporter.
#pragma once

#include <string>
#include <vector>

#include "model/report.h"

namespace aftershock::exporter {

struct PortRow {
  Guid guid{};  // the label: of a switch its node GUID, of an adapter the port's
  const FabricSnapshot* snapshot = nullptr;
  const Node* node = nullptr;
  const Port* port = nullptr;
  std::string labels;  // guid="0x…",port="7"
};

struct PortRows {
  std::vector<PortRow> switches;  // by GUID and port, without port 0
  std::vector<PortRow> adapters;  // by GUID: ports whose GUID is known
};

// Points into the report's snapshots.
PortRows CollectPorts(const Report& report);

// Whether what the snapshot holds of the port is still so, as far as is known: a silent port's last values
// are history.
bool InfoKnown(const PortRow& row);
bool CountersKnown(const PortRow& row);

// LID of the port, of a switch that of its port 0; 0: not known.
Lid LidOf(const Node& node, const Port& port);
// GUID by which `port` of `node` goes in labels; 0: not known.
Guid LabelGuid(const Node& node, const Port& port);

}  // namespace aftershock::exporter
