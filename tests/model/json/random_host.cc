#include "random_host.h"

#include <rapidcheck.h>

#include <algorithm>
#include <limits>

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
template <typename E>
E AnyOf(int count) {
  return static_cast<E>(Below(count));
}
template <typename E, typename Code = std::underlying_type_t<E>>
E AnyCode() {
  return static_cast<E>(Any<Code>());
}
template <typename Make>
auto Maybe(const Make& make) -> std::optional<decltype(make())> {
  if (!Any<bool>()) return std::nullopt;
  return make();
}
template <typename Make>
auto Some(const Make& make) -> std::vector<decltype(make())> {
  std::vector<decltype(make())> list(Below(std::size_t{4}));
  std::ranges::generate(list, make);
  return list;
}

std::string AnyName() {
  return Printable(Any<std::string>());
}
int AnyIndex() {
  return Below(std::numeric_limits<int>::max());
}
Duration AnyDuration() {
  return Duration(Below(std::int64_t{100'000'000'000'000}));
}
WallTime AnyTime() {  // before the year 10000
  return WallTime(std::chrono::milliseconds(Below(std::int64_t{253'402'300'800'000})));
}
Gid AnyGid() {
  return {Any<std::uint64_t>(), Any<std::uint64_t>()};
}
IpoibAddress AnyAddress() {
  return {Any<std::uint8_t>(), Below(1u << 24), AnyGid()};
}
Error AnyError() {
  return {AnyOf<Errc>(7), AnyName()};
}
SaAnswer AnySaAnswer() {
  return AnyOf<SaAnswer>(6);
}
HcaPortName AnyPortName() {
  return {AnyName(), Any<std::uint8_t>()};
}
HostEventKind AnyKind() {
  return AnyOf<HostEventKind>(kHostEventKindCount);
}

Result<Uplink> AnyUplink() {
  if (Any<bool>()) return tl::unexpected(AnyError());
  return Uplink{AnyCode<Guid>(), Any<std::uint8_t>(), AnyCode<NodeType>(), AnyName()};
}

HostPort AnyPort() {
  HostPort x;
  x.num = Any<std::uint8_t>();
  x.guid = AnyCode<Guid>();
  x.link_layer = AnyName();
  x.state = AnyCode<PortState>();
  x.phys_state = AnyCode<PhysState>();
  x.lid = Maybe(AnyCode<Lid>);
  x.sm_lid = Maybe(AnyCode<Lid>);
  x.sm_sl = Maybe(Any<std::uint8_t>);
  x.capability_mask = Maybe(Any<std::uint32_t>);
  x.rate_mbps = Maybe(Any<std::uint32_t>);
  x.rate_text = AnyName();
  x.gid = Maybe(AnyGid);
  x.p_keys = Some(Any<std::uint16_t>);
  for (const CounterSpec& spec : Counters()) {
    if (Any<bool>()) x.counters.Set(spec.id, Any<std::uint64_t>());
    x.counters.SetSaturated(spec.id, Any<bool>());
  }
  x.counters_answer = AnyOf<Answer>(6);
  x.uplink = Maybe(AnyUplink);
  return x;
}

Hca AnyHca() {
  return {AnyName(), AnyCode<Guid>(), AnyCode<Guid>(), AnyName(),    AnyName(),
          AnyName(), AnyName(),       AnyName(),       Some(AnyPort)};
}

IpoibLink AnyLink() {
  IpoibLink x;
  x.index = AnyIndex();
  x.name = AnyName();
  x.parent = AnyIndex();
  x.master = AnyIndex();
  x.hca_port = Maybe(AnyPortName);
  x.p_key = Maybe(Any<std::uint16_t>);
  x.mode = Maybe([] { return AnyOf<IpoibMode>(2); });
  x.umcast = Maybe(Any<bool>);
  x.mtu = Any<std::uint32_t>();
  x.flags = Any<std::uint32_t>();
  x.oper_state = AnyOf<OperState>(7);
  x.carrier = Any<bool>();
  x.carrier_changes = Maybe(Any<std::uint32_t>);
  x.address = Maybe(AnyAddress);
  x.broadcast_group = Maybe(AnyGid);
  const auto number = Any<std::uint64_t>;
  x.statistics = Maybe([&] {
    return LinkStatistics{number(), number(), number(), number(), number(), number(), number(), number()};
  });
  x.backlog = Maybe([&] { return Backlog{number(), number()}; });
  return x;
}

BondLeg AnyLeg() {
  return {AnyIndex(), AnyName(), Any<bool>(), Maybe([] { return AnyOf<MiiStatus>(4); }),
          Maybe(Any<std::uint32_t>)};
}

Bond AnyBond() {
  const auto number = Any<std::uint32_t>;
  return {AnyIndex(),
          AnyName(),
          Maybe(Any<std::uint8_t>),
          Maybe(number),
          Maybe(number),
          Maybe(number),
          Maybe(number),
          Maybe(Any<std::uint8_t>),
          AnyIndex(),
          number(),
          number(),
          Any<bool>(),
          Some(AnyLeg)};
}

Neighbour AnyNeighbour() {
  return {AnyIndex(), AnyName(), AnyName(), Any<std::uint16_t>(), Maybe(AnyAddress), Maybe(AnyDuration)};
}

GroupRecord AnyRecord() {
  return {Any<std::uint32_t>(), Any<std::uint8_t>(),  Any<std::uint8_t>(),
          Any<std::uint8_t>(),  Any<std::uint16_t>(), AnyCode<Lid>()};
}

Membership AnyMembership() {
  return {AnyIndex(), AnyName(),        AnyPortName(), Any<std::uint16_t>(),
          AnyGid(),   AnyGid(),         AnySaAnswer(), Any<std::uint16_t>(),
          AnyName(),  Maybe(AnyRecord), SteadyTime(),  Maybe(AnyTime)};
}

SmAnswer AnySm() {
  const auto info = [] {
    return SmInfo{AnyCode<Guid>(), Any<std::uint32_t>(), Any<std::uint8_t>(), AnyCode<SmState>()};
  };
  return {AnyPortName(), AnyCode<Lid>(), Any<std::uint8_t>(), AnySaAnswer(),
          AnyName(),     Maybe(info),    SteadyTime()};
}

NeighbourPath AnyPath() {
  return {AnyIndex(),           AnyName(), AnyName(),   AnyGid(), AnySaAnswer(),
          Any<std::uint16_t>(), AnyName(), SteadyTime()};
}

ProbeResult AnyProbe() {
  return {AnyOf<ProbeKind>(3),  AnyName(),          AnyName(),          Any<std::uint32_t>(),
          Any<std::uint32_t>(), Maybe(AnyDuration), Maybe(AnyDuration), Maybe(AnyDuration),
          Maybe(AnyAddress),    Maybe(AnyError)};
}

HostEvent AnyEvent() {
  return {Any<std::uint64_t>(),
          SteadyTime(Duration(1)),
          AnyTime(),
          AnyKind(),
          AnyName(),
          Any<std::uint8_t>(),
          AnyName(),
          AnyName()};
}

}  // namespace

HostSnapshot RandomHost() {
  HostSnapshot x;
  x.hostname = AnyName();
  x.number = Any<std::uint32_t>();
  x.taken = AnyTime();
  x.taken_steady = SteadyTime(Duration(1));
  x.duration = AnyDuration();
  x.parts = Some([] { return PartReport{AnyOf<HostPart>(kHostPartCount), Maybe(AnyError)}; });
  x.faults = Some([] { return FileFault{AnyName(), AnyError()}; });
  x.hcas = Some(AnyHca);
  x.pci_functions = Some([] {
    return PciFunction{AnyName(), Any<std::uint16_t>(), Any<std::uint16_t>(), AnyName()};
  });
  x.links = Some(AnyLink);
  x.bonds = Some(AnyBond);
  x.neighbours = Some(AnyNeighbour);
  x.memberships = Some(AnyMembership);
  x.sms = Some(AnySm);
  x.paths = Some(AnyPath);
  x.probes = Some(AnyProbe);
  x.sightings = Some([] { return ArpSighting{AnyName(), AnyName(), AnyAddress()}; });
  x.events = Some(AnyEvent);
  x.events_seen = Any<std::uint64_t>();
  for (std::size_t i = Below(std::size_t{4}); i > 0; --i) {
    x.event_counts[{AnyKind(), AnyName()}] = Any<std::uint64_t>();
  }
  const auto number = Any<std::uint64_t>;
  for (MadCount& count : x.mads_total) count = {number(), number(), number(), number(), number()};
  return x;
}

}  // namespace aftershock
