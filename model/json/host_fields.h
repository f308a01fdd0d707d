// Which fields a host's snapshot has and what they are called: the host's part of fields.h. Internal to
// model/json.
//
// Times of the monotonic clock mean nothing to another process and are left out.
#pragma once

#include "model/host.h"
#include "model/json/fields.h"

namespace aftershock::codec {

template <typename V, MaybeConst<Error> T>
void Fields(V& v, T& x) {
  v.Required("code", x.code);
  v.Required("what", x.what);
}

template <typename V, MaybeConst<PartReport> T>
void Fields(V& v, T& x) {
  v.Required("part", x.part);
  v("error", x.error);
}

template <typename V, MaybeConst<FileFault> T>
void Fields(V& v, T& x) {
  v.Required("path", x.path);
  v.Required("error", x.error);
}

template <typename V, MaybeConst<Uplink> T>
void Fields(V& v, T& x) {
  v.Required("node", x.node);
  v.Required("port", x.port);
  v("type", x.type);
  v("description", x.description);
}

template <typename V, MaybeConst<HostPort> T>
void Fields(V& v, T& x) {
  v.Required("num", x.num);
  v("guid", x.guid);
  v("link_layer", x.link_layer);
  v("state", x.state);
  v("phys_state", x.phys_state);
  v("lid", x.lid);
  v("sm_lid", x.sm_lid);
  v("sm_sl", x.sm_sl);
  v("capability_mask", x.capability_mask);
  v("rate_mbps", x.rate_mbps);
  v("rate_text", x.rate_text);
  v("gid", x.gid);
  v("p_keys", x.p_keys);
  v.Counters(x.counters);
  v("counters_answer", x.counters_answer);
  v.Outcome("uplink", "uplink_error", x.uplink);
}

template <typename V, MaybeConst<Hca> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v("node_guid", x.node_guid);
  v("system_image_guid", x.system_image_guid);
  v("description", x.description);
  v("firmware", x.firmware);
  v("board_id", x.board_id);
  v("hca_type", x.hca_type);
  v("pci_address", x.pci_address);
  v("ports", x.ports);
}

template <typename V, MaybeConst<PciFunction> T>
void Fields(V& v, T& x) {
  v.Required("address", x.address);
  v("vendor", x.vendor);
  v("device", x.device);
  v("driver", x.driver);
}

template <typename V, MaybeConst<LinkStatistics> T>
void Fields(V& v, T& x) {
  v("rx_packets", x.rx_packets);
  v("tx_packets", x.tx_packets);
  v("rx_bytes", x.rx_bytes);
  v("tx_bytes", x.tx_bytes);
  v("rx_errors", x.rx_errors);
  v("tx_errors", x.tx_errors);
  v("rx_dropped", x.rx_dropped);
  v("tx_dropped", x.tx_dropped);
}

template <typename V, MaybeConst<Backlog> T>
void Fields(V& v, T& x) {
  v("packets", x.packets);
  v("bytes", x.bytes);
}

template <typename V, MaybeConst<HcaPortName> T>
void Fields(V& v, T& x) {
  v.Required("device", x.device);
  v.Required("port", x.port);
}

template <typename V, MaybeConst<IpoibLink> T>
void Fields(V& v, T& x) {
  v.Required("index", x.index);
  v("name", x.name);
  v("parent", x.parent);
  v("master", x.master);
  v("hca_port", x.hca_port);
  v("p_key", x.p_key);
  v("mode", x.mode);
  v("umcast", x.umcast);
  v("mtu", x.mtu);
  v("flags", x.flags);
  v("oper_state", x.oper_state);
  v("carrier", x.carrier);
  v("carrier_changes", x.carrier_changes);
  v("address", x.address);
  v("broadcast_group", x.broadcast_group);
  v("statistics", x.statistics);
  v("backlog", x.backlog);
}

template <typename V, MaybeConst<BondLeg> T>
void Fields(V& v, T& x) {
  v.Required("index", x.index);
  v("name", x.name);
  v("active", x.active);
  v("mii_status", x.mii_status);
  v("failures", x.failures);
}

template <typename V, MaybeConst<Bond> T>
void Fields(V& v, T& x) {
  v.Required("index", x.index);
  v("name", x.name);
  v("mode", x.mode);
  v("miimon_ms", x.miimon);
  v("arp_interval_ms", x.arp_interval);
  v("updelay_ms", x.updelay);
  v("downdelay_ms", x.downdelay);
  v("fail_over_mac", x.fail_over_mac);
  v("active_leg", x.active_leg);
  v("mtu", x.mtu);
  v("flags", x.flags);
  v("carrier", x.carrier);
  v("legs", x.legs);
}

template <typename V, MaybeConst<Neighbour> T>
void Fields(V& v, T& x) {
  v("link", x.link);
  v("interface", x.interface);
  v.Required("ip", x.ip);
  v("state", x.state);
  v("address", x.address);
  v("confirmed_seconds_ago", x.confirmed_ago);
}

template <typename V, MaybeConst<Membership> T>
void Fields(V& v, T& x) {
  v("link", x.link);
  v("interface", x.interface);
  v("port", x.port);
  v("p_key", x.p_key);
  v("group", x.group);
  v("port_gid", x.port_gid);
  v.Required("answer", x.answer);
  v("status", x.status);
  v("why", x.why);
  v("record", x.record);
  v("asked", x.asked_wall);
}

template <typename V, MaybeConst<SmAnswer> T>
void Fields(V& v, T& x) {
  v("port", x.port);
  v("lid", x.lid);
  v("sl", x.sl);
  v.Required("answer", x.answer);
  v("why", x.why);
  v("info", x.info);
}

template <typename V, MaybeConst<NeighbourPath> T>
void Fields(V& v, T& x) {
  v("link", x.link);
  v("interface", x.interface);
  v("ip", x.ip);
  v("gid", x.gid);
  v.Required("answer", x.answer);
  v("status", x.status);
  v("why", x.why);
}

template <typename V, MaybeConst<ProbeResult> T>
void Fields(V& v, T& x) {
  v.Required("kind", x.kind);
  v("peer", x.peer);
  v("interface", x.interface);
  v("sent", x.sent);
  v("answered", x.answered);
  v("latency_min_seconds", x.latency_min);
  v("latency_mean_seconds", x.latency_mean);
  v("latency_max_seconds", x.latency_max);
  v("address", x.address);
  v("error", x.error);
}

template <typename V, MaybeConst<ArpSighting> T>
void Fields(V& v, T& x) {
  v("interface", x.interface);
  v("ip", x.ip);
  v("address", x.address);
}

template <typename V, MaybeConst<HostEvent> T>
void Fields(V& v, T& x) {
  v.Required("sequence", x.sequence);
  v("time", x.wall);
  v.Required("kind", x.kind);
  v("device", x.device);
  v("port", x.port);
  v("interface", x.interface);
  v("detail", x.detail);
}

// An entry of HostSnapshot::event_counts.
struct EventCount {
  HostEventKind kind{};
  std::string source;
  std::uint64_t count = 0;
};
template <typename V, MaybeConst<EventCount> T>
void Fields(V& v, T& x) {
  v.Required("kind", x.kind);
  v("source", x.source);
  v.Required("count", x.count);
}

// event_counts apart: a map, in JSON a list.
template <typename V, MaybeConst<HostSnapshot> T>
void Fields(V& v, T& x) {
  v.Required("hostname", x.hostname);
  v("number", x.number);
  v.Required("taken", x.taken);
  v("duration_seconds", x.duration);
  v.Required("parts", x.parts);
  v("faults", x.faults);
  v("hcas", x.hcas);
  v("pci_functions", x.pci_functions);
  v("links", x.links);
  v("bonds", x.bonds);
  v("neighbours", x.neighbours);
  v("memberships", x.memberships);
  v("sms", x.sms);
  v("paths", x.paths);
  v("probes", x.probes);
  v("sightings", x.sightings);
  v("events", x.events);
  v("events_seen", x.events_seen);
  v("mads_total", x.mads_total);
}

}  // namespace aftershock::codec
