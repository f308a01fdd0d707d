#include <catch2/catch.hpp>

#include "rules/fleet/silent.h"
#include "rules/fleet/told.h"
#include "rules/windows/advance.h"
#include "rules/windows/explain.h"
#include "rules/windows/place.h"

using namespace aftershock;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr Guid kSwitch{0x1}, kNode{0x10}, kOther{0x20};
constexpr SteadyTime kNow{1000h};

FleetHost Host(Guid node, const char* name, std::optional<Duration> ago) {
  FleetHost host;
  host.target = std::string("http://") + name + ":9917";
  if (!ago) return host;
  host.name = name;
  host.nodes = {node};
  host.image = std::make_shared<const HostImage>();
  host.heard = kNow - *ago;
  return host;
}

HostImage HostOf(Guid node) {
  HostImage host;
  HcaImage& hca = host.hcas.emplace_back();
  hca.node_guid = node;
  hca.port_guids = {Guid{static_cast<std::uint64_t>(node) + 1}};
  return host;
}

// Two hosts at one switch; the first is this one.
Image TwoHosts() {
  Image image;
  image.hosts = {{"this", HostOf(kNode)}, {"node8.example.com", HostOf(kOther)}};
  FabricImage& plane = image.planes["p"];
  plane.cables = {{{kSwitch, 1}, {kNode, 1}}, {{kSwitch, 2}, {kOther, 1}}};
  return image;
}

Window Scope(Subject subject, const char* name) {
  Window window;
  window.id = 1;
  window.state = WindowState::kSoaking;
  window.scope = {{std::string("host:") + name, std::move(subject), name}};
  return window;
}

Finding Of(const char* rule, Subject subject) {
  Finding finding;
  finding.rule = rule;
  finding.severity = Severity::kCritical;
  finding.subject = std::move(subject);
  return finding;
}

}  // namespace

TEST_CASE("A host in scope that is silent is missing, at once", "[rules][fleet]") {
  FleetReport fleet;
  fleet.stale_after = 95s;
  fleet.hosts = {Host(kNode, "node7", 96s), Host(kOther, "node8", 5s)};
  fleet.hosts[0].why_silent = "no answer";
  const auto missing = rules::SilentInScope(Scope(Subject::Host(kNode), "another name"), fleet, kNow);
  REQUIRE(missing.size() == 1);
  CHECK_THAT(missing[0], Contains("96 s") && Contains("no answer"));
  CHECK(rules::SilentInScope(Scope(Subject::Host(kOther), "node7"), fleet, kNow).empty());
  CHECK(rules::SilentInScope(Scope(Subject::Fabric(), ""), fleet, kNow).empty());
}

TEST_CASE("A host in scope that may be one that was never heard is missing", "[rules][fleet]") {
  FleetReport fleet;
  fleet.hosts = {Host(kNode, "node7", std::nullopt)};
  const auto missing = rules::SilentInScope(Scope(Subject::Host(kNode), "node7"), fleet, kNow);
  REQUIRE(missing.size() == 1);
  CHECK_THAT(missing[0], Contains("http://node7:9917"));
}

TEST_CASE("A host in scope has to be heard once after the closing", "[rules][fleet]") {
  FleetReport fleet;
  fleet.stale_after = 95s;
  fleet.hosts = {Host(kNode, "node7", 20s)};
  const Window window = Scope(Subject::Host(kNode), "node7");
  CHECK(rules::NotHeardSince(window, fleet, kNow - 10s, kNow).size() == 1);
  CHECK(rules::NotHeardSince(window, fleet, kNow - 21s, kNow).empty());
}

TEST_CASE("Silence is a finding only after a while, and for none that reports", "[rules][fleet]") {
  const Settings settings;
  FleetReport fleet;
  fleet.stale_after = 95s;
  fleet.read = kNow;
  fleet.hosts = {Host(kNode, "node7", 299s), Host(kOther, "node8", 5s)};
  const auto find = [&] { return rules::FindSilentHosts(fleet, kNow - 1h, kNow, {{}, &settings}); };
  CHECK(find().empty());
  fleet.hosts[0].heard = kNow - 300s;
  CHECK(find().size() == 1);
  fleet.read.reset();
  CHECK(find().empty());
}

TEST_CASE("What was told follows from the switch that is lost here", "[rules][fleet]") {
  const Image before = TwoHosts();
  std::vector<Finding> own{Of("switch-lost", {SubjectKind::kSwitch, kSwitch, 0, {}, {}})};
  std::vector<Finding> told{Of("bond-degraded", {SubjectKind::kHost, kOther, 0, {}, "bond:bond0"}),
                            Of("ipoib-not-member", {SubjectKind::kHost, kOther, 0, {}, "interface:ib0"})};
  rules::FoldTold(told, own, &before);
  CHECK(told[0].because == Key(own[0]));
  CHECK_FALSE(told[1].because);  // a membership is not lost with a leg
  own[0].subject.guid = Guid{0x2};
  told[0].because.reset();
  rules::FoldTold(told, own, &before);
  CHECK_FALSE(told[0].because);
}

TEST_CASE("A membership that is lost is told once", "[rules][fleet]") {
  std::vector<Finding> own{Of("member-left", Subject::Host(kNode))};
  std::vector<Finding> told{Of("ipoib-not-member", {SubjectKind::kHost, kNode, 0, {}, "interface:ib0"}),
                            Of("ipoib-not-member", {SubjectKind::kHost, kOther, 0, {}, "interface:ib0"})};
  rules::FoldTold(told, own, nullptr);
  CHECK(told[0].because == Key(own[0]));
  CHECK_FALSE(told[1].because);
}

TEST_CASE("A host that is gone from the fabric is silent for that reason", "[rules][fleet]") {
  std::vector<Finding> told;
  std::vector<Finding> own{Of("node-lost", Subject::Host(kNode)), Of("host-silent", Subject::Host(kNode)),
                           Of("host-silent", Subject::Host(kOther))};
  rules::FoldTold(told, own, nullptr);
  CHECK(own[1].because == Key(own[0]));
  CHECK_FALSE(own[2].because);
}

TEST_CASE("What another host told is in the place of that host", "[rules][fleet]") {
  const Image image = TwoHosts();
  const rules::Surroundings around(&image, "this");
  const Window window = Scope(Subject::Host(kOther), "node8");
  CHECK(rules::PlaceOf({SubjectKind::kHost, kOther, 0, {}, "interface:ib0"}, window, around).score ==
        Approx(0.9));
  CHECK(rules::PlaceOf({SubjectKind::kHost, kNode, 0, {}, "interface:ib0"}, window, around).score == 0);
  CHECK(rules::PlaceOf({SubjectKind::kHost, {}, 0, {}, "http://x"}, window, around).score == 0);
}

TEST_CASE("This host's interfaces are none of another host's", "[rules][fleet]") {
  const Image image = TwoHosts();
  const Window window = Scope(Subject::Host(kOther), "node8");
  const Subject mine = Subject::Interface("ib0");
  CHECK(rules::PlaceOf(mine, window, rules::Surroundings(&image, "this")).score == 0);
  CHECK(rules::PlaceOf(mine, Scope(Subject::Host(kNode), "this"), rules::Surroundings(&image, "this")).score >
        0.8);
  CHECK(rules::PlaceOf(mine, window, rules::Surroundings(&image)).score > 0.8);  // nobody knows whose
}

TEST_CASE("A host that only its monitor knows is found by name, short name and GUID", "[rules][fleet]") {
  Image image = TwoHosts();
  for (const char* text :
       {"host:node8.example.com", "host:node8", "host:0x0000000000000020", "host:0x0000000000000021"}) {
    CAPTURE(text);
    const auto item = rules::ResolveSubject(text, image);
    REQUIRE(item);
    CHECK(item->subject == Subject::Host(kOther));
    CHECK(item->name == "node8.example.com");
  }
  CHECK_FALSE(rules::ResolveSubject("host:node9", image));
  image.hosts["node8.elsewhere.com"] = HostOf(Guid{0x30});
  const auto both = rules::ResolveSubject("host:node8", image);
  REQUIRE_FALSE(both);
  CHECK_THAT(both.error().what, Contains("node8.elsewhere.com"));
}
