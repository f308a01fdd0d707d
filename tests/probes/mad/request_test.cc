#include "probes/mad/request.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

Address AnyAddress() {
  if (*rc::gen::arbitrary<bool>())
    return LidAddress{.lid = static_cast<Lid>(*rc::gen::arbitrary<std::uint16_t>())};
  DirectedRoute route;
  route.hops = *rc::gen::arbitrary<std::uint8_t>();
  route.exit.fill(*rc::gen::arbitrary<std::uint8_t>());
  return route;
}

std::shared_ptr<const SaQuestion> AnySaQuestion() {
  SaQuestion question{.component_mask = *rc::gen::arbitrary<std::uint64_t>()};
  question.record.fill(*rc::gen::arbitrary<std::uint8_t>());
  return std::make_shared<const SaQuestion>(question);
}

// Any bits in every field, numbers outside of the enumerations included.
Request AnyRequest() {
  return {.address = AnyAddress(),
          .mgmt_class = static_cast<MgmtClass>(*rc::gen::arbitrary<std::uint8_t>()),
          .attribute = static_cast<Attribute>(*rc::gen::arbitrary<std::uint16_t>()),
          .modifier = *rc::gen::arbitrary<std::uint32_t>(),
          .lane = kNoLane,
          .port_select = *rc::gen::arbitrary<std::uint8_t>(),
          .get_table = *rc::gen::arbitrary<bool>(),
          .sa = AnySaQuestion()};
}

}  // namespace

TEST_CASE("Whatever is in a request, its method is Get, or GetTable of the SA", "[mad][unit]") {
  CHECK(rc::check([] {
    const Request request = AnyRequest();
    const RequestMad mad(request, *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint64_t>());
    const std::uint8_t method = mad.bytes()[wire::kMethod];
    RC_ASSERT(method == wire::kGet ||
              (method == wire::kGetTable && request.mgmt_class == MgmtClass::kSubnAdm));
  }));
}

TEST_CASE("A directed route is a hop count and the exit of every hop behind an empty first entry",
          "[mad][unit]") {
  const std::array<std::uint8_t, 3> exits{1, 17, 36};
  const RequestMad mad({.address = DirectedRoute::From(exits)}, 0x12345678, 0);
  const auto bytes = mad.bytes();
  CHECK(bytes[wire::kClass] == 0x81);
  CHECK(bytes[wire::kHopCount] == 3);
  CHECK(bytes[wire::kHopPointer] == 0);
  CHECK(wire::Load<std::uint16_t>(bytes, wire::kDrSlid) == 0xffff);
  CHECK(wire::Load<std::uint16_t>(bytes, wire::kDrDlid) == 0xffff);
  CHECK(bytes[wire::kInitialPath] == 0);
  CHECK(std::equal(exits.begin(), exits.end(), bytes.begin() + wire::kInitialPath + 1));
  CHECK(wire::Load<std::uint64_t>(bytes, wire::kTransaction) == 0x12345678);
}

TEST_CASE("Attribute, modifier and M_Key stand where an SMP has them", "[mad][unit]") {
  const RequestMad mad(
      {.address = DirectedRoute{}, .attribute = Attribute::kPortInfo, .modifier = 0x01020304}, 1,
      0x1122334455667788);
  CHECK(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute) == 0x0015);
  CHECK(wire::Load<std::uint32_t>(mad.bytes(), wire::kModifier) == 0x01020304);
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), wire::kMKey) == 0x1122334455667788);
}

TEST_CASE("A performance request carries its port and no M_Key", "[mad][unit]") {
  const RequestMad mad({.address = LidAddress{.lid = Lid{7}},
                        .mgmt_class = MgmtClass::kPerf,
                        .attribute = Attribute::kPortCounters,
                        .port_select = 33},
                       1, 0x1122334455667788);
  CHECK(mad.bytes()[65] == 33);
  CHECK(mad.bytes()[wire::kClassVersion] == 1);
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), wire::kMKey) == 0);
}

TEST_CASE("The SA speaks version 2, and alone has tables", "[mad][unit]") {
  const LidAddress sm{.lid = Lid{1}};
  const RequestMad sa({.address = sm, .mgmt_class = MgmtClass::kSubnAdm, .get_table = true}, 1, 0);
  CHECK(sa.bytes()[wire::kClassVersion] == 2);
  CHECK(sa.bytes()[wire::kMethod] == wire::kGetTable);
  const RequestMad pma({.address = sm, .mgmt_class = MgmtClass::kPerf, .get_table = true}, 1, 0);
  CHECK(pma.bytes()[wire::kMethod] == wire::kGet);
}

TEST_CASE("A key of the SA goes to the SA alone", "[mad][unit]") {
  const auto question = std::make_shared<const SaQuestion>(SaQuestion{.sa_key = 0x1122334455667788});
  const auto key_in = [&](MgmtClass c) {
    const RequestMad mad({.address = LidAddress{.lid = Lid{1}}, .mgmt_class = c, .sa = question}, 1, 0);
    return wire::Load<std::uint64_t>(mad.bytes(), wire::kSaKey);
  };
  CHECK(key_in(MgmtClass::kSubnAdm) == 0x1122334455667788);
  CHECK(key_in(MgmtClass::kPerf) == 0);
}

TEST_CASE("Only a known class with an address of its kind can be sent", "[mad][unit]") {
  const LidAddress lid{.lid = Lid{7}};
  CHECK(IsSendable({.address = DirectedRoute{}}));
  CHECK(IsSendable({.address = lid, .mgmt_class = MgmtClass::kSubnLid}));
  CHECK_FALSE(IsSendable({.address = lid}));
  CHECK_FALSE(IsSendable({.address = DirectedRoute{}, .mgmt_class = MgmtClass::kPerf}));
  CHECK_FALSE(IsSendable({.address = lid, .mgmt_class = static_cast<MgmtClass>(0x0a)}));
  for (const Lid nowhere : {Lid{0}, Lid{0xc000}, Lid{0xffff}}) {
    CHECK_FALSE(IsSendable({.address = LidAddress{.lid = nowhere}, .mgmt_class = MgmtClass::kPerf}));
  }
}

TEST_CASE("A route grows to 63 hops and no further", "[mad][unit]") {
  const std::array<std::uint8_t, kMaxHops + 5> exits{1, 2, 3};
  DirectedRoute route = DirectedRoute::From(exits);
  CHECK(route.hops == kMaxHops);
  CHECK(route.Through(9).hops == kMaxHops);
  route.hops = 2;
  CHECK(route.Through(9).exits()[2] == 9);
}

}  // namespace aftershock::mad
