// What two looks at a fabric tell. Of FatTree: hosts 1 to 4, spine0 5, spine1 6, leaf0 7, leaf1 8; the
// uplinks of a leaf are its ports 5 and 6.
#include <catch2/catch.hpp>

#include "before_after.h"

namespace aftershock::tests {
namespace {

using Rules = std::vector<std::string>;
constexpr Guid kSpine0{5}, kSpine1{6}, kLeaf0{7}, kLeaf1{8};

const FabricBuilder& Tree() {
  static const FabricBuilder kTree = FatTree();
  return kTree;
}

BeforeAfter After(const FabricBuilder& now, const FabricBuilder& before = Tree()) {
  BeforeAfter world{ImageOf(before)};
  world.Look(ImageOf(now));
  return world;
}

TEST_CASE("A fabric as it was has no findings, and is fit after a while", "[rules][unit]") {
  BeforeAfter world = After(Tree());
  CHECK(world.judgement.findings.empty());
  CHECK_FALSE(world.judgement.fit);
  world.Look(ImageOf(Tree()), 600s);
  CHECK(world.judgement.fit);
}

TEST_CASE("A dead switch is one finding, with what hangs on it folded", "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"unannounced-change"});
  const auto lost = world.Of("switch-lost");
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].summary == "Switch spine1 is gone: the ports that led to it are down");
  CHECK(lost[0].because == "unannounced-change switch:0x0000000000000006");
  CHECK(world.Of("link-lost").empty());
  CHECK(world.Of("unannounced-change")[0].severity == Severity::kCritical);
}

TEST_CASE("Every change names the baseline's value, the present one and when it was first seen",
          "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  BeforeAfter world = After(now);
  const auto first = world.wall;
  world.Look(ImageOf(now));
  const Finding lost = world.Of("switch-lost").at(0);
  REQUIRE(lost.evidence.size() >= 3);
  CHECK(lost.evidence[0].name == "in the baseline");
  CHECK(std::get<std::string>(lost.evidence[0].value) == "cabled to leaf0 port 6, leaf1 port 6");
  CHECK(std::get<std::string>(lost.evidence[1].value) == "absent");
  CHECK(std::get<std::string>(lost.evidence[2].value) == FormatTime(first));
}

TEST_CASE("A silent switch is not lost", "[rules][unit]") {
  auto now = Tree();
  now.Silence(kSpine1);
  CHECK(After(now).judgement.findings.empty());
}

TEST_CASE("Hosts behind a dead switch are folded under it", "[rules][unit]") {
  FabricBuilder before;
  const Guid own = before.AddHost("mgmt"), a = before.AddSwitch("sw1"), b = before.AddSwitch("sw2");
  const Guid host = before.AddHost("node7");
  before.Connect(own, 1, a, 1);
  before.Connect(a, 2, b, 1);
  before.Connect(b, 2, host, 1);
  auto now = before;
  now.Remove(b);
  now.Remove(host);
  BeforeAfter world = After(now, before);
  CHECK(world.Told() == Rules{"unannounced-change"});
  REQUIRE(world.Of("node-lost").size() == 1);
  CHECK(world.Of("node-lost")[0].because ==
        "unannounced-change " + ToString(Subject{SubjectKind::kSwitch, b, 0, {}, {}}));
}

TEST_CASE("A host that goes is a note, and a warning after an hour that was watched", "[rules][unit]") {
  auto now = Tree();
  now.Remove(Guid{3});
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"node-lost"});
  CHECK(world.Of("node-lost")[0].severity == Severity::kNote);
  world.wall += 5h;  // a clock that jumps is no time that passed
  CHECK(world.Look(ImageOf(now), 3500s).at(0).severity == Severity::kNote);
  world.Restart();
  world.Look(ImageOf(now), 1s);
  CHECK(world.Look(ImageOf(now), 200s).at(0).severity == Severity::kWarning);
}

TEST_CASE("A host that is gone does not become the baseline by waiting", "[rules][unit]") {
  auto now = Tree();
  now.Remove(Guid{3});
  BeforeAfter world = After(now);
  world.Look(ImageOf(now), 900s);
  CHECK_FALSE(world.judgement.fit);
}

TEST_CASE("A link lost between switches is unannounced, a host's is a warning", "[rules][unit]") {
  auto now = Tree();
  now.Pull(kLeaf0, 5);
  CHECK(After(now).Told() == Rules{"unannounced-change"});
  auto host = Tree();
  host.Pull(kLeaf0, 2);
  BeforeAfter world = After(host);
  CHECK(world.Told() == Rules{"link-lost"});
  CHECK(world.Of("link-lost")[0].severity == Severity::kWarning);
}

TEST_CASE("A host plugged elsewhere is told once", "[rules][unit]") {
  FabricBuilder before;
  const Guid own = before.AddHost("mgmt"), a = before.AddSwitch("sw1"), host = before.AddHost("node7");
  before.Connect(own, 1, a, 1);
  auto now = before;
  before.Connect(a, 2, host, 1);
  now.Connect(a, 5, host, 1);
  BeforeAfter world = After(now, before);
  CHECK(world.Told() == Rules{"unannounced-change"});
  REQUIRE(world.Of("link-moved").size() == 1);
  CHECK(world.Of("link-moved")[0].summary == "node7 port 1 led to sw1 port 2 and leads to sw1 port 5");
}

TEST_CASE("Two cables swapped are one unannounced change", "[rules][unit]") {
  auto now = Tree();
  now.Pull(kLeaf0, 5);
  now.Pull(kLeaf1, 5);
  now.Connect(kLeaf0, 5, kSpine0, 2);
  now.Connect(kLeaf1, 5, kSpine0, 1);
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"unannounced-change"});
  CHECK(world.Of("link-moved").size() == 2);
}

TEST_CASE("A slower link is told, a faster one is not", "[rules][unit]") {
  auto now = Tree();
  for (Port* port : {&now.At(kLeaf0, 5), &now.At(kSpine0, 1)}) port->info->width_active = 1;
  const auto found = After(now).Of("link-slower");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "spine0 port 1 to leaf0 port 5 ran at 4x EDR and runs at 1x EDR");
  CHECK(After(Tree(), now).judgement.findings.empty());
}

TEST_CASE("A link below its past folds under what says that it is degraded", "[rules][unit]") {
  auto now = Tree();
  for (Port* port : {&now.At(kLeaf0, 5), &now.At(kSpine0, 1)}) port->info->width_active = 1;
  BeforeAfter world{ImageOf(Tree())};
  world.others = Judged(now, "link-degraded");
  world.Look(ImageOf(now));
  CHECK(world.Told().empty());
}

TEST_CASE("A new host is a note, a new switch is unannounced", "[rules][unit]") {
  auto host = Tree();
  host.Connect(host.AddHost("node9"), 1, host.AddSwitch("leaf9"), 1);
  auto only_host = FatTree(1, 4);
  const Guid guest = only_host.AddHost("node9");
  only_host.Pull(kLeaf0, 4);
  only_host.Connect(guest, 1, kLeaf0, 4);
  CHECK(After(host).Told() == Rules{"node-new", "unannounced-change"});
  const auto found = After(only_host).Of("node-new");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(found[0].summary == "node9 is new at leaf0 port 4");
}

TEST_CASE("Another master is unannounced, and LIDs that changed with it hang together", "[rules][unit]") {
  auto now = Tree();
  now.sm().info->guid = Guid{2};
  CHECK(After(now).Told() == Rules{"unannounced-change"});
  CHECK(After(now).Of("sm-changed")[0].summary ==
        "The master subnet manager was host0 with priority 0 and is host1 with priority 0");
  for (const Guid leaf : {kLeaf0, kLeaf1})
    now.At(leaf, 0).info->lid = Lid{static_cast<std::uint16_t>(40 + static_cast<unsigned>(leaf))};
  BeforeAfter world = After(now);
  CHECK(world.Told() == Rules{"unannounced-change"});
  CHECK(world.Of("lid-changed").at(0).summary == "2 of 12 ports have other LIDs than in the baseline");
}

TEST_CASE("A master that does not answer is sm-missing's to tell", "[rules][unit]") {
  auto now = Tree();
  now.sm() = {Lid{1}, Answer::kTimeout, {}};
  CHECK(After(now).judgement.findings.empty());
}

TEST_CASE("The last standby gone is a warning", "[rules][unit]") {
  auto before = Tree();
  for (const Guid host : {Guid{1}, Guid{2}}) before.At(host, 1).info->capability_mask = kCapIsSm;
  auto now = before;
  now.At(Guid{2}, 1).info->capability_mask = 0;
  BeforeAfter world = After(now, before);
  REQUIRE(world.Told() == Rules{"sm-changed"});
  CHECK(world.Of("sm-changed")[0].severity == Severity::kWarning);
}

TEST_CASE("A standby that goes with the last master, or behind a lost switch, is no cause of its own",
          "[rules][unit]") {
  auto before = Tree();
  for (const Guid host : {Guid{1}, Guid{2}}) before.At(host, 1).info->capability_mask = kCapIsSm;
  auto now = before;
  now.At(Guid{2}, 1).info->capability_mask = 0;
  BeforeAfter world(ImageOf(before));
  Finding missing;
  missing.rule = "sm-missing";
  missing.severity = Severity::kCritical;
  missing.subject = Subject::Fabric();
  world.others = {missing};
  world.Look(ImageOf(now));
  CHECK(world.Of("sm-changed").at(0).because == "sm-missing fabric");
}

TEST_CASE("Another revision of a switch is unannounced", "[rules][unit]") {
  auto now = Tree();
  now.At(kSpine0).revision = 7;
  CHECK(After(now).Told() == Rules{"unannounced-change"});
  CHECK(After(now).Of("firmware-changed").size() == 1);
}

TEST_CASE("Other P_Keys are one unannounced change, in whatever order they stand, and unread ones are none",
          "[rules][unit]") {
  auto before = Tree(), now = Tree();
  for (const Guid guid : {kSpine0, Guid{2}}) {
    before.At(guid, guid == kSpine0 ? 0 : 1).partitions.keys = {0xffff, 0x8001};
    now.At(guid, guid == kSpine0 ? 0 : 1).partitions.keys = {0x8001, 0xffff};
  }
  BeforeAfter world(ImageOf(before));
  CHECK(world.Look(ImageOf(now)).empty());
  now.At(kSpine0, 0).partitions.keys = {0xffff};
  world.Look(ImageOf(now));
  CHECK(world.Told() == Rules{"unannounced-change"});
  CHECK(world.Of("partition-changed").at(0).subject == Subject::Link({kSpine0, 0}));
  now.At(Guid{2}, 1).partitions.keys = {0xffff, 0x0001};
  world.Look(ImageOf(now));
  CHECK(world.Told() == Rules{"unannounced-change"});
  CHECK(world.Of("partition-changed").at(0).subject == Subject::Fabric());
  now = Tree();
  CHECK(world.Look(ImageOf(now)).empty());
}

TEST_CASE("A plane that the present look lacks is compared with nothing, and forgets nothing",
          "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  BeforeAfter world = After(now);
  const auto since = world.Of("switch-lost").at(0).since;
  world.complete = false;
  CHECK(world.Look(Image{}).empty());
  world.Look(ImageOf(now));
  CHECK(world.Of("switch-lost").at(0).since == since);
}

TEST_CASE("What a window left down is told once, as not restored", "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  const Subject spine{SubjectKind::kSwitch, kSpine1, 0, {}, {}};
  BeforeAfter world{ImageOf(Tree())};
  world.windows.push_back(OpenWindow(spine));
  world.windows[0].expect.push_back({{"switch:spine1", spine, "spine1"}});
  world.Look(ImageOf(now));
  CHECK(world.Of("switch-lost").at(0).explained);
  CHECK(world.Of("not-restored").empty());
  CHECK(world.Of("unannounced-change").empty());
  world.windows[0].state = WindowState::kSoaking;
  world.windows[0].closed = world.wall;
  world.Look(ImageOf(now));
  CHECK(world.Told() == Rules{"not-restored"});
  world.Look(ImageOf(Tree()));
  CHECK(world.judgement.findings.empty());
}

TEST_CASE("What was seen back after closing and goes later is not the old window's to restore",
          "[rules][unit]") {
  auto gone = Tree();
  gone.Remove(kSpine1);
  const Subject spine{SubjectKind::kSwitch, kSpine1, 0, {}, {}};
  BeforeAfter world{ImageOf(Tree())};
  world.windows.push_back(OpenWindow(spine));
  world.windows[0].expect.push_back({{"switch:spine1", spine, "spine1"}});
  world.windows[0].state = WindowState::kVerifying;
  world.windows[0].closed = world.wall;
  world.Look(ImageOf(gone));
  REQUIRE(world.Told() == Rules{"not-restored"});
  world.Look(ImageOf(Tree()));
  world.Restart();
  world.Look(ImageOf(gone));
  CHECK(world.Told() == Rules{"switch-lost"});
}

TEST_CASE("A window that passed has nothing to restore, and the next one has what goes down in it",
          "[rules][unit]") {
  auto gone = Tree();
  gone.Remove(kSpine1);
  const Subject spine{SubjectKind::kSwitch, kSpine1, 0, {}, {}};
  BeforeAfter world{ImageOf(Tree())};
  world.windows.push_back(OpenWindow(spine));
  world.windows[0].expect.push_back({{"switch:spine1", spine, "spine1"}});
  world.windows[0].state = WindowState::kPassed;
  world.windows[0].closed = world.windows[0].ended = world.wall;
  Window second = OpenWindow(spine);
  second.id = 13;
  second.opened = world.wall + std::chrono::seconds(1);
  world.windows.push_back(second);
  world.Look(ImageOf(gone));
  CHECK(world.Told() == Rules{"switch-lost"});
  CHECK(world.Of("switch-lost").at(0).window == "w13");
  CHECK_FALSE(world.Of("switch-lost").at(0).explained);
}

TEST_CASE("A change out of scope of an open window is unannounced", "[rules][unit]") {
  auto now = FatTree(3);
  const auto before = now;
  now.sm().info->guid = Guid{2};
  BeforeAfter world{ImageOf(before)};
  world.windows.push_back(OpenWindow(Subject::Host(Guid{12})));
  world.Look(ImageOf(now));
  CHECK(world.Of("unannounced-change").size() == 1);
}

TEST_CASE("A master that moves is announced by a window around it, and by one of the fabric",
          "[rules][unit]") {
  auto now = Tree();
  now.sm().info->guid = Guid{2};
  for (const Subject& scope : {Subject::Host(Guid{1}), Subject::Fabric()}) {
    BeforeAfter world{ImageOf(Tree())};
    world.windows.push_back(OpenWindow(scope));
    world.Look(ImageOf(now));
    CHECK(world.Told() == Rules{"sm-changed"});
    CHECK(world.Of("sm-changed").at(0).window == "w12");
    CHECK(Judge(world.judgement.findings) == Verdict::kOk);
  }
}

TEST_CASE("A master is known by its port's GUID, too", "[rules][unit]") {
  auto before = Tree();
  before.At(Guid{3}, 2).info->capability_mask = kCapIsSm;
  auto now = before;
  now.sm().info->guid = Guid{5};  // of port 2 of host 3
  CHECK(After(now, before).Of("sm-changed").at(0).summary.find("and is host2") != std::string::npos);
}

TEST_CASE("During an exercise any change in scope is critical, once", "[rules][unit]") {
  auto now = Tree();
  now.Pull(kLeaf0, 2);
  BeforeAfter world{ImageOf(Tree())};
  world.windows.push_back(OpenWindow(Subject::Fabric()));
  world.windows[0].hands_off = true;
  world.Look(ImageOf(now));
  REQUIRE(world.Told() == Rules{"link-lost"});
  CHECK(world.Of("link-lost")[0].severity == Severity::kCritical);
}

TEST_CASE("Who does not know the windows calls nothing unannounced", "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  BeforeAfter world{ImageOf(Tree())};
  world.knows_windows = false;
  world.Look(ImageOf(now));
  CHECK(world.Told() == Rules{"switch-lost"});
}

TEST_CASE("An accepted change is not unannounced", "[rules][unit]") {
  auto now = Tree();
  now.Remove(kSpine1);
  BeforeAfter world{ImageOf(Tree())};
  world.settings.accept.push_back({"switch-lost", "spine1", "sold", {}});
  world.Look(ImageOf(now));
  CHECK(world.Of("unannounced-change").empty());
  CHECK(Judge(world.judgement.findings) == Verdict::kOk);
}

}  // namespace
}  // namespace aftershock::tests
