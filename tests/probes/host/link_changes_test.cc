#include "probes/host/link_changes.h"

#include <catch2/catch.hpp>
#include <functional>

namespace aftershock::host {
namespace {

constexpr std::uint16_t kInfiniBand = 32, kEthernet = 1;

LinkMessage Link(int index, std::string name, std::uint32_t carrier_changes = 2) {
  LinkMessage message;
  message.hardware = kInfiniBand;
  message.kind = "ipoib";
  message.link.index = index;
  message.link.name = std::move(name);
  message.link.flags = kFlagUp | kFlagLowerUp;
  message.link.carrier = true;
  message.link.carrier_changes = carrier_changes;
  message.link.mode = IpoibMode::kDatagram;
  message.link.mtu = 2044;
  message.link.p_key = 0xffff;
  return message;
}

LinkMessage BondOver(int index, int active_leg) {
  LinkMessage message = Link(index, "bond0");
  message.kind = "bond";
  message.bond = Bond{.index = index, .name = "bond0", .active_leg = active_leg, .legs = {}};
  return message;
}

LinkMessage With(LinkMessage message, const std::function<void(IpoibLink&)>& change) {
  change(message.link);
  return message;
}

// "added ib0, up ib0 (detail)": the events as one line.
std::string Told(const LinkChanges::Events& events) {
  std::string text;
  for (const HostEvent& event : events) {
    if (!text.empty()) text += ", ";
    text += std::string(ToString(event.kind)) + " " + event.interface;
    if (!event.detail.empty()) text += " (" + event.detail + ")";
  }
  return text;
}
std::string Name(HostEventKind kind) {
  return std::string(ToString(kind));
}

LinkChanges Knowing(const std::vector<LinkMessage>& links) {
  LinkChanges changes(kInfiniBand);
  changes.Merge(changes.BeginRead(), links);
  return changes;
}

TEST_CASE("What there is at first is learnt and not told", "[host][changes]") {
  LinkChanges changes(kInfiniBand);
  CHECK_FALSE(changes.ready());
  CHECK(changes.Merge(changes.BeginRead(), std::vector{Link(2, "ib0")}).empty());
  CHECK(changes.ready());
  CHECK(changes.Changed(Link(2, "ib0")).empty());
}

TEST_CASE("A new link is told with all that it is beyond one just made", "[host][changes]") {
  LinkChanges changes = Knowing({});
  const auto events = changes.Changed(Link(2, "ib0"));
  CHECK(Told(events) == Name(HostEventKind::kLinkAdded) + " ib0, " + Name(HostEventKind::kLinkUp) + " ib0, " +
                            Name(HostEventKind::kCarrierUp) + " ib0");
}

TEST_CASE("The same message again tells nothing", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  const auto down = With(Link(2, "ib0", 3), [](IpoibLink& link) { link.carrier = false; });
  CHECK(Told(changes.Changed(down)) == Name(HostEventKind::kCarrierDown) + " ib0");
  CHECK(changes.Changed(down).empty());
}

TEST_CASE("Two hundred flaps told as one message are four hundred events", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0", 2)});
  const auto events = changes.Changed(Link(2, "ib0", 402));
  REQUIRE(events.size() == 400);
  CHECK(events.front().kind == HostEventKind::kCarrierDown);
  CHECK(events.back().kind == HostEventKind::kCarrierUp);
}

TEST_CASE("A link that goes is removed or moved, once", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0"), Link(3, "ib1")});
  LinkMessage moved = Link(3, "ib1");
  moved.moved = true;
  CHECK(Told(changes.Gone(Link(2, "ib0"))) == Name(HostEventKind::kLinkRemoved) + " ib0");
  CHECK(Told(changes.Gone(moved)) == Name(HostEventKind::kLinkMoved) + " ib1");
  CHECK(changes.Gone(Link(2, "ib0")).empty());
}

TEST_CASE("A renamed link keeps its identity and tells its old name", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  CHECK(Told(changes.Changed(Link(2, "ibx"))) == Name(HostEventKind::kLinkRenamed) + " ibx (ib0)");
}

TEST_CASE("A leg's old and new master are named", "[host][changes]") {
  LinkMessage other = BondOver(8, 0);
  other.link.name = "bond1";
  LinkChanges changes = Knowing({Link(2, "ib0"), BondOver(7, 0), other});
  const auto enslaved = [](int master) {
    return With(Link(2, "ib0"), [=](IpoibLink& link) { link.master = master; });
  };
  CHECK(Told(changes.Changed(enslaved(7))) == Name(HostEventKind::kEnslaved) + " ib0 (bond0)");
  CHECK(Told(changes.Changed(enslaved(8))) ==
        Name(HostEventKind::kReleased) + " ib0 (bond0), " + Name(HostEventKind::kEnslaved) + " ib0 (bond1)");
  CHECK(Told(changes.Changed(enslaved(0))) == Name(HostEventKind::kReleased) + " ib0 (bond1)");
}

TEST_CASE("The leg that takes over is told when its bond says so", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0"), Link(3, "ib1"), BondOver(7, 2)});
  CHECK(Told(changes.Changed(BondOver(7, 3))) == Name(HostEventKind::kLegActive) + " ib1 (bond0)");
  CHECK(changes.Changed(BondOver(7, 0)).empty());
  CHECK(Told(changes.Changed(BondOver(7, 3))) == Name(HostEventKind::kLegActive) + " ib1 (bond0)");
}

TEST_CASE("Settings that changed are told together, from and to", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  const auto connected = With(Link(2, "ib0"), [](IpoibLink& link) {
    link.mode = IpoibMode::kConnected;
    link.mtu = 65520;
    link.p_key = 0x8001;
  });
  CHECK(Told(changes.Changed(connected)) ==
        Name(HostEventKind::kSettingsChanged) +
            " ib0 (mode datagram -> connected, MTU 2044 -> 65520, P_Key 0xffff -> 0x8001)");
}

TEST_CASE("A setting that is not known has not changed", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  const auto silent = With(Link(2, "ib0"), [](IpoibLink& link) {
    link.mode.reset();
    link.p_key.reset();
  });
  CHECK(changes.Changed(silent).empty());
  CHECK(changes.Changed(Link(2, "ib0")).empty());
}

TEST_CASE("Links of another type are not told, and a bond that becomes one of ours is not new",
          "[host][changes]") {
  LinkChanges changes = Knowing({});
  LinkMessage bond = BondOver(7, 0);
  bond.hardware = kEthernet;
  CHECK(changes.Changed(bond).empty());
  bond.hardware = kInfiniBand;
  CHECK(changes.Changed(bond).empty());
  CHECK(Told(changes.Gone(bond)) == Name(HostEventKind::kLinkRemoved) + " bond0");
}

TEST_CASE("A full read tells what the messages did not", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0"), Link(3, "ib1")});
  const std::vector all{With(Link(3, "ib1", 4), [](IpoibLink& link) { link.master = 9; }), Link(4, "ib2"),
                        With(BondOver(9, 0), [](IpoibLink& link) { link.name = "bond0"; })};
  const std::string told = Told(changes.Merge(changes.BeginRead(), all));
  CHECK(told.find(Name(HostEventKind::kLinkRemoved) + " ib0, " + Name(HostEventKind::kEnslaved) +
                  " ib1 (bond0), " + Name(HostEventKind::kCarrierDown) + " ib1, " +
                  Name(HostEventKind::kCarrierUp) + " ib1, " + Name(HostEventKind::kLinkAdded) + " ib2") ==
        0);
  CHECK(changes.Merge(changes.BeginRead(), all).empty());
}

TEST_CASE("A message that came during a full read counts for more than the read", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0"), Link(3, "ib1")});
  const auto read = changes.BeginRead();
  const std::vector before{Link(2, "ib0"), Link(3, "ib1")};
  changes.Changed(With(Link(2, "ib0", 3), [](IpoibLink& link) { link.carrier = false; }));
  changes.Gone(Link(3, "ib1"));
  changes.Changed(Link(4, "ib2"));
  CHECK(changes.Merge(read, before).empty());
  CHECK(changes.Changed(With(Link(2, "ib0", 3), [](IpoibLink& link) { link.carrier = false; })).empty());
}

TEST_CASE("Of two reads under way, the one that began earlier does not undo the other", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  const auto early = changes.BeginRead();
  changes.Gone(Link(2, "ib0"));
  const auto late = changes.BeginRead();
  CHECK(Told(changes.Merge(late, std::vector{Link(3, "ib1")})).find("ib1") != std::string::npos);
  CHECK(changes.Merge(early, std::vector{Link(2, "ib0")}).empty());
}

TEST_CASE("A read that was given up leaves everything as it was", "[host][changes]") {
  LinkChanges changes = Knowing({Link(2, "ib0")});
  changes.AbandonRead(changes.BeginRead());
  CHECK(changes.Changed(Link(2, "ib0")).empty());
}

}  // namespace
}  // namespace aftershock::host
