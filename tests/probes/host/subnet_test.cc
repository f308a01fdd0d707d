// What a host hears from its subnet.
#include "probes/host/subnet.h"

#include <catch2/catch.hpp>

#include "probes/mad/wire.h"
#include "subnet_bench.h"

namespace aftershock::host {
namespace {

using fake::Misdeed;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Of all requests of the subnet's administration.
void MakeSa(SubnetBenchPort& port, Misdeed misdeed, std::uint16_t status = 0) {
  port.sm().misbehaviours = {{.misdeed = misdeed, .mad_class = MadClass::kSa, .status = status}};
}

const PartReport& PartOf(const SubnetAnswers& answers, HostPart part) {
  return *std::ranges::find(answers.parts, part, &PartReport::part);
}

}  // namespace

TEST_CASE("The switch and port at the other end of the cable are found and named", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto answers = bench.Look();
  REQUIRE(answers.uplinks.size() == 1);
  CHECK(answers.uplinks[0].first == port.name);
  REQUIRE(answers.uplinks[0].second);
  const Uplink expected{
      .node = port.leaf().guid, .port = 2, .type = NodeType::kSwitch, .description = "leaf01"};
  CHECK(*answers.uplinks[0].second == expected);
}

TEST_CASE("A node is asked for its name once, and another one again", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto asked = [&] { return port.leaf().Asked(MadClass::kSmp, mad::Attribute::kNodeDescription); };
  bench.LookFor(seconds(60));
  CHECK(asked() == 1);
  CHECK(port.leaf().Asked(MadClass::kSmp, mad::Attribute::kNodeInfo) == 6);
  port.leaf().guid = Guid{0xb8cef603000000aa};
  port.leaf().description = "leaf01, replaced";
  const auto answers = bench.Look();
  CHECK(asked() == 2);
  CHECK(answers.uplinks[0].second->description == "leaf01, replaced");
}

TEST_CASE("A node that does not answer is asked less and less often, until the port was down",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.leaf().misbehaviours = {{.mad_class = MadClass::kSmp}};
  auto answers = bench.LookFor(std::chrono::minutes(30));
  CHECK(answers.uplinks[0].second.error().code == Errc::kTimeout);
  CHECK(port.leaf().Asked(MadClass::kSmp, mad::Attribute::kNodeInfo) <= 2 * 8);
  port.leaf().misbehaviours.clear();
  bench.PortOf(port).state = PortState::kDown;
  CHECK(bench.Look().uplinks.empty());
  bench.PortOf(port).state = PortState::kActive;
  CHECK(bench.Look().uplinks[0].second.has_value());
}

TEST_CASE("NodeInfo that makes no sense is no cable's end", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.leaf().guid = Guid{};
  CHECK(bench.Look().uplinks[0].second.error().code == Errc::kMalformed);
}

TEST_CASE("The SA says who is a member, with the group's record, and who is not", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto member = bench.Look().memberships.at(0);
  CHECK(member.answer == SaAnswer::kYes);
  CHECK(member.interface == "ib0");
  CHECK(member.group == BroadcastGroup(0xffff));
  CHECK(member.port_gid == port.gid());
  CHECK(member.record == fake::BroadcastGroupRecord(0xffff));
  CHECK(member.asked.has_value());

  port.sm().sa->Forget(BroadcastGroup(0xffff), port.gid());
  const auto forgotten = bench.LookFor(seconds(180)).memberships.at(0);
  CHECK(forgotten.answer == SaAnswer::kNo);
  CHECK(forgotten.status == 0x0300);
  CHECK_FALSE(forgotten.record.has_value());
}

TEST_CASE("Silence, refusal and nonsense of the SA are told apart", "[host][unit]") {
  struct Row {
    Misdeed misdeed;
    std::uint16_t status;
    SaAnswer answer;
  };
  const auto row = GENERATE(
      Row{Misdeed::kSilent, 0, SaAnswer::kTimeout}, Row{Misdeed::kGarbage, 0, SaAnswer::kTimeout},
      Row{Misdeed::kNonsense, 0, SaAnswer::kError}, Row{Misdeed::kShort, 0, SaAnswer::kError},
      Row{Misdeed::kStatus, 0x0700, SaAnswer::kRefused}, Row{Misdeed::kStatus, 0x000c, SaAnswer::kRefused},
      Row{Misdeed::kStatus, 0x0001, SaAnswer::kRefused});
  CAPTURE(static_cast<int>(row.misdeed), row.status);
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const Gid peer{.prefix = port.gid().prefix, .id = 77};
  bench.AddNeighbour(1, "10.1.0.3", peer);
  port.sm().sa->ports.insert(peer);
  MakeSa(port, row.misdeed, row.status);
  // The path's question follows the membership's: after a silence it has to wait for its next turn.
  const auto answers = bench.LookFor(std::chrono::minutes(20));
  CHECK(answers.memberships.at(0).answer == row.answer);
  CHECK(answers.memberships.at(0).status == row.status);
  CHECK(answers.memberships.at(0).why.empty() == (row.answer == SaAnswer::kTimeout));
  REQUIRE(answers.paths.size() == 1);
  CHECK(answers.paths[0].answer == row.answer);
  CHECK_FALSE(PartOf(answers, HostPart::kSa).error.has_value());
}

TEST_CASE("A port outside of the default partition is told why the SA keeps silent", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  bench.PortOf(port).p_keys = {0x8001};
  MakeSa(port, Misdeed::kSilent);
  const auto answer = bench.Look().memberships.at(0);
  CHECK(answer.answer == SaAnswer::kTimeout);
  CHECK(answer.why.find("default partition") != std::string::npos);
}

TEST_CASE("What the local stack refuses could not be asked, and says why", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.fabric.send_error = Error{Errc::kInternal, "the kernel refused a MAD: Invalid argument"};
  const auto answers = bench.Look();
  CHECK(answers.memberships.at(0).answer == SaAnswer::kError);
  CHECK(answers.memberships.at(0).why == port.fabric.send_error->what);
  CHECK(answers.sms.at(0).answer == SaAnswer::kError);
  CHECK(answers.uplinks.at(0).second.error().what == port.fabric.send_error->what);
}

TEST_CASE("What answers at the SM LID is told, and that nothing does", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto master = bench.Look().sms.at(0);
  CHECK(master.answer == SaAnswer::kYes);
  CHECK(master.lid == bench.PortOf(port).sm_lid);
  REQUIRE(master.info);
  CHECK(master.info->state == SmState::kMaster);

  port.sm().sm->state = SmState::kStandby;
  CHECK(bench.LookFor(seconds(130)).sms.at(0).info->state == SmState::kStandby);
  port.sm().sm.reset();
  CHECK(bench.LookFor(seconds(130)).sms.at(0).answer == SaAnswer::kRefused);
  port.fabric.UnplugAll(port.sm());
  CHECK(bench.LookFor(seconds(130)).sms.at(0).answer == SaAnswer::kTimeout);
}

TEST_CASE("A port that knows no SM asks none", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  bench.PortOf(port).sm_lid = Lid{};
  const auto answers = bench.LookFor(seconds(130));
  CHECK(answers.sms.at(0).answer == SaAnswer::kError);
  CHECK(port.sm().requests == 0);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kNotAsked);
}

TEST_CASE("The SA is asked for the path to a neighbour while there is one", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const fake::FakePort& peer = port.tree.hosts[2]->At(1);
  const Gid gid{.prefix = peer.info.gid_prefix, .id = static_cast<std::uint64_t>(peer.guid)};
  bench.AddNeighbour(1, "10.1.0.3", gid);
  const auto known = bench.Look().paths.at(0);
  CHECK(known.answer == SaAnswer::kYes);
  CHECK(known.gid == gid);
  CHECK(known.ip == "10.1.0.3");
  port.sm().sa->ports.erase(gid);
  CHECK(bench.LookFor(seconds(130)).paths.at(0).answer == SaAnswer::kNo);
  bench.seen.neighbours.clear();
  CHECK(bench.Look().paths.empty());
}

TEST_CASE("Every interface that is up has an entry, also one that cannot be asked about", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  bench.AddChild(port, 0x8001);
  bench.AddChild(port, 0x8002).flags = 0;
  IpoibLink& odd = bench.AddChild(port, 0x8003);
  odd.broadcast_group.reset();
  odd.p_key.reset();
  const auto answers = bench.Look();
  REQUIRE(answers.memberships.size() == 3);
  CHECK(answers.memberships[0].answer == SaAnswer::kYes);
  CHECK(answers.memberships[1].answer == SaAnswer::kNotAsked);
  CHECK_FALSE(answers.memberships[1].why.empty());
  CHECK(answers.memberships[2].answer == SaAnswer::kError);
  CHECK(bench.LookFor(seconds(130)).memberships[1].answer == SaAnswer::kYes);
}

TEST_CASE("An answer is about one port, group and GID: to another question there is none so far",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  REQUIRE(bench.Look().memberships.at(0).answer == SaAnswer::kYes);
  SECTION("the interface is renamed") {
    bench.seen.links[0].name = "ibx";
    CHECK(bench.Look().memberships.at(0).answer == SaAnswer::kYes);
    CHECK(bench.Look().memberships.at(0).interface == "ibx");
  }
  SECTION("its GID is another") {
    bench.seen.links[0].address->gid.prefix ^= 1;
    CHECK(bench.Look().memberships.at(0).answer == SaAnswer::kNotAsked);
  }
  SECTION("the port was down") {
    bench.PortOf(port).state = PortState::kInit;
    const auto answer = bench.Look().memberships.at(0);
    CHECK(answer.answer == SaAnswer::kNotAsked);
    CHECK(answer.why.find("mlx5_0:1") != std::string::npos);
    bench.PortOf(port).state = PortState::kActive;
    CHECK(bench.Look().memberships.at(0).answer == SaAnswer::kNotAsked);
  }
}

TEST_CASE("Nothing but Get leaves a host", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  bench.AddNeighbour(1, "10.1.0.3", {.prefix = port.gid().prefix, .id = 77});
  bench.LookFor(std::chrono::minutes(5));
  CHECK(port.fabric.methods.size() == 1);
  CHECK(port.fabric.methods.contains(mad::wire::kGet));
}

}  // namespace aftershock::host
