// What the engine makes of answers that are not what they should be.
#include <catch2/catch.hpp>

#include "engine_bench.h"
#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

// By LID and by route, each broken once: thrown away, and the repeated request gets through.
void CheckDroppedAndRepeated(EngineBench& bench, const Request& request, fake::FakeNode& node,
                             Misdeed misdeed) {
  node.misbehaviours = {{.misdeed = misdeed, .times = 1}};
  const auto before = bench.engine.counts();
  const Kept kept = bench.Ask(request);
  CHECK(kept.answer == Answer::kAnswered);
  CHECK(kept.tries == 2);
  std::uint64_t dropped = 0;
  for (std::size_t c = 0; c < kMadClassCount; ++c)
    dropped += bench.engine.counts()[c].dropped - before[c].dropped;
  CHECK(dropped == 1);
}

}  // namespace

TEST_CASE("An answer that is not to our question is dropped and counted", "[mad][unit]") {
  const auto misdeed = GENERATE(Misdeed::kGarbage, Misdeed::kShort, Misdeed::kWrongTransaction,
                                Misdeed::kWrongSource, Misdeed::kWrongClass, Misdeed::kWrongAttribute,
                                Misdeed::kWrongModifier, Misdeed::kNoResponseBit);
  CAPTURE(static_cast<int>(misdeed));
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  CheckDroppedAndRepeated(bench, bench.Pma(leaf), leaf, misdeed);
  CheckDroppedAndRepeated(bench, bench.LeafSmp(), leaf, misdeed);
}

TEST_CASE("A directed-route answer that is not on its way back is dropped", "[mad][unit]") {
  EngineBench bench;
  CheckDroppedAndRepeated(bench, bench.LeafSmp(), *bench.tree.leaves[0], Misdeed::kNoDirectionBit);
}

TEST_CASE("The second of two equal answers is dropped", "[mad][unit]") {
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  leaf.misbehaviours = {{.misdeed = Misdeed::kTwice, .times = 1}};
  for (int i = 0; i < 3; ++i) bench.Submit(bench.LeafSmp());
  REQUIRE(bench.Run());
  CHECK(bench.kept.size() == 3);
  const MadCount expected{.sent = 3, .answered = 3, .dropped = 1};
  CHECK(bench.Count(MadClass::kSmp) == expected);
}

TEST_CASE("An answer after its time-out is dropped, the repeated one counts", "[mad][unit]") {
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  leaf.misbehaviours = {{.misdeed = Misdeed::kLate, .times = 1, .late = milliseconds(260)}, {.times = 1}};
  const Kept kept = bench.Ask(bench.LeafSmp());
  CHECK(kept.tries == 3);
  const MadCount expected{.sent = 3, .answered = 1, .timeouts = 2, .dropped = 1};
  CHECK(bench.Count(MadClass::kSmp) == expected);
}

TEST_CASE("An arrival nobody asked for is dropped", "[mad][unit]") {
  EngineBench bench;
  Arrival stranger;
  stranger.length = GENERATE(std::size_t{0}, std::size_t{23}, kMadSize);
  stranger.bytes[wire::kClass] = 0x04;
  bench.fabric.Inject(stranger);
  CHECK(bench.Ask(bench.LeafSmp()).tries == 1);
  CHECK(bench.Count(MadClass::kPma).dropped + bench.Count(MadClass::kSmp).dropped == 1);
}

TEST_CASE("A request of ours that comes back twice counts once", "[mad][unit]") {
  EngineBench bench;
  bench.tree.leaves[0]->misbehaviours = {{.times = 1}};
  Arrival back;
  bench.fabric.before_request = [&](const RequestMad& mad) {
    std::copy(mad.bytes().begin(), mad.bytes().end(), back.bytes.begin());
    back.length = kMadSize;
    back.send_status = 110;
    bench.fabric.Inject(back, milliseconds(201));
    bench.fabric.before_request = nullptr;
  };
  bench.fabric.latency = milliseconds(5);
  CHECK(bench.Ask(bench.LeafSmp()).tries == 2);
  const MadCount expected{.sent = 2, .answered = 1, .timeouts = 1, .dropped = 1};
  CHECK(bench.Count(MadClass::kSmp) == expected);
}

TEST_CASE("A status says what kind of no it is", "[mad][unit]") {
  struct Row {
    std::uint16_t status;
    Answer answer;
  };
  const auto row = GENERATE(Row{0x0004, Answer::kUnsupported}, Row{0x0008, Answer::kUnsupported},
                            Row{0x000c, Answer::kUnsupported}, Row{0x001c, Answer::kUnsupported},
                            Row{0x0010, Answer::kError}, Row{0x0300, Answer::kError});
  CAPTURE(row.status);
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  leaf.misbehaviours = {{.misdeed = Misdeed::kStatus, .status = row.status}};
  for (const Request& request : {bench.LeafSmp(), bench.Pma(leaf)}) {
    const Kept kept = bench.Ask(request);
    CHECK(kept.answer == row.answer);
    CHECK(kept.status == row.status);
    CHECK(kept.tries == 1);
    CHECK(kept.data.empty());
  }
  CHECK(bench.Count(MadClass::kSmp).errors == 1);
}

TEST_CASE("A busy node is asked again", "[mad][unit]") {
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  leaf.misbehaviours = {{.misdeed = Misdeed::kStatus, .times = 2, .status = wire::kBusy}};
  CHECK(bench.Ask(bench.LeafSmp()).tries == 3);
  CHECK(bench.kept.back().answer == Answer::kAnswered);
  leaf.misbehaviours = {{.misdeed = Misdeed::kStatus, .status = wire::kBusy}};
  CHECK(bench.Ask(bench.LeafSmp()).answer == Answer::kError);
  CHECK(bench.kept.back().status == wire::kBusy);
}

TEST_CASE("A redirection is followed, and remembered for the class", "[mad][unit]") {
  EngineBench bench;
  auto& from = *bench.tree.hosts[1];
  auto& to = *bench.tree.hosts[2];
  to.At(1).registers[Counter::kSymbolErrors] = 42;
  from.misbehaviours = {{.misdeed = Misdeed::kRedirect,
                         .mad_class = MadClass::kPma,
                         .redirect = {.lid = to.At(1).info.lid, .sl = 3, .qp = 0x1234, .q_key = 0xabcd}}};
  const Kept kept = bench.Ask(bench.Pma(from));
  REQUIRE(kept.answer == Answer::kAnswered);
  CHECK(kept.tries == 2);
  RegisterBuffer buffer;
  CHECK(DecodePortCounters(kept.data, false, buffer).front().value == 42);
  CHECK(bench.fabric.last_address.sl == 3);
  CHECK(bench.fabric.last_address.qp == 0x1234);
  CHECK(bench.fabric.last_address.q_key == 0xabcd);

  CHECK(bench.Ask(bench.Pma(from)).tries == 1);
  CHECK(from.requests == 1);
}

TEST_CASE("A redirection that no longer answers is forgotten", "[mad][unit]") {
  EngineBench bench;
  auto& from = *bench.tree.hosts[1];
  auto& to = *bench.tree.hosts[2];
  from.misbehaviours = {{.misdeed = Misdeed::kRedirect, .times = 1, .redirect = {.lid = to.At(1).info.lid}}};
  REQUIRE(bench.Ask(bench.Pma(from)).answer == Answer::kAnswered);
  to.misbehaviours = {{}};
  const Kept kept = bench.Ask(bench.Pma(from));
  CHECK(kept.answer == Answer::kAnswered);
  CHECK(kept.tries == 2);
  CHECK(from.requests == 2);
}

TEST_CASE("Two nodes that redirect to each other are not followed in circles", "[mad][unit]") {
  EngineBench bench;
  auto& a = *bench.tree.hosts[1];
  auto& b = *bench.tree.hosts[2];
  a.misbehaviours = {{.misdeed = Misdeed::kRedirect, .redirect = {.lid = b.At(1).info.lid}}};
  b.misbehaviours = {{.misdeed = Misdeed::kRedirect, .redirect = {.lid = a.At(1).info.lid}}};
  const Kept kept = bench.Ask(bench.Pma(a));
  CHECK(kept.answer == Answer::kError);
  CHECK(kept.tries == 2);
}

TEST_CASE("A redirection without a LID cannot be followed", "[mad][unit]") {
  EngineBench bench;
  auto& host = *bench.tree.hosts[1];
  host.misbehaviours = {{.misdeed = Misdeed::kRedirect}};
  CHECK(bench.Ask(bench.Pma(host)).answer == Answer::kError);
  CHECK(bench.kept.back().tries == 1);
}

TEST_CASE("A port answers by the LID it was asked by, whichever of its own", "[mad][unit]") {
  EngineBench bench;
  auto& host = *bench.tree.hosts.back();
  host.At(1).info.lid = Lid{0x100};
  host.At(1).info.lmc = 2;
  Request request = bench.Pma(host);
  request.address = LidAddress{.lid = Lid{0x103}};
  CHECK(bench.Ask(request).answer == Answer::kAnswered);
  request.address = LidAddress{.lid = Lid{0x104}};
  CHECK(bench.Ask(request).answer == Answer::kTimeout);
}

}  // namespace aftershock::mad
