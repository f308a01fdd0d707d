// Questions to the SA, on the wire and through the engine; and an engine that is run in turns.
#include <algorithm>
#include <catch2/catch.hpp>

#include "engine_bench.h"
#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

constexpr Gid kPort{.prefix = 0xfe80000000000000, .id = 0x0002c90300f00001};
constexpr Gid kPeer{.prefix = 0xfe80000000000000, .id = 0x0002c90300f00011};

Gid GidAt(const RequestMad& mad, std::size_t offset) {
  return {.prefix = wire::Load<std::uint64_t>(mad.bytes(), offset),
          .id = wire::Load<std::uint64_t>(mad.bytes(), offset + 8)};
}

Request ToSa(const EngineBench& bench, Attribute record, const SaQuestion& question) {
  return {.address = LidAddress{.lid = bench.tree.hosts[0]->At(1).info.lid},
          .mgmt_class = MgmtClass::kSubnAdm,
          .attribute = record,
          .sa = std::make_shared<const SaQuestion>(question)};
}

}  // namespace

TEST_CASE("A question for a member names its group and port, and nothing else", "[mad][unit]") {
  const Gid group = BroadcastGroup(0xffff);
  const EngineBench bench;
  const RequestMad mad(ToSa(bench, Attribute::kMcMemberRecord, AskMember(group, kPort)), 7, 0);
  CHECK(mad.bytes()[wire::kMethod] == wire::kGet);
  CHECK(mad.bytes()[wire::kClassVersion] == 2);
  CHECK(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute) == 0x0038);
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), 36) == 0);  // SM_Key: no trust is asked for
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), 48) == 0x3);
  CHECK(GidAt(mad, 56) == group);
  CHECK(GidAt(mad, 72) == kPort);
  CHECK(std::ranges::all_of(mad.bytes().subspan(88), [](std::uint8_t octet) { return octet == 0; }));
}

TEST_CASE("A question for a group names it alone", "[mad][unit]") {
  const EngineBench bench;
  const RequestMad mad(ToSa(bench, Attribute::kMcMemberRecord, AskGroup(BroadcastGroup(0xffff))), 7, 0);
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), 48) == 0x1);
  CHECK(GidAt(mad, 56) == BroadcastGroup(0xffff));
  CHECK(std::ranges::all_of(mad.bytes().subspan(72), [](std::uint8_t octet) { return octet == 0; }));
}

TEST_CASE("A question for a path names both ends, and wants one that is reversible", "[mad][unit]") {
  const EngineBench bench;
  const RequestMad mad(ToSa(bench, Attribute::kPathRecord, AskPath(kPort, kPeer)), 7, 0);
  CHECK(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute) == 0x0035);
  CHECK(wire::Load<std::uint64_t>(mad.bytes(), 48) == 0x180c);
  CHECK(GidAt(mad, 56 + 8) == kPeer);
  CHECK(GidAt(mad, 56 + 24) == kPort);
  CHECK(mad.bytes()[56 + 49] == 0x81);
}

TEST_CASE("Only the SA is given a record", "[mad][unit]") {
  const RequestMad mad({.address = LidAddress{.lid = Lid{7}},
                        .mgmt_class = MgmtClass::kPerf,
                        .attribute = Attribute::kPortCounters,
                        .sa = std::make_shared<const SaQuestion>(AskMember(kPort, kPeer))},
                       1, 0);
  CHECK(std::ranges::all_of(mad.bytes().subspan(wire::kHeaderSize),
                            [](std::uint8_t octet) { return octet == 0; }));
}

TEST_CASE("The SA's record is the answer, and that there is none a status", "[mad][unit]") {
  EngineBench bench;
  const Gid group = BroadcastGroup(0x8001);
  auto& sa = *bench.tree.hosts[0]->sa;
  sa.Join(group, kPort);
  const Request member = ToSa(bench, Attribute::kMcMemberRecord, AskMember(group, kPort));
  const Kept kept = bench.Ask(member);
  REQUIRE(kept.answer == Answer::kAnswered);
  CHECK(kept.data.size() == wire::kSaDataSize);
  CHECK(DecodeMemberRecord(kept.data).group == group);
  CHECK(DecodeMemberRecord(kept.data).shared == fake::BroadcastGroupRecord(0x8001));
  sa.Forget(group, kPort);
  CHECK(bench.Ask(member).answer == Answer::kError);
  CHECK(bench.kept.back().status == 0x0300);
}

TEST_CASE("An SA's answer ends where its record does", "[mad][unit]") {
  EngineBench bench;
  const Gid group = BroadcastGroup(0x8001);
  auto& sm = *bench.tree.hosts[0];
  sm.sa->Join(group, kPort);
  sm.misbehaviours = {{.misdeed = Misdeed::kShort}};
  const Kept kept = bench.Ask(ToSa(bench, Attribute::kMcMemberRecord, AskMember(group, kPort)));
  CHECK(kept.answer == Answer::kAnswered);
  CHECK(kept.data.size() == 100 - wire::kSaDataOffset);
  CHECK(kept.data.size() < kMemberRecordSize);
}

TEST_CASE("An engine that is run in turns leaves what is under way, and ends as it would have",
          "[mad][unit]") {
  EngineBench bench;
  bench.fabric.latency = milliseconds(3);
  for (int i = 0; i < 4; ++i) bench.Submit(bench.LeafSmp());
  bool over = false;
  int turns = 0;
  for (; !over; ++turns) {
    const auto turn = bench.engine.RunUntil(bench.clock.Steady() + milliseconds(1));
    REQUIRE(turn);
    over = *turn;
  }
  CHECK(bench.kept.size() == 4);
  CHECK(turns >= 12);
  CHECK(std::ranges::all_of(bench.kept, [](const Kept& kept) { return kept.tries == 1; }));
}

TEST_CASE("A turn without time sends, and takes what is there", "[mad][unit]") {
  EngineBench bench;
  bench.Submit(bench.LeafSmp());
  CHECK_FALSE(*bench.engine.RunUntil(bench.clock.Steady()));
  CHECK(bench.fabric.requests == 1);
  bench.clock.Advance(milliseconds(1));
  (void)bench.engine.RunUntil(bench.clock.Steady());
  CHECK(bench.kept.size() == 1);
}

TEST_CASE("A port that is gone ends everything in a turn too", "[mad][unit]") {
  EngineBench bench;
  bench.Submit(bench.LeafSmp());
  bench.fabric.receive_error = Error{Errc::kInternal, "gone"};
  const auto turn = bench.engine.RunUntil(bench.clock.Steady() + milliseconds(1));
  REQUIRE_FALSE(turn);
  CHECK(turn.error().what == "gone");
  CHECK(bench.kept.at(0).answer == Answer::kUnreachable);
}

}  // namespace aftershock::mad
