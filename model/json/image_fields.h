// Which fields the images of model/image.h have in JSON. Internal to model/json.
//
// A cable is [guid, port, guid, port], what belongs to a port [guid, port, …]: there are tens of thousands.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "model/image.h"
#include "model/json/fields.h"
#include "model/json/host_fields.h"

namespace aftershock::codec {

template <typename V, MaybeConst<NodeImage> T>
void Fields(V& v, T& x) {
  v.Required("guid", x.guid);
  v("type", x.type);
  v("name", x.name);
  v("ports", x.num_ports);
  v("aggregation", x.aggregation);
}

template <typename V, MaybeConst<PortKey> T>
void Fields(V& v, T& x) {
  v.Required("guid", x.node);
  v.Required("port", x.port);
}

template <typename V, MaybeConst<SmImage> T>
void Fields(V& v, T& x) {
  v("master", x.master);
  v("priority", x.priority);
  v("ports", x.ports);
}

template <typename V, MaybeConst<HcaImage> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v("firmware", x.firmware);
  v("board_id", x.board_id);
  v("node_guid", x.node_guid);
  v("port_guids", x.port_guids);
  v("p_keys", x.p_keys);
}

template <typename V, MaybeConst<InterfaceImage> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v("parent", x.parent);
  v("master", x.master);
  v("hca_port", x.hca_port);
  v("p_key", x.p_key);
  v("mode", x.mode);
  v("umcast", x.umcast);
  v("mtu", x.mtu);
  v("up", x.up);
  v("carrier", x.carrier);
}

template <typename V, MaybeConst<BondImage> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v("mode", x.mode);
  v("fail_over_mac", x.fail_over_mac);
  v("miimon", x.miimon);
  v("arp_interval", x.arp_interval);
  v("mtu", x.mtu);
  v("legs", x.legs);
  v("live_switches", x.live_switches);
}

template <typename V, MaybeConst<MemberImage> T>
void Fields(V& v, T& x) {
  v.Required("interface", x.interface);
  v("p_key", x.p_key);
  v("member", x.member);
  v("group", x.group);
}

// What a host has in one section, under its name.
template <typename Item>
struct OfHost {
  std::string host;
  std::vector<Item> items;
};
template <typename T>
inline constexpr bool kOfHost = false;
template <typename Item>
inline constexpr bool kOfHost<OfHost<Item>> = true;
template <typename V, typename T>
requires kOfHost<std::remove_const_t<T>>
void Fields(V& v, T& x) {
  v.Required("host", x.host);
  v("items", x.items);
}

struct PairMemberImage {
  Guid guid{};
  MemberState state = MemberState::kUnknown;
};
struct PairItem {
  std::string name;
  std::vector<PairMemberImage> members;
};
template <typename V, MaybeConst<PairMemberImage> T>
void Fields(V& v, T& x) {
  v.Required("guid", x.guid);
  v.Required("state", x.state);
}
template <typename V, MaybeConst<PairItem> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v("members", x.members);
}

}  // namespace aftershock::codec
