#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "build_fabric.h"
#include "build_host.h"

namespace aftershock::tests {
namespace {

template <typename Property>
bool Holds(const char* name, Property property) {
  return rc::check(name, property);
}

template <typename T, typename Container>
T& AnyOf(Container& container) {
  return container[*rc::gen::inRange<std::size_t>(0, container.size())];
}

SaAnswer AnyAnswer() {
  return static_cast<SaAnswer>(*rc::gen::inRange(0, 6));
}

void DisturbPort(HostPort& port) {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      port.state = static_cast<PortState>(*rc::gen::inRange(0, 6));
      break;
    case 1:
      port.phys_state = static_cast<PhysState>(*rc::gen::inRange(0, 8));
      break;
    case 2:
      port.sm_lid = Lid{*rc::gen::arbitrary<std::uint16_t>()};
      break;
    case 3:
      port.rate_mbps = *rc::gen::arbitrary<std::uint32_t>();
      break;
    case 4:
      port.counters.Set(
          *rc::gen::element(Counter::kSymbolErrors, Counter::kLinkDowned, Counter::kXmitDiscards),
          *rc::gen::arbitrary<std::uint64_t>());
      break;
    case 5:
      port.counters_answer = static_cast<Answer>(*rc::gen::inRange(0, 6));
      break;
    case 6:
      port.link_layer = *rc::gen::element<std::string>("", "Ethernet", "InfiniBand");
      break;
    default:
      port.uplink = Uplink{Guid{*rc::gen::inRange<std::uint64_t>(0, 0x203)},
                           *rc::gen::arbitrary<std::uint8_t>(),
                           NodeType::kSwitch,
                           {}};
  }
}

void DisturbLink(IpoibLink& link) {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      link.carrier = !link.carrier;
      break;
    case 1:
      link.flags = *rc::gen::arbitrary<std::uint32_t>();
      break;
    case 2:
      link.mtu = *rc::gen::arbitrary<std::uint32_t>();
      break;
    case 3:
      link.hca_port.reset();
      break;
    case 4:
      link.statistics->tx_packets = *rc::gen::arbitrary<std::uint64_t>();
      break;
    case 5:
      link.backlog = Backlog{*rc::gen::arbitrary<std::uint64_t>(), 0};
      break;
    case 6:
      link.parent = link.index = *rc::gen::inRange(0, 31);
      break;
    default:
      link.broadcast_group.reset();
      link.address.reset();
  }
}

void DisturbAnswers(HostBuilder& host) {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      if (!host.memberships.empty()) {
        Membership& member = AnyOf<Membership>(host.memberships);
        member.answer = AnyAnswer();
        if (*rc::gen::arbitrary<bool>()) member.record.reset();
      }
      break;
    case 1:
      if (!host.sms.empty()) {
        SmAnswer& sm = AnyOf<SmAnswer>(host.sms);
        sm.answer = AnyAnswer();
        sm.info->state = static_cast<SmState>(*rc::gen::inRange(0, 4));
      }
      break;
    case 2:
      host.paths.push_back({*rc::gen::inRange(9, 12), "ib0", "10.0.0.2", {}, AnyAnswer(), 0, {}, {}});
      break;
    default:
      host.neighbours.push_back(
          {10, "ib0", "10.0.0.2", *rc::gen::arbitrary<std::uint16_t>(), IpoibAddress{}, {}});
  }
}

void Disturb(HostBuilder& host) {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      if (!host.hcas.empty()) DisturbPort(AnyOf<Hca>(host.hcas).ports.at(0));
      break;
    case 1:
      if (!host.links.empty()) DisturbLink(AnyOf<IpoibLink>(host.links));
      break;
    case 2:
      DisturbAnswers(host);
      break;
    case 3:
      if (!host.bonds.empty()) {
        Bond& bond = host.TheBond();
        bond.miimon = *rc::gen::inRange<std::uint32_t>(0, 2);
        bond.active_leg = *rc::gen::inRange(9, 13);
        for (BondLeg& leg : bond.legs) leg.mii_status = static_cast<MiiStatus>(*rc::gen::inRange(0, 4));
      }
      break;
    case 4:
      host.HcaNamed(host.hcas.at(0).name).node_guid = Guid{*rc::gen::inRange<std::uint64_t>(0, 0x203)};
      break;
    default:
      AnyOf<PartReport>(host.parts).error = Error{static_cast<Errc>(*rc::gen::inRange(0, 7)), "because"};
  }
}

HostBuilder AnyHost() {
  HostBuilder host;
  if (*rc::gen::inRange(0, 4) == 0) host.Unbond();
  if (host.bonds.empty() && *rc::gen::arbitrary<bool>()) host.Remove(kHcaB);
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) Disturb(host);
  return host;
}

void AnyEvents(Monitor& monitor) {
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    HostEvent event;
    event.kind = static_cast<HostEventKind>(*rc::gen::inRange(0, static_cast<int>(kHostEventKindCount)));
    event.device = *rc::gen::element<std::string>("mlx5_0", "mlx5_1", "");
    event.port = *rc::gen::inRange<std::uint8_t>(0, 3);
    event.interface = *rc::gen::element<std::string>("ib0", "ib1", "");
    event.detail = *rc::gen::element<std::string>("ib0", "ib1", "");
    monitor.Happens(event, std::chrono::milliseconds(1000 * i - *rc::gen::inRange(0, 2000)));
  }
}

void LookAtAnything(Monitor& monitor) {
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    AnyEvents(monitor);
    monitor.Look(AnyHost(), std::chrono::milliseconds(*rc::gen::inRange(0, 60000)));
    if (*rc::gen::inRange(0, 10) == 0) monitor.Restart();
  }
}

TEST_CASE("Whatever a host shows is judged, and each finding has a key of its own",
          "[rules][host][property]") {
  CHECK(Holds("any host", [] {
    Monitor monitor;
    LookAtAnything(monitor);
    std::set<std::string> keys;
    for (const Finding& f : monitor.findings()) {
      RC_ASSERT(keys.insert(Key(f)).second);
      RC_ASSERT(!f.summary.empty());
      RC_ASSERT(f.since.has_value());
    }
  }));
}

TEST_CASE("Folding on a host points at a standing root that weighs as much", "[rules][host][property]") {
  CHECK(Holds("fold", [] {
    Monitor monitor;
    LookAtAnything(monitor);
    std::map<std::string, const Finding*> by_key;
    for (const Finding& f : monitor.findings()) by_key.emplace(Key(f), &f);
    for (const Finding& f : monitor.findings()) {
      if (!f.because) continue;
      RC_ASSERT(by_key.contains(*f.because));
      const Finding& root = *by_key.at(*f.because);
      RC_ASSERT(!root.because);
      Finding alone = f;
      alone.because.reset();
      RC_ASSERT(Judge(std::span(&root, 1)) >= Judge(std::span(&alone, 1)));
    }
  }));
}

TEST_CASE("A part that was not looked at is never OK", "[rules][host][property]") {
  CHECK(Holds("missing parts", [] {
    auto host = AnyHost();
    const auto part = *rc::gen::element(HostPart::kAdapters, HostPart::kPci, HostPart::kInterfaces);
    const auto code = *rc::gen::element(Errc::kDenied, Errc::kTimeout, Errc::kMalformed, Errc::kInternal);
    host.Part(part).error = Error{code, "because"};
    if (*rc::gen::arbitrary<bool>()) {
      std::erase_if(host.parts, [&](const PartReport& report) { return report.part == part; });
    }
    Monitor monitor;
    LookAtAnything(monitor);
    monitor.Look(host);
    RC_ASSERT(monitor.verdict() != Verdict::kOk);
    RC_ASSERT(monitor.verdict() != Verdict::kWarning);
  }));
}

TEST_CASE("A healthy host is OK at once after anything that leaves no trace", "[rules][host][property]") {
  CHECK(Holds("recovers", [] {
    Monitor monitor;
    monitor.Look(HostBuilder());
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      HostBuilder host;
      DisturbAnswers(host);
      monitor.Look(host);
    }
    monitor.Look(HostBuilder());
    RC_ASSERT(monitor.findings().empty());
  }));
}

// One hour of what a fabric does to a healthy host: LID, SM and P_Key changes that drop the carrier for
// milliseconds, a subnet manager that moves and says so, a link that is lost once and comes back.
void LiveThrough(Monitor& monitor, int minute) {
  const std::string_view hca = *rc::gen::element(kHcaA, kHcaB);
  const std::string_view interface = hca == kHcaA ? "ib0" : "ib1";
  HostBuilder host;
  if (minute > 30) {
    for (const auto name : {kHcaA, kHcaB}) {
      host.PortOf(name).sm_lid = Lid{2};
      host.Sm(name).lid = Lid{2};
    }
  }
  if (minute == 31) {
    for (const auto name : {kHcaA, kHcaB}) monitor.Happens(PortEvent(HostEventKind::kSmChange, name), 200ms);
  }
  const auto happens = *rc::gen::inRange(0, 6);
  const bool seen_in_the_middle = happens == 1;
  if (happens <= 1 && minute % 4 == 0) {
    const auto kind =
        *rc::gen::element(HostEventKind::kLidChange, HostEventKind::kSmChange, HostEventKind::kPkeyChange);
    monitor.Happens(PortEvent(kind, hca), 30ms);
    monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, interface), 27ms);
    if (seen_in_the_middle) {
      auto middle = host;
      middle.Link(interface).carrier = false;
      middle.Member(interface).answer = SaAnswer::kNo;
      RC_ASSERT(monitor.Look(middle, 50s).empty());
    }
    monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, interface),
                    seen_in_the_middle ? 10s - 1ms : 1ms);
  }
  RC_ASSERT(monitor.Look(host, 10s).empty());
}

void LoseTheLinkOnce(Monitor& monitor) {
  auto down = HostBuilder();
  down.PullCable(kHcaB);
  monitor.Happens(PortEvent(HostEventKind::kPortErr, kHcaB), 900ms);
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierDown, "ib1"), 890ms);
  RC_ASSERT(monitor.Look(down, 10s).empty());
  monitor.Happens(PortEvent(HostEventKind::kPortActive, kHcaB), 8s);
  monitor.Happens(InterfaceEvent(HostEventKind::kCarrierUp, "ib1"), 7s);
  RC_ASSERT(monitor.Look(HostBuilder(), 10s).empty());
}

TEST_CASE("A healthy host is silent for an hour of flaps below the thresholds", "[rules][host][property]") {
  CHECK(Holds("an hour", [] {
    Monitor monitor;
    monitor.Look(HostBuilder());
    const int lost_at = *rc::gen::inRange(1, 30);
    for (int minute = 0; minute < 60; ++minute) {
      if (minute == lost_at) LoseTheLinkOnce(monitor);
      LiveThrough(monitor, minute);
      RC_ASSERT(monitor.verdict() == Verdict::kOk);
    }
  }));
}

TEST_CASE("What is remembered of a host stays bounded", "[rules][host][unit]") {
  Monitor monitor;
  for (int i = 0; i < 2000; ++i) {
    HostBuilder host;
    host.AddChild(0x8001).name = "ib0.c" + std::to_string(i);
    if (i % 3 == 0) host.PullCable(kHcaB);
    if (i % 3 == 1) host.Remove(kHcaB);
    monitor.Look(host, 60s);
  }
  monitor.Look(HostBuilder());
  CHECK(monitor.state().links.size() < 100);
  CHECK(monitor.state().ports.size() == 2);
  CHECK(monitor.state().hcas.size() == 2);
  CHECK(monitor.state().own_ports.ports.size() <= 2);
  CHECK(monitor.state().groups.size() == 1);
  CHECK(monitor.state().spells.size() == monitor.findings().size());
}

}  // namespace
}  // namespace aftershock::tests
