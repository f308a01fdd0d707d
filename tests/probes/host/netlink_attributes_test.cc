#include "probes/host/netlink_attributes.h"

#include <catch2/catch.hpp>

#include "netlink_build.h"
#include "recorded_messages.h"

namespace aftershock::host {
namespace {

std::vector<std::uint8_t> Message(std::uint32_t length, std::uint16_t type) {
  nlmsghdr header{};
  header.nlmsg_len = length;
  header.nlmsg_type = type;
  return Build(header).octets();
}

TEST_CASE("Messages are split up to the first that is longer than the buffer", "[host][netlink]") {
  auto buffer = Message(sizeof(nlmsghdr), 7);
  const auto second = Message(sizeof(nlmsghdr) + 1, 8);
  buffer.insert(buffer.end(), second.begin(), second.end());
  const auto messages = SplitMessages(buffer);
  REQUIRE(messages.size() == 1);
  CHECK(messages.front().type == 7);
  CHECK(messages.front().payload.empty());
}

TEST_CASE("A message shorter than its own header is none", "[host][netlink]") {
  const auto length = GENERATE(0u, 1u, 15u);
  CHECK(SplitMessages(Message(length, 7)).empty());
  CHECK(SplitMessages({}).empty());
}

TEST_CASE("A recorded message has its type and all of its payload", "[host][netlink]") {
  const auto octets = FromHex(recorded::kBond);
  const auto messages = SplitMessages(octets);
  REQUIRE(messages.size() == 1);
  CHECK(messages.front().type == RTM_NEWLINK);
  CHECK(messages.front().payload.size() == octets.size() - sizeof(nlmsghdr));
}

TEST_CASE("Of an attribute that comes twice, the last counts", "[host][netlink]") {
  const auto build = Build().Number<std::uint32_t>(1, 10).Number<std::uint32_t>(1, 20);
  CHECK(Attributes(build).Number<std::uint32_t>(1) == 20u);
}

TEST_CASE("A number of another length is no value", "[host][netlink]") {
  const auto build = Build().Number<std::uint16_t>(1, 10).Number<std::uint64_t>(2, 10).Claiming(3, 4);
  const Attributes attributes(build);
  REQUIRE_FALSE(attributes.broken());
  CHECK_FALSE(attributes.Number<std::uint32_t>(1));
  CHECK_FALSE(attributes.Number<std::uint32_t>(2));
  CHECK_FALSE(attributes.Number<std::uint32_t>(3));
  CHECK_FALSE(attributes.Number<std::uint32_t>(4));
}

TEST_CASE("A structure may be longer than what is read of it, and not shorter", "[host][netlink]") {
  const auto build = Build().Number<std::uint64_t>(1, 10).Number<std::uint16_t>(2, 10);
  const Attributes attributes(build);
  CHECK(attributes.Structure<std::uint32_t>(1) == 10u);
  CHECK_FALSE(attributes.Structure<std::uint32_t>(2));
}

TEST_CASE("One attribute that claims too much makes all of them void", "[host][netlink]") {
  const auto length = GENERATE(as<std::uint16_t>{}, 0, 3, 5, 0xffff);
  CAPTURE(length);
  const auto build = Build().Number<std::uint32_t>(1, 10).Claiming(2, length);
  const Attributes attributes(build);
  CHECK(attributes.broken());
  CHECK_FALSE(attributes.Find(1));
}

TEST_CASE("Octets too few for another attribute make all of them void", "[host][netlink]") {
  auto octets = Build().Number<std::uint32_t>(1, 10).octets();
  octets.push_back(0);
  CHECK(Attributes(octets).broken());
}

TEST_CASE("Text ends at its first NUL and has a greatest length", "[host][netlink]") {
  const std::uint8_t open[] = {'i', 'b', '0'};
  const auto build = Build().Text(1, "ib0").Octets(2, open).Octets(3, {});
  const Attributes attributes(build);
  CHECK(attributes.Text(1, 3) == "ib0");
  CHECK(attributes.Text(2, 3) == "ib0");
  CHECK(attributes.Text(3, 3).empty());
  CHECK(attributes.Text(1, 2).empty());
  CHECK(attributes.Text(4, 3).empty());
}

TEST_CASE("A broken set inside an attribute leaves those beside it alone", "[host][netlink]") {
  const auto build = Build().Nest(1, Build().Claiming(1, 99)).Nest(2, Build().Number<std::uint8_t>(5, 6));
  const Attributes attributes(build);
  CHECK(attributes.Nested(1).broken());
  CHECK(attributes.Nested(2).Number<std::uint8_t>(5) == 6);
  CHECK_FALSE(attributes.Nested(3).Find(5));
}

TEST_CASE("A payload shorter than its header has no attributes", "[host][netlink]") {
  const std::uint8_t octets[] = {1, 2, 3};
  CHECK(Attributes::Behind(octets, 4).broken());
  CHECK(Attributes::Behind({}, 4).broken());
  CHECK_FALSE(Attributes::Behind({}, 0).broken());
}

}  // namespace
}  // namespace aftershock::host
