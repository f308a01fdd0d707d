#include "app/gate_hosts.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "app/gate_verdict.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr WallTime kOpened{1'000'000s}, kNow{1'003'600s};
constexpr Guid kNode{0x10};

Window Soaking() {
  Window window;
  window.id = 1;
  window.scope = {{"host:node7", Subject::Host(kNode), "node7"}};
  window.state = WindowState::kSoaking;
  window.opened = kOpened;
  window.closed = kOpened + 600s;
  return window;
}

// A Prometheus whose clock, and a host whose clock, are as far ahead of ours as a test says.
struct World {
  double prometheus_ahead = 0, host_ahead = 0;  // s
  double age = 10;                              // of the last scrape, s
  std::string instance = "node7:9917";
  PrometheusView view;

  double At(WallTime ours) const { return ToUnixSeconds(ours); }
  fleet::Sample Of(std::map<std::string, std::string> labels, double value) const {
    labels.emplace("instance", instance);
    labels.emplace("job", "aftershock");
    return {std::move(labels), view.now, value};
  }
  World& Scrape(const char* status = "ok", const char* guid = "0x0000000000000010") {
    view.now = At(kNow) + prometheus_ahead;
    view.info.push_back(Of({{"node_guid", guid}, {"host", "node7"}, {"hca", "mlx5_0"}}, 1));
    view.clock.push_back(Of({}, At(kNow) - age + host_ahead));
    view.scraped.push_back(Of({}, view.now - age));
    view.status.push_back(Of({{"scope", "host"}, {"name", "node7"}, {"status", status}}, 1));
    return *this;
  }
  World& Find(WallTime since, const char* severity = "critical", const char* subject = "interface:ib0") {
    const std::map<std::string, std::string> key{{"rule", "ipoib-not-member"}, {"subject", subject}};
    auto labels = key;
    labels.emplace("severity", severity);
    labels.emplace("window", "");
    view.findings.push_back(Of(labels, 1));
    view.since.push_back(Of(key, At(since) + host_ahead));
    return *this;
  }
  HostsSay Say(const Window& window = Soaking()) const {
    return JudgeHosts(window, HostsInScope(window, nullptr), view, kNow);
  }
};

bool Fine(const HostsSay& say) {
  return say.missing.empty() && say.against.empty() && say.awaited.empty();
}

}  // namespace

TEST_CASE("A host that reports and has found nothing is fine", "[app][gate][hosts]") {
  CHECK(Fine(World().Scrape().Say()));
}

TEST_CASE("A host that is expected and silent is named", "[app][gate][hosts]") {
  const auto missing = [](const HostsSay& say) {
    REQUIRE(say.missing.size() == 1);
    return say.missing.front();
  };
  CHECK_THAT(missing(World().Say()), Contains("host:node7 does not report"));
  SECTION("others report") {
    CHECK_FALSE(Fine(World().Scrape("ok", "0x0000000000000020").Say()));
  }
  SECTION("another has its name") {
    World world;
    world.Scrape("ok", "0x0000000000000020");
    CHECK_THAT(missing(world.Say()), Contains("its GUIDs"));
  }
  SECTION("it was scraped too long ago") {
    World world;
    world.age = kFreshSeconds + 1;
    CHECK_THAT(missing(world.Scrape().Say()), Contains("last scraped 181 s ago"));
    World young;
    young.age = kFreshSeconds - 1;
    CHECK(Fine(young.Scrape().Say()));
  }
  SECTION("it does not tell how it is") {
    World world;
    world.Scrape().view.status.clear();
    CHECK_THAT(missing(world.Say()), Contains("aftershock_status"));
  }
  SECTION("it does not know how it is") {
    CHECK_THAT(missing(World().Scrape("unknown").Say()), Contains("does not know"));
  }
  SECTION("it does not tell the time") {
    World world;
    world.Scrape().view.clock.clear();
    CHECK_THAT(missing(world.Say()), Contains("tell the time"));
  }
  SECTION("it was not scraped since the window was closed") {
    Window window = Soaking();
    window.closed = kNow - 5s;
    CHECK_THAT(missing(World().Scrape().Say(window)), Contains("since the window was closed"));
  }
  SECTION("numbers are none") {
    World world;
    world.Scrape().view.clock.front().value = NAN;
    CHECK_FALSE(missing(world.Say()).empty());
  }
}

TEST_CASE("What a host found since the window was opened fails it, and what stood before does not",
          "[app][gate][hosts]") {
  CHECK(World().Scrape("critical").Find(kOpened + 60s).Say().against.size() == 1);
  CHECK(Fine(World().Scrape("critical").Find(kOpened - 60s).Say()));
  CHECK(Fine(World().Scrape("critical").Find(kOpened + 60s, "critical", "switch:0x0000000000000001").Say()));
  CHECK(Fine(World().Scrape("critical").Find(kOpened + 60s, "critical", "link:0x0000000000000020/1").Say()));
  CHECK(World()
            .Scrape("critical")
            .Find(kOpened + 60s, "critical", "link:0x0000000000000010/1")
            .Say()
            .against.size() == 1);
}

TEST_CASE("Clocks that differ put nothing on the wrong side of the opening", "[app][gate][hosts]") {
  for (const double prometheus : {-7200.0, 0.0, 7200.0}) {
    for (const double host : {-86400.0, 0.0, 86400.0}) {
      CAPTURE(prometheus, host);
      World world;
      world.prometheus_ahead = prometheus;
      world.host_ahead = host;
      World other = world;
      CHECK(world.Scrape().Find(kOpened + 30s).Say().against.size() == 1);
      CHECK(Fine(other.Scrape().Find(kOpened - 30s).Say()));
    }
  }
}

TEST_CASE("A warning, and a critical finding before the soak, are waited for", "[app][gate][hosts]") {
  CHECK(World().Scrape().Find(kOpened + 60s, "warning").Say().awaited.size() == 1);
  Window verifying = Soaking();
  verifying.state = WindowState::kVerifying;
  const auto say = World().Scrape().Find(kOpened + 60s).Say(verifying);
  CHECK(say.against.empty());
  CHECK(say.awaited.size() == 1);
  Window open = Soaking();
  open.state = WindowState::kOpen;
  open.closed.reset();
  CHECK(Fine(World().Scrape().Find(kOpened + 60s).Say(open)));
}

TEST_CASE("A finding of which nobody says since when counts", "[app][gate][hosts]") {
  World world;
  world.Scrape().Find(kOpened - 60s).view.since.clear();
  CHECK(world.Say().against.size() == 1);
}

TEST_CASE("What began after a window passed is not its doing", "[app][gate][hosts]") {
  Window passed = Soaking();
  passed.state = WindowState::kPassed;
  passed.ended = kNow - 600s;
  CHECK(Fine(World().Scrape().Find(kNow - 300s).Say(passed)));
  CHECK(World().Scrape().Find(kNow - 900s).Say(passed).against.size() == 1);
}

TEST_CASE("A host that is scraped twice is known when one of them knows", "[app][gate][hosts]") {
  World world;
  world.Scrape("unknown");
  world.instance = "10.0.0.7:9917";
  world.Scrape();
  CHECK(Fine(world.Say()));
}

TEST_CASE("A target that has labels of its own by our names is understood", "[app][gate][hosts]") {
  World world;
  world.Scrape().Find(kOpened + 60s);
  for (auto* samples : {&world.view.info, &world.view.clock, &world.view.scraped, &world.view.status,
                        &world.view.findings, &world.view.since}) {
    for (fleet::Sample& sample : *samples) {
      if (const auto it = sample.labels.find("host"); it != sample.labels.end())
        sample.labels["exported_host"] = it->second;
      sample.labels["host"] = "label of the target";
    }
  }
  CHECK(world.Say().against.size() == 1);
}

TEST_CASE("A passed window whose host still warns is no go", "[app][gate][hosts]") {
  Window passed = Soaking();
  passed.state = WindowState::kPassed;
  GateFacts facts;
  facts.now = kNow;
  CHECK(JudgeGate(passed, facts).gate == Gate::kGo);
  facts.awaited = {"host:node7: bond-degraded has to go"};
  const GateAnswer answer = JudgeGate(passed, facts);
  CHECK(answer.gate == Gate::kHold);
  CHECK_FALSE(answer.final);
  CHECK(answer.awaited == facts.awaited);
}

TEST_CASE("Time in which nobody scraped a host was not watched", "[app][gate][hosts]") {
  Window passed = Soaking();
  passed.state = WindowState::kPassed;
  passed.verify = 180s;
  passed.soak = 1800s;
  World world;
  world.Scrape().view.seen_step = 2;
  SECTION("seen all the time, but for what the steps leave out") {
    world.view.seen.push_back(world.Of({{"node_guid", "0x0000000000000010"}, {"host", "node7"}}, 1976));
    CHECK(Fine(world.Say(passed)));
  }
  SECTION("seen for less") {
    world.view.seen.push_back(world.Of({{"node_guid", "0x0000000000000010"}, {"host", "node7"}}, 1500));
    const HostsSay say = world.Say(passed);
    REQUIRE(say.awaited.size() == 1);
    CHECK_THAT(say.awaited.front(), Contains("scraped for 1500 s of the 1980 s") && Contains("480 s more"));
    CHECK(Fine(world.Say(Soaking())));
  }
  SECTION("never seen") {
    CHECK(world.Say(passed).awaited.size() == 1);
  }
}
