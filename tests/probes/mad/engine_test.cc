#include "probes/mad/engine.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine_bench.h"

namespace aftershock::mad {

using Undelivered = fake::FakeFabric::Undelivered;

TEST_CASE("An answer brings the attribute's octets", "[mad][unit]") {
  EngineBench bench;
  const Kept own = bench.Ask(bench.Smp());
  CHECK(own.answer == Answer::kAnswered);
  CHECK(own.tries == 1);
  CHECK(own.data.size() == kSmpDataSize);
  CHECK(DecodeNodeInfo(own.data).node_guid == bench.tree.hosts.front()->guid);

  bench.tree.leaves[0]->At(1).registers[Counter::kSymbolErrors] = 12;
  const Kept counters = bench.Ask(bench.Pma(*bench.tree.leaves[0]));
  RegisterBuffer buffer;
  CHECK(counters.data.size() == kGmpDataSize);
  CHECK(DecodePortCounters(counters.data, false, buffer).front().value == 12);
}

TEST_CASE("Many nodes are asked at once, each one thing at a time", "[mad][unit]") {
  EngineBench bench;
  for (int round = 0; round < 20; ++round) {
    for (const auto* host : bench.tree.hosts) bench.Submit(bench.Pma(*host));
  }
  REQUIRE(bench.Run());
  CHECK(bench.kept.size() == 20 * bench.tree.hosts.size());
  CHECK(bench.fabric.peak_in_flight[1] == bench.tree.hosts.size());
  for (const auto* host : bench.tree.hosts) CHECK(host->peak_in_flight == 1);
}

TEST_CASE("What is asked of one node of different classes waits for each other too", "[mad][unit]") {
  EngineBench bench;
  auto& leaf = *bench.tree.leaves[0];
  for (int i = 0; i < 10; ++i) {
    bench.Submit(bench.Pma(leaf));
    Request smp = bench.LeafSmp();
    smp.lane = EngineBench::LaneOf(leaf);
    bench.Submit(smp);
  }
  REQUIRE(bench.Run());
  CHECK(leaf.requests == 20);
  CHECK(leaf.peak_in_flight == 1);
}

TEST_CASE("A lane takes as many at once as it is set to", "[mad][unit]") {
  EngineBench bench({.per_lane = 3});
  for (int i = 0; i < 20; ++i) bench.Submit(bench.Pma(*bench.tree.leaves[0]));
  REQUIRE(bench.Run());
  CHECK(bench.tree.leaves[0]->peak_in_flight == 3);
}

TEST_CASE("No more are in flight than the limit of the class", "[mad][unit]") {
  EngineBench bench({.smp_in_flight = 5, .gmp_in_flight = 3});
  for (int i = 0; i < 50; ++i) {
    bench.Submit(bench.Smp());  // in no lane
    for (const auto* host : bench.tree.hosts) bench.Submit(bench.Pma(*host));
  }
  REQUIRE(bench.Run());
  CHECK(bench.fabric.peak_in_flight[0] == 5);
  CHECK(bench.fabric.peak_in_flight[1] == 3);
}

TEST_CASE("A busy lane does not hold up the others", "[mad][unit]") {
  EngineBench bench({.gmp_in_flight = 2});
  auto& silent = *bench.tree.hosts[1];
  silent.misbehaviours.push_back({});
  for (int i = 0; i < 10; ++i) bench.Submit(bench.Pma(silent));
  bool served = false;
  bench.engine.Submit(bench.Pma(*bench.tree.hosts[2]),
                      [&](const Outcome& o) { served = o.ok() && silent.requests == 1; });
  REQUIRE(bench.Run());
  CHECK(served);
}

TEST_CASE("A lost request is repeated, and then given up", "[mad][unit]") {
  const auto undelivered = GENERATE(Undelivered::kAfterTimeout, Undelivered::kAtOnce, Undelivered::kNever);
  EngineBench bench;
  bench.fabric.undelivered = undelivered;
  auto& host = *bench.tree.hosts[1];
  host.misbehaviours.push_back({.times = 2});
  CHECK(bench.Ask(bench.Pma(host)).tries == 3);
  CHECK(bench.kept.back().answer == Answer::kAnswered);

  host.misbehaviours = {{}};
  const Kept lost = bench.Ask(bench.Pma(host));
  CHECK(lost.answer == Answer::kTimeout);
  CHECK(lost.tries == 4);
  CHECK(lost.data.empty());
  const MadCount expected{.sent = 7, .answered = 1, .timeouts = 6};
  CHECK(bench.Count(MadClass::kPma) == expected);
}

TEST_CASE("A request may be waited for longer than the others, which are not", "[mad][unit]") {
  EngineBench bench({.tries = 1, .timeout = milliseconds(200)});
  bench.fabric.undelivered = fake::FakeFabric::Undelivered::kNever;
  for (fake::FakeNode* node : {bench.tree.hosts[1], bench.tree.leaves[0]}) node->misbehaviours.push_back({});
  Request patient = bench.Pma(*bench.tree.hosts[1]);
  patient.timeout = milliseconds(1000);
  bench.Submit(patient);
  bench.Submit(bench.LeafSmp());
  (void)bench.engine.RunUntil(bench.clock.Steady() + milliseconds(300));
  REQUIRE(bench.kept.size() == 1);
  (void)bench.engine.RunUntil(bench.clock.Steady() + milliseconds(800));
  CHECK(bench.kept.size() == 1);
  (void)bench.engine.RunUntil(bench.clock.Steady() + milliseconds(300));
  REQUIRE(bench.kept.size() == 2);
  CHECK(bench.kept.back().answer == Answer::kTimeout);
}

TEST_CASE("A request may be allowed fewer tries than the engine", "[mad][unit]") {
  EngineBench bench;
  Request request = bench.LeafSmp();
  request.tries = 1;
  bench.tree.leaves[0]->misbehaviours.push_back({});
  CHECK(bench.Ask(request).tries == 1);
}

TEST_CASE("The engine's own time-out comes a little after that of the local stack", "[mad][unit]") {
  EngineBench bench({.tries = 1, .timeout = milliseconds(400)});
  bench.fabric.undelivered = Undelivered::kNever;
  bench.tree.leaves[0]->misbehaviours.push_back({});
  bench.Ask(bench.LeafSmp());
  CHECK(bench.clock.Elapsed() >= milliseconds(500));
  CHECK(bench.clock.Elapsed() <= milliseconds(502));
}

TEST_CASE("A route that leads nowhere is a time-out", "[mad][unit]") {
  EngineBench bench;
  CHECK(bench.Ask({.address = DirectedRoute{}.Through(1).Through(99)}).answer == Answer::kTimeout);
}

TEST_CASE("Time-outs shrink what is in flight, answers let it grow again", "[mad][unit]") {
  EngineBench bench({.smp_in_flight = 16, .tries = 1});
  auto& leaf = *bench.tree.leaves[0];
  leaf.misbehaviours.push_back({});
  Request request = bench.LeafSmp();
  request.lane = kNoLane;
  for (int i = 0; i < 200; ++i) bench.Submit(request);
  REQUIRE(bench.Run());

  leaf.misbehaviours.clear();
  bench.fabric.peak_in_flight = {};
  for (int i = 0; i < 4; ++i) bench.Submit(request);
  REQUIRE(bench.Run());
  CHECK(bench.fabric.peak_in_flight[0] == 4);
  for (int i = 0; i < 500; ++i) bench.Submit(request);
  REQUIRE(bench.Run());
  CHECK(bench.fabric.peak_in_flight[0] == 16);
}

TEST_CASE("A callback may ask more, and a run ends when nothing is left", "[mad][unit]") {
  EngineBench bench;
  int depth = 0;
  Callback deeper = [&](const Outcome&) {
    if (++depth < 1000) bench.engine.Submit(bench.LeafSmp(), deeper);
  };
  bench.engine.Submit(bench.LeafSmp(), deeper);
  REQUIRE(bench.Run());
  CHECK(depth == 1000);
  CHECK(bench.Count(MadClass::kSmp).sent == 1000);
}

TEST_CASE("Giving up on a lane ends what was not sent, and nothing else", "[mad][unit]") {
  EngineBench bench;
  auto& silent = *bench.tree.hosts[1];
  silent.misbehaviours.push_back({});
  bench.engine.Submit(bench.Pma(silent),
                      [&](const Outcome&) { bench.engine.GiveUpOn(EngineBench::LaneOf(silent)); });
  for (int i = 0; i < 5; ++i) bench.Submit(bench.Pma(silent));
  for (int i = 0; i < 5; ++i) bench.Submit(bench.Pma(*bench.tree.hosts[2]));
  REQUIRE(bench.Run());
  CHECK(silent.requests == 4);
  const auto given_up = [](const Kept& k) { return k.answer == Answer::kTimeout && k.tries == 0; };
  CHECK(std::count_if(bench.kept.begin(), bench.kept.end(), given_up) == 5);
  CHECK(bench.kept.size() == 10);

  silent.misbehaviours.clear();
  CHECK(bench.Ask(bench.Pma(silent)).answer == Answer::kAnswered);
}

TEST_CASE("The deadline ends everything exactly once", "[mad][unit]") {
  EngineBench bench;
  bench.fabric.undelivered = Undelivered::kNever;
  for (const auto* host : bench.tree.hosts) {
    bench.fabric.Find(host->guid).misbehaviours.push_back({});
    for (int i = 0; i < 3; ++i) bench.Submit(bench.Pma(*host));
  }
  const auto result = bench.Run(milliseconds(100));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Errc::kTimeout);
  CHECK(bench.clock.Elapsed() == milliseconds(100));
  CHECK(bench.kept.size() == 3 * bench.tree.hosts.size());
  for (const Kept& kept : bench.kept) CHECK(kept.answer == Answer::kUnreachable);
  const auto sent = [](const Kept& k) { return k.tries == 1; };
  CHECK(std::count_if(bench.kept.begin(), bench.kept.end(), sent) ==
        static_cast<int>(bench.tree.hosts.size()));
}

TEST_CASE("An engine works on after a deadline, and throws away what comes late", "[mad][unit]") {
  EngineBench bench;
  auto& host = *bench.tree.hosts[1];
  host.misbehaviours.push_back({.misdeed = Misdeed::kLate, .times = 1, .late = milliseconds(150)});
  bench.Submit(bench.Pma(host));
  REQUIRE_FALSE(bench.Run(milliseconds(100)));
  bench.tree.leaves[0]->misbehaviours.push_back({.times = 1});  // something to wait for meanwhile
  bench.Submit(bench.LeafSmp());
  bench.Submit(bench.Pma(host));
  REQUIRE(bench.Run());
  CHECK(bench.kept.size() == 3);
  CHECK(bench.kept[1].answer == Answer::kAnswered);
  CHECK(bench.Count(MadClass::kPma).dropped == 2);  // the answer, and the local stack's time-out
}

TEST_CASE("A stop ends a run at the next look at it", "[mad][unit]") {
  EngineBench bench;
  std::stop_source stop;
  bench.engine.Submit(bench.LeafSmp(), [&](const Outcome&) { stop.request_stop(); });
  for (int i = 0; i < 9; ++i) bench.Submit(bench.LeafSmp());
  const auto result = bench.engine.Run(bench.clock.Steady() + std::chrono::hours(1), stop.get_token());
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Errc::kAbsent);
  CHECK(bench.kept.size() == 9);
  CHECK(bench.Count(MadClass::kSmp).sent == 1);
}

TEST_CASE("A run that waits looks up every 100 ms at the latest", "[mad][unit]") {
  struct Watched final : Transport {
    fake::FakeFabric& fabric;
    milliseconds longest{0};
    explicit Watched(fake::FakeFabric& f) : fabric(f) {}
    Result<void> Send(const RequestMad& mad, milliseconds timeout) override {
      return fabric.Send(mad, timeout);
    }
    Result<bool> Receive(Arrival& arrival, milliseconds wait) override {
      longest = std::max(longest, wait);
      return fabric.Receive(arrival, wait);
    }
  };
  EngineBench bench;
  bench.tree.leaves[0]->misbehaviours.push_back({});
  Watched watched(bench.fabric);
  Engine engine(watched, bench.clock, {.timeout = milliseconds(5000)});
  engine.Submit(bench.LeafSmp(), [](const Outcome&) {});
  REQUIRE(engine.Run(bench.clock.Steady() + std::chrono::hours(1), {}));
  CHECK(watched.longest == milliseconds(100));
}

TEST_CASE("What the local stack refuses was never sent, and is an error", "[mad][unit]") {
  EngineBench bench;
  bench.fabric.send_error = Error{Errc::kDenied, "no"};
  const Kept kept = bench.Ask(bench.LeafSmp());
  CHECK(kept.answer == Answer::kUnreachable);
  CHECK(kept.tries == 0);
  const MadCount expected{.errors = 1};
  CHECK(bench.Count(MadClass::kSmp) == expected);
  bench.fabric.send_error.reset();
  CHECK(bench.Ask(bench.LeafSmp()).answer == Answer::kAnswered);
}

TEST_CASE("A port that goes away ends the run with its error", "[mad][unit]") {
  EngineBench bench;
  bench.fabric.receive_error = Error{Errc::kInternal, "gone"};
  bench.Submit(bench.LeafSmp());
  const auto result = bench.Run();
  REQUIRE_FALSE(result);
  CHECK(result.error().what == "gone");
  CHECK(bench.kept.front().answer == Answer::kUnreachable);
}

TEST_CASE("A port behind an M_Key answers only to it", "[mad][unit]") {
  EngineBench bench;
  bench.tree.leaves[0]->m_key = 0x5ec;
  CHECK(bench.Ask(bench.LeafSmp()).answer == Answer::kTimeout);
  bench.engine.SetMKey(0x5ec);
  CHECK(bench.Ask(bench.LeafSmp()).answer == Answer::kAnswered);
}

TEST_CASE("Nothing but Get and GetTable leaves the engine, whatever it is asked", "[mad][unit]") {
  CHECK(rc::check([] {
    EngineBench bench({.tries = 1});
    for (int i = 0; i < 20; ++i) {
      Request request;
      if (*rc::gen::arbitrary<bool>())
        request.address = LidAddress{.lid = static_cast<Lid>(*rc::gen::inRange(0, 20))};
      request.mgmt_class = static_cast<MgmtClass>(*rc::gen::arbitrary<std::uint8_t>());
      request.attribute = static_cast<Attribute>(*rc::gen::arbitrary<std::uint16_t>());
      request.modifier = *rc::gen::arbitrary<std::uint32_t>();
      request.get_table = *rc::gen::arbitrary<bool>();
      bench.Submit(request);
    }
    RC_ASSERT(bench.Run().has_value());
    RC_ASSERT(bench.kept.size() == 20u);
    for (const auto& [method, count] : bench.fabric.methods) RC_ASSERT(method == 0x01 || method == 0x12);
  }));
}

}  // namespace aftershock::mad
