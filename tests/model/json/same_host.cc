// The structured bindings name every field there is: one more in the model, and they do not compile.
#include <algorithm>
#include <tuple>

#include "random_host.h"

namespace aftershock {
namespace {

auto Fields(const Error& x) {
  const auto& [code, what] = x;
  return std::tie(code, what);
}
auto Fields(const PartReport& x) {
  const auto& [part, error] = x;
  return std::tie(part, error);
}
auto Fields(const FileFault& x) {
  const auto& [path, error] = x;
  return std::tie(path, error);
}
auto Fields(const HostPort& x) {
  const auto& [num, guid, layer, state, phys, lid, sm_lid, sm_sl, capabilities, rate, rate_text, gid, p_keys,
               counters, answer, uplink] = x;
  return std::tie(num, guid, layer, state, phys, lid, sm_lid, sm_sl, capabilities, rate, rate_text, gid,
                  p_keys, counters, answer, uplink);
}
auto Fields(const Hca& x) {
  const auto& [name, node, image, description, firmware, board, type, pci, ports] = x;
  return std::tie(name, node, image, description, firmware, board, type, pci, ports);
}
auto Fields(const PciFunction& x) {
  const auto& [address, vendor, device, driver] = x;
  return std::tie(address, vendor, device, driver);
}
auto Fields(const LinkStatistics& x) {
  const auto& [rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped] = x;
  return std::tie(rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped);
}
auto Fields(const Backlog& x) {
  const auto& [packets, bytes] = x;
  return std::tie(packets, bytes);
}
auto Fields(const IpoibLink& x) {
  const auto& [index, name, parent, master, port, p_key, mode, umcast, mtu, flags, oper, carrier, changes,
               address, group, statistics, backlog] = x;
  return std::tie(index, name, parent, master, port, p_key, mode, umcast, mtu, flags, oper, carrier, changes,
                  address, group, statistics, backlog);
}
auto Fields(const BondLeg& x) {
  const auto& [index, name, active, mii, failures] = x;
  return std::tie(index, name, active, mii, failures);
}
auto Fields(const Bond& x) {
  const auto& [index, name, mode, miimon, arp, up, down, mac, active, mtu, flags, carrier, legs] = x;
  return std::tie(index, name, mode, miimon, arp, up, down, mac, active, mtu, flags, carrier, legs);
}
auto Fields(const Neighbour& x) {
  const auto& [link, interface, ip, state, address, ago] = x;
  return std::tie(link, interface, ip, state, address, ago);
}
auto Fields(const Membership& x) {
  const auto& [link, interface, port, p_key, group, gid, answer, status, why, record, asked, wall] = x;
  static_cast<void>(asked);
  return std::tie(link, interface, port, p_key, group, gid, answer, status, why, record, wall);
}
auto Fields(const SmAnswer& x) {
  const auto& [port, lid, sl, answer, why, info, asked] = x;
  static_cast<void>(asked);
  return std::tie(port, lid, sl, answer, why, info);
}
auto Fields(const NeighbourPath& x) {
  const auto& [link, interface, ip, gid, answer, status, why, asked] = x;
  static_cast<void>(asked);
  return std::tie(link, interface, ip, gid, answer, status, why);
}
auto Fields(const ProbeResult& x) {
  const auto& [kind, peer, interface, sent, answered, min, mean, max, address, error] = x;
  return std::tie(kind, peer, interface, sent, answered, min, mean, max, address, error);
}
auto Fields(const ArpSighting& x) {
  const auto& [interface, ip, address] = x;
  return std::tie(interface, ip, address);
}
auto Fields(const HostEvent& x) {
  const auto& [sequence, at, wall, kind, device, port, interface, detail] = x;
  static_cast<void>(at);
  return std::tie(sequence, wall, kind, device, port, interface, detail);
}
auto Fields(const HostSnapshot& x) {
  const auto& [hostname, number, taken, steady, duration, parts, faults, hcas, pci, links, bonds, neighbours,
               memberships, sms, paths, probes, sightings, events, seen, counts, mads] = x;
  static_cast<void>(steady);
  return std::tie(hostname, number, taken, duration, parts, faults, hcas, pci, links, bonds, neighbours,
                  memberships, sms, paths, probes, sightings, events, seen, counts, mads);
}

// Before the templates that use them: nothing but a declaration above brings them into their look-up.
template <typename T>
bool Equal(const T& a, const T& b);
bool Equal(const Result<Uplink>& a, const Result<Uplink>& b);

bool Equal(const CounterValues& a, const CounterValues& b) {
  return std::ranges::all_of(Counters(), [&](const CounterSpec& spec) {
    return a.Get(spec.id) == b.Get(spec.id) && a.Saturated(spec.id) == b.Saturated(spec.id);
  });
}
template <typename T>
bool Equal(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || Equal(*a, *b));
}
template <typename T>
bool Equal(const std::vector<T>& a, const std::vector<T>& b) {
  return std::ranges::equal(a, b, [](const T& x, const T& y) { return Equal(x, y); });
}
bool Equal(const Result<Uplink>& a, const Result<Uplink>& b) {
  return a.has_value() == b.has_value() && (a ? *a == *b : Fields(a.error()) == Fields(b.error()));
}
template <typename T>
bool Equal(const T& a, const T& b) {
  if constexpr (requires { Fields(a); }) {
    const auto equal = [&]<std::size_t... I>(const auto& x, const auto& y, std::index_sequence<I...>) {
      return (Equal(std::get<I>(x), std::get<I>(y)) && ...);
    };
    const auto x = Fields(a), y = Fields(b);
    return equal(x, y, std::make_index_sequence<std::tuple_size_v<decltype(Fields(a))>>());
  } else {
    return a == b;
  }
}

}  // namespace

bool Same(const HostSnapshot& a, const HostSnapshot& b) {
  return Equal(a, b);
}

}  // namespace aftershock
