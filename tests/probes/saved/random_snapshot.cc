#include "random_snapshot.h"

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/printable.h"

namespace aftershock {
namespace {

template <typename T>
T Any() {
  return *rc::gen::arbitrary<T>();
}
template <typename T>
T Below(T limit) {
  return *rc::gen::inRange<T>(0, limit);
}
template <typename E, typename Code = std::underlying_type_t<E>>
E AnyCode() {
  return static_cast<E>(Any<Code>());
}
Answer AnyAnswer() {
  return static_cast<Answer>(Below(6));
}
LinkSpeed AnySpeed() {
  return static_cast<LinkSpeed>(Below(9));
}
SpeedSet AnySpeeds() {
  return SpeedSet::FromBits(Any<std::uint16_t>());
}
std::string AnyName() {
  return Printable(Any<std::string>());
}
Duration AnyDuration() {
  return Duration(Below(std::int64_t{100'000'000'000'000}));
}

SwitchInfo AnySwitchInfo() {
  return {Any<std::uint16_t>(), Any<std::uint16_t>(), Any<std::uint16_t>(),
          Any<std::uint16_t>(), Any<std::uint16_t>(), Any<std::uint8_t>(),
          Any<bool>(),          Any<bool>(),          Any<bool>()};
}

SmInfo AnySmInfo() {
  return {AnyCode<Guid>(), Any<std::uint32_t>(), Any<std::uint8_t>(), AnyCode<SmState>()};
}

ClassPortInfo AnyClassPortInfo() {
  ClassPortInfo x;
  x.base_version = Any<std::uint8_t>();
  x.class_version = Any<std::uint8_t>();
  x.capability_mask = Any<std::uint16_t>();
  x.capability_mask2 = Any<std::uint32_t>();
  x.response_time = Any<std::uint8_t>();
  std::ranges::generate(x.redirect_gid, Any<std::uint8_t>);
  x.redirect_sl = Any<std::uint8_t>();
  x.redirect_lid = AnyCode<Lid>();
  x.redirect_p_key = Any<std::uint16_t>();
  x.redirect_qp = Any<std::uint32_t>();
  x.redirect_q_key = Any<std::uint32_t>();
  return x;
}

PortInfo AnyPortInfo() {
  PortInfo x;
  x.gid_prefix = Any<std::uint64_t>();
  x.lid = AnyCode<Lid>();
  x.sm_lid = AnyCode<Lid>();
  x.capability_mask = Any<std::uint32_t>();
  x.capability_mask2 = Any<std::uint16_t>();
  for (auto* width : {&x.width_enabled, &x.width_supported, &x.width_active}) *width = Any<std::uint8_t>();
  x.speed_supported = AnySpeeds();
  x.speed_enabled = AnySpeeds();
  x.speed_active = AnySpeed();
  x.state = AnyCode<PortState>();
  x.phys_state = AnyCode<PhysState>();
  for (auto* code : {&x.lmc, &x.sm_sl, &x.mtu_supported, &x.mtu_active, &x.vl_capability, &x.operational_vls,
                     &x.m_key_protect}) {
    *code = Any<std::uint8_t>();
  }
  for (auto* count : {&x.m_key_violations, &x.p_key_violations, &x.q_key_violations})
    *count = Any<std::uint16_t>();
  return x;
}

CounterValues AnyCounters() {
  CounterValues x;
  for (const CounterSpec& spec : Counters()) {
    switch (Below(5)) {
      case 0:
        x.SetSaturated(spec.id, true);
        [[fallthrough]];
      case 1:
        x.Set(spec.id, Any<std::uint64_t>());
        break;
      case 2:
        x.Set(spec.id, 0);
        break;
      case 3:
        x.SetResets(spec.id, Any<std::uint32_t>());
        break;
      default:
        break;
    }
  }
  return x;
}

PortSet AnyPorts() {
  PortSet ports;
  for (const std::uint8_t port : Any<std::set<std::uint8_t>>()) ports.set(port);
  return ports;
}

LinearTable AnyLinear() {
  return {Any<std::vector<std::uint8_t>>()};
}

MulticastTable AnyMulticast() {
  MulticastTable x;
  for (const std::uint16_t mlid : Any<std::set<std::uint16_t>>()) x.groups[mlid] = AnyPorts();
  return x;
}

SlToVlTable AnySlToVl() {
  SlToVlTable x;
  for (const auto& pair : Any<std::set<std::pair<std::uint8_t, std::uint8_t>>>()) {
    std::ranges::generate(x.vl[pair], [] { return Below(std::uint8_t{16}); });
  }
  return x;
}

template <typename Make>
auto AnyReading(Make make) {
  using Table = decltype(make());
  TableReading<Table> x;
  if (Any<bool>()) x.table = std::make_shared<const Table>(make());
  x.answer = AnyAnswer();
  x.sweep = Any<std::uint32_t>();
  x.unstable = Any<bool>();
  return x;
}

SwitchTables AnyTables() {
  SwitchTables x;
  x.linear = AnyReading(AnyLinear);
  x.multicast = AnyReading(AnyMulticast);
  x.sl_to_vl = AnyReading(AnySlToVl);
  if (Any<bool>()) x.adaptive = Any<bool>();
  return x;
}

SmSeen AnySm() {
  SmSeen x;
  x.port = {AnyCode<Guid>(), Any<std::uint8_t>()};
  x.port_guid = AnyCode<Guid>();
  x.lid = AnyCode<Lid>();
  x.answer = AnyAnswer();
  if (Any<bool>()) x.info = AnySmInfo();
  return x;
}

SaView AnySa() {
  SaView x;
  x.lid = AnyCode<Lid>();
  x.answer = AnyAnswer();
  if (Any<bool>()) x.latency = AnyDuration();
  x.path_answer = AnyAnswer();
  for (auto i = Below(std::size_t{4}); i > 0; --i) {
    x.paths.push_back({AnyCode<Lid>(), AnyCode<Lid>(), Any<std::uint8_t>()});
  }
  x.group_answer = AnyAnswer();
  x.group_missing = Any<bool>();
  if (Any<bool>()) {
    x.group = {Any<std::uint32_t>(), Any<std::uint8_t>(),  Any<std::uint8_t>(),
               Any<std::uint8_t>(),  Any<std::uint16_t>(), AnyCode<Lid>()};
  }
  return x;
}

Port AnyPort(std::uint8_t num, std::uint32_t nodes) {
  Port x;
  x.num = num;
  x.guid = AnyCode<Guid>();
  if (Any<bool>()) x.info = AnyPortInfo();
  x.info_answer = AnyAnswer();
  x.info_sweep = Any<std::uint32_t>();
  if (Any<bool>()) x.peer = {Below(nodes), Any<std::uint8_t>()};
  x.peer_answer = AnyAnswer();
  x.counters = AnyCounters();
  x.counters_answer = AnyAnswer();
  x.counters_read = AnyDuration();
  x.restarted = Any<bool>();
  if (Any<bool>()) x.partitions.keys = Any<std::vector<std::uint16_t>>();
  x.partitions.answer = AnyAnswer();
  if (Any<bool>()) x.membership.member = Any<bool>();
  x.membership.answer = AnyAnswer();
  x.membership.sweep = Any<std::uint32_t>();
  return x;
}

Node AnyNode(std::uint32_t nodes) {
  Node x;
  x.guid = Guid{Below(std::uint64_t{6})};  // few, so that some come twice
  x.system_image_guid = AnyCode<Guid>();
  x.type = AnyCode<NodeType>();
  x.num_ports = Any<std::uint8_t>();
  x.vendor_id = Any<std::uint32_t>();
  x.device_id = Any<std::uint16_t>();
  x.revision = Any<std::uint32_t>();
  x.description = AnyName();
  x.name = AnyName();
  x.route.resize(Below(std::size_t{64}));
  std::ranges::generate(x.route, Any<std::uint8_t>);
  for (auto* answer : {&x.answer, &x.description_answer, &x.switch_answer, &x.pma_answer})
    *answer = AnyAnswer();
  if (Any<bool>()) x.switch_info = AnySwitchInfo();
  if (Any<bool>()) x.pma = AnyClassPortInfo();
  x.duplicate = Any<bool>();
  for (const std::uint8_t num : Any<std::set<std::uint8_t>>()) x.ports.push_back(AnyPort(num, nodes));
  x.tables = AnyTables();
  x.requests = Any<std::uint32_t>();
  x.lost = Any<std::uint32_t>();
  return x;
}

// A peer is a port that there is.
void LeadSomewhere(std::vector<Node>& nodes) {
  for (Node& node : nodes) {
    for (Port& port : node.ports) {
      if (!port.peer) continue;
      const auto& ports = nodes[port.peer->node].ports;
      if (ports.empty()) {
        port.peer.reset();
      } else {
        port.peer->port = ports[port.peer->port % ports.size()].num;
      }
    }
  }
}

MadCount AnyMads() {
  return {Any<std::uint64_t>(), Any<std::uint64_t>(), Any<std::uint64_t>(), Any<std::uint64_t>(),
          Any<std::uint64_t>()};
}

SweepReport AnySweep() {
  SweepReport x;
  x.number = Any<std::uint32_t>();
  x.started =
      WallTime(std::chrono::milliseconds(Below(std::int64_t{253'402'300'800'000})));  // before the year 10000
  x.duration = AnyDuration();
  x.full = Any<bool>();
  x.complete = Any<bool>();
  x.incomplete_because = AnyName();
  x.tables = AnyDuration();
  x.table_mads = Any<std::uint64_t>();
  std::ranges::generate(x.mads, AnyMads);
  std::ranges::generate(x.mads_total, AnyMads);
  for (auto* count : {&x.coverage.nodes_expected, &x.coverage.nodes_answered, &x.coverage.nodes_unanswered,
                      &x.coverage.ports_expected, &x.coverage.ports_answered, &x.coverage.ports_unanswered,
                      &x.coverage.not_applicable}) {
    *count = Any<std::uint32_t>();
  }
  return x;
}

bool Same(const CounterValues& a, const CounterValues& b) {
  return a.resets() == b.resets() && std::ranges::all_of(Counters(), [&](const CounterSpec& spec) {
           return a.Get(spec.id) == b.Get(spec.id) && a.Saturated(spec.id) == b.Saturated(spec.id);
         });
}

template <typename Table>
bool Same(const TableReading<Table>& a, const TableReading<Table>& b) {
  const auto& [table, answer, sweep, unstable] = a;
  const bool same_table = table && b.table ? *table == *b.table : !table && !b.table;
  return same_table && std::tie(answer, sweep, unstable) == std::tie(b.answer, b.sweep, b.unstable);
}

bool Same(const SwitchTables& a, const SwitchTables& b) {
  const auto& [linear, multicast, sl_to_vl, adaptive] = a;
  return Same(linear, b.linear) && Same(multicast, b.multicast) && Same(sl_to_vl, b.sl_to_vl) &&
         adaptive == b.adaptive;
}

bool Same(const PartitionReading& a, const PartitionReading& b) {
  const auto& [keys, answer] = a;
  return keys == b.keys && answer == b.answer;
}

bool Same(const MembershipReading& a, const MembershipReading& b) {
  const auto& [member, answer, sweep] = a;
  return std::tie(member, answer, sweep) == std::tie(b.member, b.answer, b.sweep);
}

bool Same(const SmSeen& a, const SmSeen& b) {
  const auto& [port, port_guid, lid, answer, info] = a;
  return std::tie(port, port_guid, lid, answer, info) ==
         std::tie(b.port, b.port_guid, b.lid, b.answer, b.info);
}

bool Same(const SaView& a, const SaView& b) {
  const auto& [lid, answer, latency, path_answer, paths, group_answer, group_missing, group] = a;
  return std::tie(lid, answer, latency, path_answer, paths, group_answer, group_missing, group) ==
         std::tie(b.lid, b.answer, b.latency, b.path_answer, b.paths, b.group_answer, b.group_missing,
                  b.group);
}

// The structured bindings name every field there is: one more in the model, and they do not compile.
auto Fields(const Port& x) {
  const auto& [num, guid, info, info_answer, info_sweep, peer, peer_answer, counters, counters_answer,
               counters_read, restarted, partitions, membership] = x;
  static_cast<void>(counters);
  static_cast<void>(partitions);
  static_cast<void>(membership);
  return std::tie(num, guid, info, info_answer, info_sweep, peer, peer_answer, counters_answer, counters_read,
                  restarted);
}

bool Same(const Port& a, const Port& b) {
  return Fields(a) == Fields(b) && Same(a.counters, b.counters) && Same(a.partitions, b.partitions) &&
         Same(a.membership, b.membership);
}

auto Fields(const Node& x) {
  const auto& [guid, image, type, num_ports, vendor, device, revision, description, name, route, answer,
               description_answer, switch_answer, pma_answer, switch_info, pma, duplicate, ports, tables,
               requests, lost] = x;
  static_cast<void>(ports);
  static_cast<void>(tables);
  return std::tie(guid, image, type, num_ports, vendor, device, revision, description, name, route, answer,
                  description_answer, switch_answer, pma_answer, switch_info, pma, duplicate, requests, lost);
}

bool Same(const Node& a, const Node& b) {
  return Fields(a) == Fields(b) && Same(a.tables, b.tables) &&
         std::ranges::equal(a.ports, b.ports, [](const Port& p, const Port& q) { return Same(p, q); });
}

auto Fields(const LocalPort& x) {
  const auto& [device, port, guid, lid, sm_lid] = x;
  return std::tie(device, port, guid, lid, sm_lid);
}

auto Fields(const SmView& x) {
  const auto& [lid, answer, info, last_activity] = x;
  static_cast<void>(last_activity);  // not saved
  return std::tie(lid, answer, info);
}

auto Fields(const SweepReport& x) {
  const auto& [number, started, started_steady, duration, full, complete, because, tables, table_mads, mads,
               mads_total, coverage] = x;
  static_cast<void>(started_steady);
  return std::tie(number, started, duration, full, complete, because, tables, table_mads, mads, mads_total,
                  coverage);
}

}  // namespace

FabricSnapshot RandomSnapshot() {
  FabricSnapshot x;
  x.local = {AnyName(), Any<std::uint8_t>(), AnyCode<Guid>(), AnyCode<Lid>(), AnyCode<Lid>()};
  x.sweep = AnySweep();
  const auto nodes = Below(std::uint32_t{8});
  for (std::uint32_t i = 0; i < nodes; ++i) x.nodes.push_back(AnyNode(nodes));
  std::ranges::sort(x.nodes, {}, [](const Node& node) { return std::tie(node.guid, node.route); });
  LeadSomewhere(x.nodes);
  x.sm = {AnyCode<Lid>(), AnyAnswer(), {}, {}};
  if (Any<bool>()) x.sm.info = AnySmInfo();
  for (auto i = Below(std::size_t{4}); i > 0; --i) x.sms.push_back(AnySm());
  x.sa = AnySa();
  return x;
}

bool Same(const FabricSnapshot& a, const FabricSnapshot& b) {
  return Fields(a.local) == Fields(b.local) && Fields(a.sweep) == Fields(b.sweep) &&
         Fields(a.sm) == Fields(b.sm) && Same(a.sa, b.sa) &&
         std::ranges::equal(a.sms, b.sms, [](const SmSeen& p, const SmSeen& q) { return Same(p, q); }) &&
         std::ranges::equal(a.nodes, b.nodes, [](const Node& p, const Node& q) { return Same(p, q); });
}

}  // namespace aftershock
