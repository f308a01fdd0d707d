#include "app/host_role.h"

#include <catch2/catch.hpp>

#include "app/host_check.h"
#include "app/report_board.h"
#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;

namespace {

// A host without anything in it, looked at by a probe that counts.
struct World {
  fake::FakeClock clock;
  Settings settings;
  int looks = 0;
  HostSnapshot seen;

  World() {
    for (const HostPart part : {HostPart::kAdapters, HostPart::kPci, HostPart::kEvents, HostPart::kInterfaces,
                                HostPart::kNeighbours, HostPart::kKernelLog}) {
      seen.parts.push_back({part, std::nullopt});
    }
  }
  HostRole Role() {
    return {[this](SteadyTime, std::stop_token) {
              HostSnapshot snapshot = seen;
              snapshot.number = static_cast<std::uint32_t>(++looks);
              snapshot.taken = clock.Wall();
              snapshot.taken_steady = clock.Steady();
              return std::make_shared<const HostSnapshot>(std::move(snapshot));
            },
            clock, settings, 34s};
  }
};

Finding Critical(std::string rule) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = Severity::kCritical;
  finding.subject = Subject::ThisHost();
  return finding;
}

}  // namespace

TEST_CASE("A host that was never looked at is UNKNOWN", "[app][host][unit]") {
  World world;
  CHECK(world.Role().result().report.verdict == Verdict::kUnknown);
  CHECK_FALSE(world.Role().NothingHere());
}

TEST_CASE("Without InfiniBand there is nothing here, unless it is expected", "[app][host][unit]") {
  World world;
  const bool expected = GENERATE(false, true);
  if (expected) world.settings.host.hcas = {"mlx5_0"};
  HostRole host = world.Role();
  host.Look(1s, {});
  CHECK(host.NothingHere() == !expected);
  CHECK((host.result().report.verdict == Verdict::kOk) == !expected);
}

TEST_CASE("A check looks twice, and once where the window is 0", "[app][host][unit]") {
  World world;
  HostRole host = world.Role();
  const SystemClock clock;  // the wait between the looks is a real one
  LookTwice(host, 0s, clock, {});
  CHECK(world.looks == 1);
  LookTwice(host, 1ms, clock, {});
  CHECK(world.looks == 3);
}

TEST_CASE("A check of the host with its default window is over within 5 seconds", "[app][host][unit]") {
  CHECK(kHostWindow + kHostCheckSlack < 5s);
}

TEST_CASE("The worse of host and fabric is the verdict of both", "[app][host][unit]") {
  const auto [fabric, host, both] =
      GENERATE(std::tuple{Verdict::kOk, Verdict::kOk, Verdict::kOk},
               std::tuple{Verdict::kWarning, Verdict::kOk, Verdict::kWarning},
               std::tuple{Verdict::kOk, Verdict::kUnknown, Verdict::kUnknown},
               std::tuple{Verdict::kCritical, Verdict::kUnknown, Verdict::kCritical});
  Report swept;
  swept.verdict = fabric;
  HostResult looked;
  looked.report.verdict = host;
  const Report report = Combine(&swept, &looked);
  CHECK(report.verdict == both);
  CHECK(report.host.has_value());
  CHECK(Combine(nullptr, &looked).verdict == host);
  CHECK_FALSE(Combine(&swept, nullptr).host.has_value());
}

TEST_CASE("A role that has not reported so far is UNKNOWN beside one that has", "[app][host][unit]") {
  ReportBoard board([](const Report&) {});
  Report unswept;
  unswept.planes.push_back({.plane = "mlx5_0:1"});
  board.ExpectFabric(unswept);
  board.ExpectHost({});
  CHECK(board.Last() == nullptr);
  HostResult healthy;
  healthy.report.verdict = Verdict::kOk;
  board.PublishHost(healthy);
  REQUIRE(board.Last() != nullptr);
  CHECK(board.Last()->verdict == Verdict::kUnknown);
  CHECK(board.Last()->planes.size() == 1);
  auto swept = std::make_shared<Report>();
  swept->verdict = Verdict::kOk;
  board.PublishFabric(swept);
  CHECK(board.Last()->verdict == Verdict::kOk);
}

TEST_CASE("Findings of host and fabric stand in one list, and each role renews its own",
          "[app][host][unit]") {
  int reports = 0;
  ReportBoard board([&](const Report&) { ++reports; });
  auto swept = std::make_shared<Report>();
  swept->findings = {Critical("sm-missing")};
  board.PublishFabric(swept);
  HostResult looked;
  looked.findings = {Critical("ipoib-not-member")};
  board.PublishHost(looked);
  CHECK(board.Last()->findings.size() == 2);
  board.PublishHost(HostResult{});
  REQUIRE(board.Last()->findings.size() == 1);
  CHECK(board.Last()->findings[0].rule == "sm-missing");
  CHECK(reports == 3);
}
