#include "model/counters.h"

#include <algorithm>

namespace aftershock {
namespace {

using enum CounterGroup;

constexpr std::array<CounterSpec, kCounterCount> kCounters{{
    {Counter::kXmitData, kTraffic, "xmit_data", "PortXmitData", "port_transmit_data_bytes_total",
     "Octets sent on all VLs.", 32, 4},
    {Counter::kRcvData, kTraffic, "rcv_data", "PortRcvData", "port_receive_data_bytes_total",
     "Octets received on all VLs.", 32, 4},
    {Counter::kXmitPkts, kTraffic, "xmit_pkts", "PortXmitPkts", "port_transmit_packets_total",
     "Packets sent on all VLs.", 32, 1},
    {Counter::kRcvPkts, kTraffic, "rcv_pkts", "PortRcvPkts", "port_receive_packets_total",
     "Packets received on all VLs, with errors too.", 32, 1},
    {Counter::kUnicastXmitPkts, kTraffic, "unicast_xmit_pkts", "PortUnicastXmitPkts",
     "port_unicast_transmit_packets_total", "Unicast packets sent.", 0, 1},
    {Counter::kUnicastRcvPkts, kTraffic, "unicast_rcv_pkts", "PortUnicastRcvPkts",
     "port_unicast_receive_packets_total", "Unicast packets received.", 0, 1},
    {Counter::kMulticastXmitPkts, kTraffic, "multicast_xmit_pkts", "PortMulticastXmitPkts",
     "port_multicast_transmit_packets_total", "Multicast packets sent.", 0, 1},
    {Counter::kMulticastRcvPkts, kTraffic, "multicast_rcv_pkts", "PortMulticastRcvPkts",
     "port_multicast_receive_packets_total", "Multicast packets received.", 0, 1},
    {Counter::kSymbolErrors, kErrors, "symbol_errors", "SymbolErrorCounter", "port_symbol_error_total",
     "Minor link errors on one or more lanes.", 16, 1},
    {Counter::kLinkErrorRecovery, kErrors, "link_error_recovery", "LinkErrorRecoveryCounter",
     "port_link_error_recovery_total", "Times the link recovered from errors without going down.", 8, 1},
    {Counter::kLinkDowned, kErrors, "link_downed", "LinkDownedCounter", "port_link_downed_total",
     "Times the link failed to recover and went down.", 8, 1},
    {Counter::kRcvErrors, kErrors, "rcv_errors", "PortRcvErrors", "port_receive_errors_total",
     "Packets received with an error.", 16, 1},
    {Counter::kRcvRemotePhysicalErrors, kErrors, "rcv_remote_physical_errors", "PortRcvRemotePhysicalErrors",
     "port_receive_remote_physical_errors_total", "Packets received that another port had marked bad.", 16,
     1},
    {Counter::kRcvSwitchRelayErrors, kErrors, "rcv_switch_relay_errors", "PortRcvSwitchRelayErrors",
     "port_receive_switch_relay_errors_total", "Packets that the switch could not forward.", 16, 1},
    {Counter::kXmitDiscards, kErrors, "xmit_discards", "PortXmitDiscards", "port_transmit_discards_total",
     "Packets not sent because the port was down or congested.", 16, 1},
    {Counter::kXmitConstraintErrors, kErrors, "xmit_constraint_errors", "PortXmitConstraintErrors",
     "port_transmit_constraint_errors_total", "Packets not sent because of a partition or raw filter.", 8, 1},
    {Counter::kRcvConstraintErrors, kErrors, "rcv_constraint_errors", "PortRcvConstraintErrors",
     "port_receive_constraint_errors_total",
     "Packets dropped on receipt because of a partition or raw filter.", 8, 1},
    {Counter::kLocalLinkIntegrityErrors, kErrors, "local_link_integrity_errors", "LocalLinkIntegrityErrors",
     "port_local_link_integrity_errors_total", "Times local physical errors exceeded their threshold.", 4, 1},
    {Counter::kExcessiveBufferOverrunErrors, kErrors, "excessive_buffer_overrun_errors",
     "ExcessiveBufferOverrunErrors", "port_excessive_buffer_overrun_errors_total",
     "Times buffer overruns lasted longer than flow control allows.", 4, 1},
    {Counter::kVl15Dropped, kErrors, "vl15_dropped", "VL15Dropped", "port_vl15_dropped_total",
     "Subnet management packets dropped for want of buffers.", 16, 1},
    {Counter::kXmitWait, kErrors, "xmit_wait", "PortXmitWait", "port_transmit_wait_total",
     "Ticks in which data waited and nothing could be sent.", 32, 1},
    {Counter::kQp1Dropped, kErrors, "qp1_dropped", "QP1Dropped", "port_qp1_dropped_total",
     "General services packets dropped for want of buffers.", 16, 1},
    {Counter::kLocalPhysicalErrors, kRcvErrorDetails, "local_physical_errors", "PortLocalPhysicalErrors",
     "port_local_physical_errors_total", "Packets received with a physical error.", 16, 1},
    {Counter::kMalformedPacketErrors, kRcvErrorDetails, "malformed_packet_errors",
     "PortMalformedPacketErrors", "port_malformed_packet_errors_total",
     "Packets received that were malformed.", 16, 1},
    {Counter::kBufferOverrunErrors, kRcvErrorDetails, "buffer_overrun_errors", "PortBufferOverrunErrors",
     "port_buffer_overrun_errors_total", "Packets dropped because of a buffer overrun.", 16, 1},
    {Counter::kDlidMappingErrors, kRcvErrorDetails, "dlid_mapping_errors", "PortDLIDMappingErrors",
     "port_dli_mapping_errors_total", "Packets that could not be forwarded by DLID.", 16, 1},
    {Counter::kVlMappingErrors, kRcvErrorDetails, "vl_mapping_errors", "PortVLMappingErrors",
     "port_vl_mapping_errors_total", "Packets that could not be forwarded by VL.", 16, 1},
    {Counter::kLoopingErrors, kRcvErrorDetails, "looping_errors", "PortLoopingErrors",
     "port_looping_errors_total", "Packets dropped because they would leave by the port they came in.", 16,
     1},
    {Counter::kInactiveDiscards, kXmitDiscardDetails, "inactive_discards", "PortInactiveDiscards", "",
     "Packets discarded because the port was not Active.", 16, 1},
    {Counter::kNeighborMtuDiscards, kXmitDiscardDetails, "neighbor_mtu_discards", "PortNeighborMTUDiscards",
     "", "Packets discarded because they were longer than the neighbour's MTU.", 16, 1},
    {Counter::kSwLifetimeLimitDiscards, kXmitDiscardDetails, "sw_lifetime_limit_discards",
     "PortSwLifetimeLimitDiscards", "", "Packets discarded because their switch lifetime was over.", 16, 1},
    {Counter::kSwHoqLifetimeLimitDiscards, kXmitDiscardDetails, "sw_hoq_lifetime_limit_discards",
     "PortSwHOQLifetimeLimitDiscards", "",
     "Packets discarded because they waited too long at the head of a queue.", 16, 1},
}};

}  // namespace

const std::array<CounterSpec, kCounterCount>& Counters() {
  return kCounters;
}

const CounterSpec& Spec(Counter counter) {
  return kCounters.at(static_cast<std::size_t>(counter));
}

std::optional<Counter> ParseCounter(std::string_view name) {
  const auto* it = std::ranges::find(kCounters, name, &CounterSpec::name);
  if (it == kCounters.end()) return std::nullopt;
  return it->id;
}

void CounterValues::Take(Counter c, std::uint64_t reading, std::uint64_t last, bool saturated) {
  if (!Has(c)) {
    Set(c, reading);
  } else if (reading >= last) {
    Set(c, value_[Index(c)] + (reading - last));
  } else {
    Set(c, value_[Index(c)] + reading);
    SetResets(c, Resets(c) + 1);
  }
  SetSaturated(c, saturated);
}

std::uint32_t CounterValues::Resets(Counter c) const {
  const auto it = std::ranges::find(resets_, c, &std::pair<Counter, std::uint32_t>::first);
  return it == resets_.end() ? 0 : it->second;
}

void CounterValues::SetResets(Counter c, std::uint32_t count) {
  const auto it = std::ranges::lower_bound(resets_, c, {}, &std::pair<Counter, std::uint32_t>::first);
  const bool known = it != resets_.end() && it->first == c;
  if (known && count == 0) {
    resets_.erase(it);
  } else if (known) {
    it->second = count;
  } else if (count != 0) {
    resets_.insert(it, {c, count});
  }
}

}  // namespace aftershock
