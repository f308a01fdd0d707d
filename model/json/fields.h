// Which fields a saved snapshot has and what they are called: one table that the writer and the reader both
// walk.
//
// Internal to model/json. A visitor is called with (name, field); Required() marks what a snapshot is nothing
// without.
#pragma once

#include <concepts>
#include <type_traits>

#include "model/fabric.h"

namespace aftershock::codec {

// A field list is written once and visits both the const object that is saved and the one that is filled.
template <typename T, typename Plain>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Plain>;

template <typename V, MaybeConst<SwitchInfo> T>
void Fields(V& v, T& x) {
  v("linear_fdb_cap", x.linear_fdb_cap);
  v("linear_fdb_top", x.linear_fdb_top);
  v("multicast_fdb_cap", x.multicast_fdb_cap);
  v("multicast_fdb_top", x.multicast_fdb_top);
  v("partition_enforcement_cap", x.partition_enforcement_cap);
  v("lifetime_value", x.lifetime_value);
  v("state_change", x.state_change);
  v("enhanced_port0", x.enhanced_port0);
  v("optimised_sl_to_vl", x.optimised_sl_to_vl);
}

template <typename V, MaybeConst<PortInfo> T>
void Fields(V& v, T& x) {
  v.Hex("gid_prefix", x.gid_prefix);
  v("lid", x.lid);
  v("sm_lid", x.sm_lid);
  v("capability_mask", x.capability_mask);
  v("capability_mask2", x.capability_mask2);
  v("width_enabled", x.width_enabled);
  v("width_supported", x.width_supported);
  v("width_active", x.width_active);
  v("speed_supported", x.speed_supported);
  v("speed_enabled", x.speed_enabled);
  v("speed_active", x.speed_active);
  v("state", x.state);
  v("phys_state", x.phys_state);
  v("lmc", x.lmc);
  v("sm_sl", x.sm_sl);
  v("mtu_supported", x.mtu_supported);
  v("mtu_active", x.mtu_active);
  v("vl_capability", x.vl_capability);
  v("operational_vls", x.operational_vls);
  v("enforces_in", x.enforces_in);
  v("enforces_out", x.enforces_out);
  v("m_key_violations", x.m_key_violations);
  v("p_key_violations", x.p_key_violations);
  v("q_key_violations", x.q_key_violations);
  v("m_key_protect", x.m_key_protect);
}

template <typename V, MaybeConst<SmInfo> T>
void Fields(V& v, T& x) {
  v("guid", x.guid);
  v("activity", x.activity);
  v("priority", x.priority);
  v("state", x.state);
}

template <typename V, MaybeConst<ClassPortInfo> T>
void Fields(V& v, T& x) {
  v("base_version", x.base_version);
  v("class_version", x.class_version);
  v("capability_mask", x.capability_mask);
  v("capability_mask2", x.capability_mask2);
  v("response_time", x.response_time);
  v("redirect_gid", x.redirect_gid);
  v("redirect_sl", x.redirect_sl);
  v("redirect_lid", x.redirect_lid);
  v("redirect_p_key", x.redirect_p_key);
  v("redirect_qp", x.redirect_qp);
  v("redirect_q_key", x.redirect_q_key);
}

template <typename T>
inline constexpr bool kTableReading = false;
template <typename Table>
inline constexpr bool kTableReading<TableReading<Table>> = true;

// The table itself is one text or an object of texts: see tables.cc.
template <typename V, typename T>
requires kTableReading<std::remove_const_t<T>>
void Fields(V& v, T& x) {
  v("table", x.table);
  v("answer", x.answer);
  v("sweep", x.sweep);
  v("unstable", x.unstable);
}

template <typename V, MaybeConst<SwitchTables> T>
void Fields(V& v, T& x) {
  v("linear", x.linear);
  v("multicast", x.multicast);
  v("sl_to_vl", x.sl_to_vl);
  v("adaptive", x.adaptive);
}

template <typename V, MaybeConst<PartitionReading> T>
void Fields(V& v, T& x) {
  v("keys", x.keys);
  v("answer", x.answer);
}

template <typename V, MaybeConst<MembershipReading> T>
void Fields(V& v, T& x) {
  v("member", x.member);
  v("answer", x.answer);
  v("sweep", x.sweep);
}

template <typename V, MaybeConst<SmSeen> T>
void Fields(V& v, T& x) {
  v.Required("node", x.port.node);
  v.Required("port", x.port.port);
  v("port_guid", x.port_guid);
  v("lid", x.lid);
  v("answer", x.answer);
  v("info", x.info);
}

template <typename V, MaybeConst<PathSample> T>
void Fields(V& v, T& x) {
  v.Required("from", x.from);
  v.Required("to", x.to);
  v("sl", x.sl);
}

template <typename V, MaybeConst<GroupRecord> T>
void Fields(V& v, T& x) {
  v("q_key", x.q_key);
  v("mtu", x.mtu);
  v("rate", x.rate);
  v("sl", x.sl);
  v("p_key", x.p_key);
  v("mlid", x.mlid);
}

template <typename V, MaybeConst<SaView> T>
void Fields(V& v, T& x) {
  v("lid", x.lid);
  v("answer", x.answer);
  v("latency_seconds", x.latency);
  v("path_answer", x.path_answer);
  v("paths", x.paths);
  v("group_answer", x.group_answer);
  v("group_missing", x.group_missing);
  v("group", x.group);
}

template <typename V, MaybeConst<Port> T>
void Fields(V& v, T& x) {
  v.Required("num", x.num);
  v("guid", x.guid);
  v("info", x.info);
  v("info_answer", x.info_answer);
  v("info_sweep", x.info_sweep);
  v("peer", x.peer);
  v("peer_answer", x.peer_answer);
  v.Counters(x.counters);
  v("counters_answer", x.counters_answer);
  v("counters_read_seconds", x.counters_read);
  v("restarted", x.restarted);
  v("partitions", x.partitions);
  v("membership", x.membership);
}

template <typename V, MaybeConst<Node> T>
void Fields(V& v, T& x) {
  v.Required("guid", x.guid);
  v("system_image_guid", x.system_image_guid);
  v("type", x.type);
  v("num_ports", x.num_ports);
  v("vendor_id", x.vendor_id);
  v("device_id", x.device_id);
  v("revision", x.revision);
  v("description", x.description);
  v("name", x.name);
  v("route", x.route);
  v("answer", x.answer);
  v("description_answer", x.description_answer);
  v("switch_answer", x.switch_answer);
  v("pma_answer", x.pma_answer);
  v("switch_info", x.switch_info);
  v("pma", x.pma);
  v("duplicate", x.duplicate);
  v("ports", x.ports);
  v("tables", x.tables);
  v("requests", x.requests);
  v("lost", x.lost);
}

template <typename V, MaybeConst<LocalPort> T>
void Fields(V& v, T& x) {
  v("device", x.device);
  v("port", x.port);
  v("guid", x.guid);
  v("lid", x.lid);
  v("sm_lid", x.sm_lid);
}

template <typename V, MaybeConst<SmView> T>
void Fields(V& v, T& x) {
  v("lid", x.lid);
  v("answer", x.answer);
  v("info", x.info);
}

template <typename V, MaybeConst<MadCount> T>
void Fields(V& v, T& x) {
  v.Required("sent", x.sent);
  v.Required("answered", x.answered);
  v.Required("timeouts", x.timeouts);
  v.Required("errors", x.errors);
  v.Required("dropped", x.dropped);
}

template <typename V, MaybeConst<Coverage> T>
void Fields(V& v, T& x) {
  v.Group("nodes", [&](auto& nodes) {
    nodes.Required("expected", x.nodes_expected);
    nodes.Required("answered", x.nodes_answered);
    nodes.Required("unanswered", x.nodes_unanswered);
  });
  v.Group("ports", [&](auto& ports) {
    ports.Required("expected", x.ports_expected);
    ports.Required("answered", x.ports_answered);
    ports.Required("unanswered", x.ports_unanswered);
  });
  v.Required("not_applicable", x.not_applicable);
}

template <typename V, MaybeConst<std::array<MadCount, kMadClassCount>> T>
void Fields(V& v, T& x) {
  for (const MadClass c : {MadClass::kSmp, MadClass::kPma, MadClass::kSa}) {
    v.Required(ToString(c), x[static_cast<std::size_t>(c)]);
  }
}

// started_steady means nothing to another process.
template <typename V, MaybeConst<SweepReport> T>
void Fields(V& v, T& x) {
  v("number", x.number);
  v.Required("started", x.started);
  v.Required("duration_seconds", x.duration);
  v.Required("full", x.full);
  v.Required("complete", x.complete);
  v("incomplete_because", x.incomplete_because);
  v("tables_seconds", x.tables);
  v("table_mads", x.table_mads);
  v.Required("mads", x.mads);
  v.Required("mads_total", x.mads_total);
  v.Required("coverage", x.coverage);
}

}  // namespace aftershock::codec
