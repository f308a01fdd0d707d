#include "app/fleet_watch.h"

#include <spdlog/logger.h>

#include <catch2/catch.hpp>

#include "app/fleet_facts.h"
#include "tests/fakes/fake_clock.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr Guid kNode{0x10}, kPort{0x11};

Finding NotMember(WallTime since) {
  Finding finding;
  finding.rule = "ipoib-not-member";
  finding.severity = Severity::kCritical;
  finding.subject = Subject::Interface("ib0");
  finding.summary = "ib0 is no member";
  finding.since = since;
  return finding;
}

// Hosts that a test makes, and a monitor that reads them.
struct World {
  explicit World(std::vector<std::string> targets = {"http://a:1"}) {
    config.urls = targets;
    watch.emplace(config, *HostTargets::Read(config.urls, {}), clock, settings,
                  std::make_shared<spdlog::logger>("test"),
                  [this](const fleet::Url& url, const fleet::HttpAccess&) { return hosts.at(url.Text()); });
    for (const std::string& target : targets)
      hosts.emplace(target, Fail(Errc::kTimeout, target + ": no answer"));
  }
  HostTold Told(Guid node = kNode, Guid port = kPort, const char* name = "node7") {
    HostTold told;
    told.snapshot.hostname = name;
    Hca& hca = told.snapshot.hcas.emplace_back();
    hca.name = "mlx5_0";
    hca.node_guid = node;
    HostPort& at = hca.ports.emplace_back();
    at.num = 1;
    at.guid = port;
    at.link_layer = "InfiniBand";
    IpoibLink& link = told.snapshot.links.emplace_back();
    link.name = "ib0";
    link.hca_port = HcaPortName{"mlx5_0", 1};
    told.fresh = true;
    told.verdict = Verdict::kOk;
    told.served = clock.Wall() + ahead;
    return told;
  }
  const FleetHost& Host(std::size_t i = 0) const { return watch->result().report->hosts.at(i); }
  const FleetResult& Round() { return watch->Round({}); }

  fake::FakeClock clock;
  std::chrono::milliseconds ahead = 0ms;  // of the hosts' clock
  Settings settings;
  HostsConfig config;
  std::map<std::string, Result<HostTold>> hosts;
  std::optional<FleetWatch> watch;
};

}  // namespace

TEST_CASE("Before the first round every host is silent, and no finding", "[app][hosts]") {
  const World world;
  CHECK_FALSE(Reports(world.Host(), *world.watch->result().report, world.clock.Steady()));
  CHECK(world.watch->result().findings.empty());
  CHECK_FALSE(world.watch->result().report->read);
}

TEST_CASE("A host that answers is known by its GUIDs and its name", "[app][hosts]") {
  World world;
  world.hosts.at("http://a:1") = world.Told();
  world.Round();
  CHECK(Reports(world.Host(), *world.watch->result().report, world.clock.Steady()));
  CHECK(world.Host().name == "node7");
  CHECK(world.Host().nodes == std::vector{kNode});
  CHECK(world.Host().image->hcas.front().port_guids == std::vector{kPort});
}

TEST_CASE("A host that falls silent stays as it was, and is UNKNOWN after a while", "[app][hosts]") {
  World world;
  HostTold told = world.Told();
  told.findings = {NotMember(told.served)};
  world.hosts.at("http://a:1") = told;
  world.Round();
  world.hosts.at("http://a:1") = Fail(Errc::kTimeout, "http://a:1: no answer");
  world.clock.Advance(200s);
  CHECK(world.Round().findings.empty());
  CHECK_FALSE(Reports(world.Host(), *world.watch->result().report, world.clock.Steady()));
  CHECK(world.Host().image != nullptr);
  CHECK(world.Host().findings.size() == 1);
  world.clock.Advance(100s);
  const auto& findings = world.Round().findings;
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "host-silent");
  CHECK(findings[0].subject == Subject::Host(kNode));
  CHECK(Judge(findings) == Verdict::kUnknown);
  CHECK_THAT(findings[0].summary, Contains("node7 does not report") && Contains("no answer"));
}

TEST_CASE("A host that never answered is named by its target", "[app][hosts]") {
  World world({"http://a:1", "http://b:1"});
  world.clock.Advance(301s);
  const auto& findings = world.Round().findings;
  REQUIRE(findings.size() == 2);
  CHECK(ToString(findings[0].subject) == "host:http://a:1");
  CHECK(Key(findings[0]) != Key(findings[1]));
}

TEST_CASE("A silent host that is accepted weighs nothing", "[app][hosts]") {
  World world;
  world.settings.accept = {{"host-silent", "*a:1", "in repair", {}}};
  world.clock.Advance(301s);
  CHECK(Judge(world.Round().findings) == Verdict::kOk);
}

TEST_CASE("A host whose monitor does not look at it any more does not report", "[app][hosts]") {
  World world;
  HostTold told = world.Told();
  told.fresh = false;
  world.hosts.at("http://a:1") = told;
  world.Round();
  CHECK_FALSE(world.Host().heard);
  CHECK_THAT(world.Host().why_silent, Contains("not looked"));
}

TEST_CASE("Two hosts that call themselves the same are two", "[app][hosts]") {
  World world({"http://a:1", "http://b:1"});
  world.hosts.at("http://a:1") = world.Told(Guid{0x10}, Guid{0x11}, "localhost");
  world.hosts.at("http://b:1") = world.Told(Guid{0x20}, Guid{0x21}, "localhost");
  world.Round();
  CHECK(world.Host(0).name == "localhost");
  CHECK(world.Host(1).name == "localhost (0x0000000000000021)");
}

TEST_CASE("What a host found is told with its adapter, and only what has weight there", "[app][hosts]") {
  World world;
  HostTold told = world.Told();
  told.findings.assign(4, NotMember(told.served - 40s));
  told.findings[1].accepted = "known";
  told.findings[2].because = "hca-removed host";
  told.findings[3].severity = Severity::kNote;
  world.hosts.at("http://a:1") = told;
  world.Round();
  REQUIRE(world.Host().findings.size() == 1);
  const ToldFinding& found = world.Host().findings.front();
  CHECK(ToString(found.finding.subject) == "host:0x0000000000000010/interface:ib0");
  CHECK(found.finding.summary == "node7: ib0 is no member");
  CHECK(found.stood == 40s);
}

TEST_CASE("A host's clock moves no finding over a window's opening", "[app][hosts]") {
  for (const auto ahead : {std::chrono::milliseconds(-24h), 0ms, std::chrono::milliseconds(24h)}) {
    CAPTURE(ahead.count());
    World world;
    world.ahead = ahead;
    HostTold told = world.Told();
    told.findings = {NotMember(told.served - 40s)};
    world.hosts.at("http://a:1") = told;
    const WallTime read = world.clock.Wall();
    world.Round();
    world.clock.Advance(20s);
    HearingHosts hearing;
    const auto findings =
        hearing.Hear(*world.watch->result().report, world.clock.Wall(), world.clock.Steady());
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].since == read - 40s);
  }
}

TEST_CASE("What was not there when the host was last heard did not begin before that", "[app][hosts]") {
  World world;
  HearingHosts hearing;
  const auto hear = [&] {
    world.Round();
    return hearing.Hear(*world.watch->result().report, world.clock.Wall(), world.clock.Steady());
  };
  world.hosts.at("http://a:1") = world.Told();
  CHECK(hear().empty());
  const WallTime without = world.clock.Wall();
  world.clock.Advance(30s);
  HostTold told = world.Told();
  told.findings = {NotMember(told.served - 1h)};  // its clock was set meanwhile
  world.hosts.at("http://a:1") = told;
  const auto findings = hear();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].since == without);
}
