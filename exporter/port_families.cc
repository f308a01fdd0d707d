#include "exporter/port_families.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "exporter/port_rows.h"
#include "model/link.h"

namespace aftershock::exporter {
namespace {

// The two kinds of device in the compatible names.
struct Kind {
  std::string_view prefix;  // of every family
  std::string_view rate;    // what stands between the prefix and "rate_bytes_per_second"
  std::string_view of;      // for HELP
  std::string_view label;   // that has the device's name
  bool port_in_rate;        // whether rates carry the port label
};
constexpr Kind kSwitch{"infiniband_switch_", "port_", "switch", "switch", true};
constexpr Kind kAdapter{"infiniband_hca_", "", "adapter", "hca", false};

std::string GuidLabel(const PortRow& row) {
  return fmt::format("guid=\"{}\"", ToString(row.guid));
}

// Empty for an unknown LID: to Prometheus an empty label is none.
std::string LidText(Lid lid) {
  return IsUnicast(lid) ? fmt::format("{}", static_cast<unsigned>(lid)) : "";
}

// metrics.md's uplink_type: the words of ibnetdiscover's port list.
std::string_view TypeText(NodeType type) {
  return type == NodeType::kSwitch ? "SW" : type == NodeType::kRouter ? "RT" : "CA";
}

void WriteCounters(const Kind& kind, const std::vector<PortRow>& rows, TextStream& out) {
  for (const CounterSpec& spec : Counters()) {
    if (spec.metric.empty()) continue;
    out.Family(fmt::format("{}{}", kind.prefix, spec.metric), "counter", spec.help);
    for (const PortRow& row : rows) {
      if (out.broken()) return;
      if (CountersKnown(row) && row.port->counters.Has(spec.id))
        out.Line(row.labels, row.port->counters[spec.id]);
    }
  }
}

void WriteRates(const Kind& kind, const std::vector<PortRow>& rows, TextStream& out) {
  struct Rate {
    std::string_view name, help;
    double (*bits)(std::uint8_t, LinkSpeed);
  };
  static constexpr Rate kRates[] = {
      {"rate", "Octets per second that the link carries at its active width and speed.", DataBitsPerSecond},
      {"raw_rate", "Octets per second on the wire, line coding included.", RawBitsPerSecond},
  };
  for (const Rate& rate : kRates) {
    out.Family(fmt::format("{}{}{}_bytes_per_second", kind.prefix, kind.rate, rate.name), "gauge", rate.help);
    for (const PortRow& row : rows) {
      if (!InfoKnown(row) || !row.port->Linked()) continue;
      const double bits = rate.bits(row.port->info->width_active, row.port->info->speed_active);
      // An unknown width code.
      if (bits > 0) out.Line(kind.port_in_rate ? row.labels : GuidLabel(row), bits / 8);
    }
  }
}

void WriteState(const std::vector<PortRow>& switches, TextStream& out) {
  out.Family("infiniband_switch_port_state", "gauge", "1 while the port has a link, 0 while it has none.");
  for (const PortRow& row : switches) {
    if (!InfoKnown(row)) continue;
    out.Line(fmt::format("{},switch=\"{}\"", row.labels, EscapeLabel(row.node->name)),
             std::uint64_t{row.port->Linked()});
  }
}

void WriteInfo(const Kind& kind, const std::vector<PortRow>& rows, TextStream& out) {
  out.Family(fmt::format("{}info", kind.prefix), "gauge",
             fmt::format("1: the {} is known by this name.", kind.of));
  Guid before{};
  for (const PortRow& row : rows) {
    // The ports of one switch stand together and share its GUID.
    if (std::exchange(before, row.guid) == row.guid) continue;
    out.Line(fmt::format("{},{}=\"{}\",lid=\"{}\"", GuidLabel(row), kind.label, EscapeLabel(row.node->name),
                         LidText(LidOf(*row.node, *row.port))),
             std::uint64_t{1});
  }
}

void WriteUplinks(const Kind& kind, const std::vector<PortRow>& rows, TextStream& out) {
  out.Family(fmt::format("{}uplink_info", kind.prefix), "gauge", "1: the port's cable leads there.");
  for (const PortRow& row : rows) {
    const Node* peer = row.snapshot->PeerNode(*row.port);
    if (!peer || !InfoKnown(row) || !row.port->Linked()) continue;
    const Port* end = row.snapshot->PeerPort(*row.port);
    const Guid guid = end ? LabelGuid(*peer, *end) : Guid{};
    out.Line(
        fmt::format("{},{}=\"{}\",uplink=\"{}\",uplink_guid=\"{}\",uplink_type=\"{}\",uplink_port=\"{}\","
                    "uplink_lid=\"{}\"",
                    row.labels, kind.label, EscapeLabel(row.node->name), EscapeLabel(peer->name),
                    guid == Guid{} ? "" : ToString(guid), TypeText(peer->type), row.port->peer->port,
                    end ? LidText(LidOf(*peer, *end)) : ""),
        std::uint64_t{1});
  }
}

void WriteKind(const Kind& kind, const std::vector<PortRow>& rows, TextStream& out) {
  for (const auto write : {WriteCounters, WriteRates, WriteInfo, WriteUplinks}) {
    if (!out.broken()) write(kind, rows, out);
  }
}

void WriteSaturated(const PortRows& rows, TextStream& out) {
  out.Family("aftershock_counter_saturated", "gauge",
             "1: the register is full and counts no more until it is cleared.");
  for (const auto* kind : {&rows.switches, &rows.adapters}) {
    for (const PortRow& row : *kind) {
      if (!row.port->counters.AnySaturated() || !CountersKnown(row)) continue;
      for (const CounterSpec& spec : Counters()) {
        if (!row.port->counters.Saturated(spec.id)) continue;
        out.Line(fmt::format("{},counter=\"{}\"", row.labels, spec.name), std::uint64_t{1});
      }
    }
  }
}

// A series appears with the first reset: a port that nobody clears, which is nearly every one, has none.
// rate() misses that first step; the series' existence, and the counter-reset note, tell of it.
void WriteResets(const PortRows& rows, TextStream& out) {
  out.Family("aftershock_counter_resets_total", "counter",
             "Times somebody else cleared the port's counters, by the counter cleared most often.");
  for (const auto* kind : {&rows.switches, &rows.adapters}) {
    for (const PortRow& row : *kind) {
      std::uint64_t most = 0;
      for (const auto& [counter, count] : row.port->counters.resets())
        most = std::max<std::uint64_t>(most, count);
      if (most > 0) out.Line(row.labels, most);
    }
  }
}

}  // namespace

void WritePortFamilies(const Report& report, Compat compat, TextStream& out) {
  const PortRows rows = CollectPorts(report);
  if (compat == Compat::kTreydock) {
    WriteKind(kSwitch, rows.switches, out);
    if (!out.broken()) WriteState(rows.switches, out);
    WriteKind(kAdapter, rows.adapters, out);
  }
  if (out.broken()) return;
  WriteSaturated(rows, out);
  WriteResets(rows, out);
}

}  // namespace aftershock::exporter
