// The SA as the sweep asks it.
#include <catch2/catch.hpp>
#include <set>

#include "probes/fabric/sa.h"
#include "world.h"

namespace aftershock::fabric {
namespace {

using fake::Misdeed;
using mad::Attribute;
using namespace std::chrono_literals;

const Gid kGroup = BroadcastGroup(0xffff);

Gid GidOf(const fake::FakePort& port) {
  return {port.info.gid_prefix, static_cast<std::uint64_t>(port.guid)};
}

struct SaWorld : TreeWorld {
  explicit SaWorld(const fake::FatTreeShape& shape = {}) : TreeWorld(shape) {
    for (auto* host : tree.hosts) {
      for (auto& port : host->ports) {
        if (port.Carries()) sa().Join(kGroup, GidOf(port));
      }
    }
  }
  fake::FakeSa& sa() { return *tree.hosts[0]->sa; }
  // The code of PortInfo.OperationalVLs at every switch.
  void UseVls(std::uint8_t code) {
    for (auto& node : net.nodes()) {
      for (auto& port : node.ports) port.info.operational_vls = code;
    }
  }
  void GiveLid(fake::FakeNode& host, Lid lid) {
    host.At(1).info.lid = lid;
    sa().lids[GidOf(host.At(1))] = lid;
  }
  std::uint64_t SaAsked(Attribute attribute) { return tree.hosts[0]->Asked(MadClass::kSa, attribute); }
};

}  // namespace

TEST_CASE("The SA at the master answers for itself, a path, the group and members", "[fabric][sa]") {
  SaWorld world;
  world.UseVls(1);
  const auto s = world.Sweep();
  const SaView& sa = s->sa;
  CHECK(sa.lid == world.tree.hosts[0]->At(1).info.lid);
  CHECK(sa.answer == Answer::kAnswered);
  REQUIRE(sa.latency);
  CHECK(*sa.latency == world.net.latency);
  CHECK(sa.path_answer == Answer::kAnswered);
  REQUIRE(sa.paths.size() == 1);
  CHECK(sa.paths[0].from == world.tree.hosts[0]->At(1).info.lid);
  CHECK(sa.group_answer == Answer::kAnswered);
  CHECK_FALSE(sa.group_missing);
  CHECK(sa.group == fake::BroadcastGroupRecord(0xffff));
  CHECK(PortOf(*s, *world.tree.hosts[2], 1).membership.member == true);
  CHECK(PortOf(*s, *world.tree.hosts[2], 1).membership.sweep == 1);
  CHECK(PortOf(*s, *world.tree.leaves[0], 1).membership.answer == Answer::kNotAsked);
}

TEST_CASE("Paths are asked to one adapter after the other, and kept while their ends keep their LIDs",
          "[fabric][sa]") {
  SaWorld world;
  world.UseVls(1);
  FabricSnapshotPtr s;
  for (int i = 0; i < 16; ++i) s = world.Sweep();
  CHECK(s->sa.paths.size() == 16);
  std::set<Lid> to;
  for (const PathSample& path : s->sa.paths) to.insert(path.to);
  CHECK(to.size() == 16);

  auto& host = *world.tree.hosts[4];
  const Lid old = host.At(1).info.lid;
  world.GiveLid(host, Lid{200});
  s = world.Sweep();
  CHECK(std::ranges::none_of(s->sa.paths, [&](const PathSample& path) { return path.to == old; }));
}

TEST_CASE(
    "Where several data VLs are in use, paths of other ports are asked too, each pair once before any is "
    "twice",
    "[fabric][sa]") {
  SaWorld world;
  world.UseVls(3);
  const auto asked = [&] { return world.SaAsked(Attribute::kPathRecord); };
  auto s = world.Sweep();
  CHECK(asked() == SaReader::kPathsAtFirst);
  std::set<Lid> from;
  for (const PathSample& path : s->sa.paths) from.insert(path.from);
  CHECK(from.size() > 12);
  const std::size_t pairs = 16 * 15;
  while (asked() < pairs) {
    const std::uint64_t before = asked();
    s = world.Sweep();
    CHECK(asked() - before == 1 + SaReader::kPathsPerSweep);
  }
  std::set<std::pair<Lid, Lid>> seen;
  for (const PathSample& path : s->sa.paths) seen.emplace(path.from, path.to);
  CHECK(seen.size() >= pairs - SaReader::kPathsPerSweep);

  auto& host = *world.tree.hosts[4];
  const Lid old = host.At(1).info.lid;
  world.GiveLid(host, Lid{200});
  s = world.Sweep();
  CHECK(std::ranges::none_of(s->sa.paths,
                             [&](const PathSample& path) { return path.to == old || path.from == old; }));
}

TEST_CASE(
    "Of a few ports no pair is asked for twice in a sweep, and of a fabric that was routed anew all again",
    "[fabric][sa]") {
  SaWorld few({.leaf_pairs = 1, .hosts_per_pair = 2, .host_ports = 1});
  few.UseVls(3);
  few.Sweep();
  CHECK(few.SaAsked(Attribute::kPathRecord) == 1 + 2);

  SaWorld world;
  world.UseVls(3);
  auto s = world.Sweep();
  CHECK(s->sa.paths.size() >= SaReader::kPathsAtFirst - 1);
  for (int i = 0; i < 4; ++i) s = world.Sweep();
  const std::size_t before = s->sa.paths.size();
  CHECK(before > SaReader::kPathsAtFirst + SaReader::kPathsPerSweep);
  auto& leaf = *world.tree.leaves[0];
  leaf.linear.back() = leaf.linear.back() == 1 ? 2 : 1;
  world.clock.Advance(60s);
  const std::uint64_t members = world.SaAsked(Attribute::kMcMemberRecord);
  s = world.Sweep();
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) - members <=
        2 + SaReader::kMembersPerSweep);  // the group twice
  CHECK(s->sa.paths.size() < before);
  CHECK(s->sa.paths.size() >= SaReader::kPathsAtFirst - 1);
  CHECK(s->sms.size() == 1);
}

TEST_CASE("A subnet without the broadcast group is told apart from one that was not asked", "[fabric][sa]") {
  SaWorld world;
  CHECK(world.Sweep()->sa.group);
  world.sa().groups.clear();
  const auto s = world.Sweep();
  CHECK(s->sa.group_answer == Answer::kAnswered);
  CHECK(s->sa.group_missing);
  CHECK_FALSE(s->sa.group);
  world.sa().groups[kGroup] = fake::BroadcastGroupRecord(0xffff);
  CHECK_FALSE(world.Sweep()->sa.group_missing);
}

TEST_CASE("Ports are asked about in turn, so many in a sweep and none twice a minute", "[fabric][sa]") {
  SaWorld world({.leaf_pairs = 5});  // 40 ports
  auto& gone = *world.tree.hosts[17];
  world.sa().Forget(kGroup, GidOf(gone.At(2)));
  FabricSnapshotPtr s;
  std::uint64_t before = 0;
  for (int sweep = 1; sweep <= 3; ++sweep) {
    s = world.Sweep();
    const std::uint64_t asked = world.SaAsked(Attribute::kMcMemberRecord);
    CHECK(asked - before <= SaReader::kMembersPerSweep + 1);
    before = asked;
  }
  CHECK(before == 3 + 40);
  CHECK(PortOf(*s, gone, 1).membership.member == true);
  CHECK(PortOf(*s, gone, 2).membership.member == false);
  CHECK(PortOf(*s, *world.tree.hosts[0], 1).membership.answer == Answer::kNotAsked);
  CHECK(PortOf(*s, *world.tree.hosts[0], 1).membership.member == true);
  world.Sweep();
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) == before + 1);  // within the minute the group alone
  world.clock.Advance(60s);
  world.Sweep();
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) > before + 2);
}

TEST_CASE("Who knows the SA's key is told all members at once, once a minute", "[fabric][sa]") {
  SaWorld world({.leaf_pairs = 5});
  auto& gone = *world.tree.hosts[17];
  world.sa().Forget(kGroup, GidOf(gone.At(2)));
  const SweepOptions options{.sa_key = world.sa().sa_key};
  const auto s = world.Sweep(options);
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) == 2);
  CHECK(PortOf(*s, gone, 1).membership.member == true);
  CHECK(PortOf(*s, gone, 2).membership.member == false);
  CHECK(PortOf(*s, gone, 2).membership.answer == Answer::kAnswered);
  world.sa().Join(kGroup, GidOf(gone.At(2)));
  CHECK(PortOf(*world.Sweep(options), gone, 2).membership.member == false);
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) == 3);  // the group
  world.clock.Advance(60s);
  CHECK(PortOf(*world.Sweep(options), gone, 2).membership.member == true);
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) == 5);
}

TEST_CASE("With a wrong key, and of a table that did not come whole, members are asked for in turn",
          "[fabric][sa]") {
  SaWorld world({.leaf_pairs = 5});
  SweepOptions options{.sa_key = world.sa().sa_key};
  SECTION("a wrong key") {
    ++options.sa_key;
  }
  SECTION("a part") {
    world.sa().cuts_tables = true;
  }
  const auto s = world.Sweep(options);
  CHECK(s->sweep.complete);
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) == 2 + SaReader::kMembersPerSweep);
  const auto known = std::ranges::count_if(s->nodes, [](const Node& node) {
    return std::ranges::any_of(node.ports, [](const Port& port) { return port.membership.member == false; });
  });
  CHECK(known == 0);
}

TEST_CASE("An SA that keeps silent costs one chain of time-outs a sweep", "[fabric][sa]") {
  SaWorld world;
  world.Sweep();
  world.tree.hosts[0]->misbehaviours.push_back({.mad_class = MadClass::kSa});
  world.tree.hosts[0]->ForgetWhatWasAsked();
  const auto s = world.Sweep();
  CHECK(s->sa.answer == Answer::kTimeout);
  CHECK_FALSE(s->sa.latency);
  CHECK(s->sa.group_answer == Answer::kNotAsked);
  CHECK(s->sa.path_answer == Answer::kNotAsked);
  CHECK(world.SaAsked(Attribute::kClassPortInfo) == 2);
  CHECK(s->sweep.complete);
  CHECK(s->sweep.duration < 3s);
  CHECK(NodeOf(*s, *world.tree.spines[0]).tables.linear.answer == Answer::kAnswered);
}

TEST_CASE("A slow SA is waited for, and its time is told", "[fabric][sa]") {
  SaWorld world;
  world.tree.hosts[0]->misbehaviours.push_back(
      {.misdeed = Misdeed::kSlow, .mad_class = MadClass::kSa, .late = 800ms});
  const auto s = world.Sweep();
  CHECK(s->sa.answer == Answer::kAnswered);
  REQUIRE(s->sa.latency);
  CHECK(*s->sa.latency >= 800ms);
  CHECK(world.SaAsked(Attribute::kMcMemberRecord) <= 6);
}

TEST_CASE("Without a master, or while our port is not Active, the SA is not asked", "[fabric][sa]") {
  SaWorld world;
  auto& host = *world.tree.hosts[0];
  SECTION("no SM") {
    host.sm.reset();
  }
  SECTION("a standby at the SM LID") {
    host.sm->state = SmState::kStandby;
  }
  SECTION("a port that is only Init") {
    host.At(1).info.state = PortState::kInit;
  }
  const auto s = world.Sweep();
  CHECK(s->sa.answer == Answer::kNotAsked);
  CHECK(world.SaAsked(Attribute::kClassPortInfo) == 0);
}

TEST_CASE("A record of something else, or too short, is no answer", "[fabric][sa][hostile]") {
  SaWorld world;
  const auto misdeed = GENERATE(Misdeed::kNonsense, Misdeed::kShort);
  world.tree.hosts[0]->misbehaviours.push_back({.misdeed = misdeed, .mad_class = MadClass::kSa});
  const auto s = world.Sweep();
  CHECK(s->sa.group_answer == Answer::kError);
  CHECK_FALSE(s->sa.group);
  CHECK(s->sa.path_answer == Answer::kError);
  CHECK(s->sa.paths.empty());
}

TEST_CASE("An SA that refuses is no silent one", "[fabric][sa]") {
  SaWorld world;
  world.tree.hosts[0]->misbehaviours.push_back(
      {.misdeed = Misdeed::kStatus, .mad_class = MadClass::kSa, .status = 0x0700});
  const auto s = world.Sweep();
  CHECK(s->sa.answer == Answer::kError);
  CHECK(s->sa.group_answer == Answer::kError);
  CHECK_FALSE(s->sa.group_missing);
}

}  // namespace aftershock::fabric
