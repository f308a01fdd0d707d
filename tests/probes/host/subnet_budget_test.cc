// How often, how long and through what a host asks its subnet.
#include <algorithm>
#include <catch2/catch.hpp>

#include "subnet_bench.h"

namespace aftershock::host {
namespace {

using fake::Misdeed;
using mad::Attribute;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool Each(const SubnetAnswers& answers, SaAnswer expected) {
  return std::ranges::all_of(answers.memberships, [&](const Membership& m) { return m.answer == expected; });
}

void CheckParts(const SubnetAnswers& answers, std::optional<Errc> expected) {
  REQUIRE(answers.parts.size() == 3);
  for (const PartReport& part : answers.parts) {
    CHECK(part.error.has_value() == expected.has_value());
    if (part.error && expected) CHECK(part.error->code == *expected);
  }
}

}  // namespace

TEST_CASE("An hour of looks is at most sixty questions of each kind, however many interfaces",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  for (std::uint16_t p_key = 0x8001; p_key < 0x8004; ++p_key) bench.AddChild(port, p_key);
  bench.AddNeighbour(1, "10.1.0.3", {.prefix = port.gid().prefix, .id = 77});
  const auto answers = bench.LookFor(minutes(60));
  CHECK(Each(answers, SaAnswer::kYes));
  for (const Attribute record : {Attribute::kMcMemberRecord, Attribute::kPathRecord}) {
    CHECK(port.AskedSa(record) <= 60);
    CHECK(port.AskedSa(record) >= 45);
  }
  CHECK(port.sm().Asked(MadClass::kSmp, Attribute::kSmInfo) <= 60);
  CHECK(port.fabric.requests <= 60 * 60);
}

TEST_CASE("A silent SA is asked seven times an hour and less", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  bench.AddChild(port, 0x8001);
  port.sm().misbehaviours = {{.mad_class = MadClass::kSa}};
  bench.LookFor(minutes(10));
  port.sm().ForgetWhatWasAsked();
  bench.LookFor(minutes(60));
  CHECK(port.AskedSa(Attribute::kMcMemberRecord) <= 10);
  CHECK(port.AskedSa(Attribute::kMcMemberRecord) >= 6);
}

TEST_CASE("Just after an SM change nothing is asked before the port's moment", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto kind =
      GENERATE(HostEventKind::kSmChange, HostEventKind::kClientReregister, HostEventKind::kLidChange);
  bench.Tell(kind, port);
  const auto answers = bench.Look();
  CHECK(port.AskedSa(Attribute::kMcMemberRecord) == 0);
  CHECK(answers.memberships.at(0).why.find("just changed") != std::string::npos);
  CHECK(answers.sms.at(0).why.find("just changed") != std::string::npos);
  CHECK(answers.uplinks.at(0).second.has_value());
  CHECK(Each(bench.LookFor(seconds(80)), SaAnswer::kYes));
}

TEST_CASE("Another SM LID without any event ends the wait for a silent SA", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  fake::FakeNode& other = *port.tree.hosts[3];
  port.sm().misbehaviours = {{}};
  REQUIRE(Each(bench.LookFor(minutes(30)), SaAnswer::kTimeout));
  fake::FakeSa records = *port.sm().sa;
  port.fabric.RunSm(other, 1);
  other.sa = records;
  bench.PortOf(port).sm_lid = other.At(1).info.lid;
  CHECK(bench.Look().sms.at(0).answer == SaAnswer::kNotAsked);
  const auto answers = bench.LookFor(seconds(80));
  CHECK(Each(answers, SaAnswer::kYes));
  CHECK(answers.sms.at(0).answer == SaAnswer::kYes);
}

TEST_CASE("A burst asks everything at once, and nothing again within a minute", "[host][unit]") {
  SubnetBench bench(Pace::kBurst);
  SubnetBenchPort& port = bench.AddPort();
  for (std::uint16_t p_key = 0x8001; p_key < 0x8004; ++p_key) bench.AddChild(port, p_key);
  CHECK(Each(bench.Look(), SaAnswer::kYes));
  const auto requests = port.fabric.requests;
  bench.clock.Advance(seconds(2));
  CHECK(Each(bench.Look(), SaAnswer::kYes));
  CHECK(port.fabric.requests == requests);
}

TEST_CASE("A silent fabric costs its time-outs once, not once per port and interface", "[host][unit]") {
  SubnetBench bench(Pace::kBurst);
  for (int i = 0; i < 4; ++i) {
    SubnetBenchPort& port = bench.AddPort();
    bench.AddChild(port, 0x8001);
    port.leaf().misbehaviours = {{}};
    port.sm().misbehaviours = {{}};
  }
  const Duration before = bench.clock.Elapsed();
  const auto answers = bench.Look();
  CHECK(bench.clock.Elapsed() - before <= milliseconds(2100));
  CHECK(answers.memberships.size() == 8);
  CHECK(std::ranges::count(answers.memberships, SaAnswer::kTimeout, &Membership::answer) == 4);
  CHECK(std::ranges::count(answers.memberships, SaAnswer::kNotAsked, &Membership::answer) == 4);
  CHECK(std::ranges::all_of(answers.sms, [](const SmAnswer& sm) { return sm.answer == SaAnswer::kTimeout; }));
  const Duration second = bench.clock.Elapsed();
  bench.Look();
  CHECK(bench.clock.Elapsed() == second);
}

TEST_CASE("A look is over at its deadline, and at a stop", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.sm().misbehaviours = {{}};
  const Duration before = bench.clock.Elapsed();
  const auto answers = bench.Look(milliseconds(100));
  CHECK(bench.clock.Elapsed() - before <= milliseconds(101));
  CHECK(answers.memberships.at(0).answer == SaAnswer::kTimeout);
  CHECK(answers.uplinks.at(0).second.has_value());
}

TEST_CASE("Where umad may not be opened the parts say so, and the interfaces why they have no answer",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.open_error = Error{GENERATE(Errc::kDenied, Errc::kAbsent), "no permission on /dev/infiniband/umad0"};
  const auto answers = bench.Look();
  CheckParts(answers, port.open_error->code);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kNotAsked);
  CHECK(answers.memberships.at(0).why == port.open_error->what);
  CHECK(answers.sms.at(0).why == port.open_error->what);
  CHECK(answers.uplinks.empty());

  port.open_error.reset();
  CHECK(Each(bench.LookFor(minutes(3)), SaAnswer::kYes));
}

TEST_CASE("A port that may not be used is told although another one may", "[host][unit]") {
  SubnetBench bench;
  bench.AddPort();
  SubnetBenchPort& denied = bench.AddPort();
  denied.open_error = Error{Errc::kDenied, "no permission on /dev/infiniband/umad1"};
  const auto answers = bench.Look();
  CheckParts(answers, Errc::kDenied);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kYes);
  CHECK(answers.memberships.at(1).answer == SaAnswer::kNotAsked);
}

TEST_CASE("Without an Active port there is nothing to look at", "[host][unit]") {
  SubnetBench bench;
  CheckParts(bench.Look(), Errc::kAbsent);
  bench.PortOf(bench.AddPort()).state = PortState::kDown;
  CheckParts(bench.Look(), Errc::kAbsent);
  CHECK(bench.ports.front().fabric.requests == 0);
  bench.PortOf(bench.ports.front()).state = PortState::kActive;
  CheckParts(bench.Look(), std::nullopt);
}

TEST_CASE("A device that goes is let go, and asked through again when it is back", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  (void)bench.Look();
  const auto hcas = std::exchange(bench.seen.hcas, {});
  auto answers = bench.Look();
  CHECK(port.opened == 1);
  CHECK(port.closed == 1);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kNotAsked);
  const auto sent = answers.mads_total[0].sent;
  CHECK(sent > 0);
  bench.seen.hcas = hcas;
  answers = bench.Look();
  CHECK(port.opened == 2);
  CHECK(answers.uplinks.at(0).second.has_value());
  CHECK(answers.mads_total[0].sent > sent);
}

TEST_CASE("A device that comes and goes is not asked through more often than one that stays",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  const auto hcas = bench.seen.hcas;
  for (int i = 0; i < 60; ++i) {
    bench.LookFor(seconds(10));
    bench.seen.hcas = i % 2 == 0 ? std::vector<Hca>{} : hcas;
  }
  CHECK(port.AskedSa(Attribute::kMcMemberRecord) <= 10);
}

TEST_CASE("A descriptor of a device that came back between two looks is replaced in the next",
          "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  (void)bench.Look();
  bench.seen.hcas[0].ports[0].guid = Guid{0x99};
  CHECK(bench.Look().uplinks.at(0).second.has_value());
  CHECK(port.opened == 2);
  bench.Tell(HostEventKind::kPkeyChange, port);
  CHECK(bench.Look().uplinks.at(0).second.has_value());
  CHECK(port.opened == 3);
  CHECK(port.closed == 2);
}

TEST_CASE("A device that is gone in the middle of a look could not be asked through", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  port.fabric.before_request = [&](const mad::RequestMad&) {
    port.fabric.receive_error = Error{Errc::kInternal, "the InfiniBand port is gone: Input/output error"};
  };
  const auto answers = bench.Look();
  CHECK(port.closed == port.opened);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kError);
  CHECK(answers.memberships.at(0).why == port.fabric.receive_error->what);
  port.fabric.before_request = nullptr;
  port.fabric.receive_error.reset();
  CHECK(bench.LookFor(seconds(10)).uplinks.at(0).second.has_value());
}

TEST_CASE("Adapters that could not be read keep what was known, and nothing is asked", "[host][unit]") {
  SubnetBench bench;
  SubnetBenchPort& port = bench.AddPort();
  (void)bench.Look();
  const auto requests = port.fabric.requests;
  bench.seen.hcas.clear();
  bench.seen.parts = {
      {.part = HostPart::kAdapters, .error = Error{Errc::kTimeout, "reading sysfs hangs in the kernel"}}};
  const auto answers = bench.Look();
  CHECK(port.closed == 0);
  CHECK(port.fabric.requests == requests);
  CHECK(answers.memberships.at(0).answer == SaAnswer::kYes);
  CheckParts(answers, Errc::kTimeout);
}

}  // namespace aftershock::host
