#include "probes/host/verbs_events.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "probes/host/verbs_present.h"
#include "sysfs_tree.h"
#include "tests/fakes/fake_clock.h"

namespace aftershock::host {
namespace {

struct Told {
  HostEventKind kind;
  std::string device;
  friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> EventsOf(const Timeline& timeline) {
  HostSnapshot snapshot;
  timeline.CopyTo(snapshot);
  std::vector<Told> told;
  for (const HostEvent& event : snapshot.events) told.push_back({event.kind, event.device});
  return told;
}

struct Watch {
  SysfsTree tree;
  fake::FakeClock clock;
  Timeline timeline{clock};
  std::unique_ptr<VerbsEvents> events = WatchVerbsEvents(timeline, tree.root());
};

TEST_CASE("Without a device there are no events, and nothing has failed", "[host][events]") {
  Watch watch;
  watch.events->Rescan();
  REQUIRE(watch.events->Status().has_value());
  CHECK(watch.events->Status()->code == Errc::kAbsent);
  CHECK(watch.events->Watched().empty());
  CHECK(EventsOf(watch.timeline).empty());
}

TEST_CASE("A device that verbs does not know is not watched, and that is said", "[host][events]") {
  Watch watch;
  watch.tree.AddHca("elsewhere_0");
  watch.events->Rescan();
  REQUIRE(watch.events->Status().has_value());
  CHECK(watch.events->Status()->what.find("elsewhere_0") != std::string::npos);
  CHECK(watch.events->Watched().empty());
}

TEST_CASE("Devices that come and go are told, those of the first look are not", "[host][events]") {
  Watch watch;
  watch.tree.AddHca("elsewhere_0");
  watch.events->Rescan();
  watch.tree.AddHca("elsewhere_1");
  watch.events->Rescan();
  watch.tree.Remove("class/infiniband/elsewhere_0");
  watch.events->Rescan();
  CHECK(EventsOf(watch.timeline) == std::vector<Told>{{HostEventKind::kHcaAdded, "elsewhere_1"},
                                                      {HostEventKind::kHcaRemoved, "elsewhere_0"}});
}

TEST_CASE("A device that went and came back between two looks was removed and added", "[host][events]") {
  Watch watch;
  watch.tree.AddHca("elsewhere_0");
  watch.events->Rescan();
  // Another folder first: a file system may give the next one the inode that has just become free.
  watch.tree.MakeFolder("class/infiniband/aside");
  watch.tree.Remove("class/infiniband/elsewhere_0");
  watch.tree.AddHca("elsewhere_0");
  watch.tree.Write("class/infiniband/elsewhere_0/node_guid", "0002:c903:00f0:0010");
  watch.tree.Remove("class/infiniband/aside");
  watch.events->Rescan();
  CHECK(EventsOf(watch.timeline) == std::vector<Told>{{HostEventKind::kHcaRemoved, "elsewhere_0"},
                                                      {HostEventKind::kHcaAdded, "elsewhere_0"}});
}

TEST_CASE("All devices are gone when the folder of the class is", "[host][events]") {
  Watch watch;
  watch.tree.AddHca("elsewhere_0");
  watch.events->Rescan();
  watch.tree.Remove("class/infiniband");
  watch.events->Rescan();
  CHECK(EventsOf(watch.timeline) == std::vector<Told>{{HostEventKind::kHcaRemoved, "elsewhere_0"}});
}

TEST_CASE("Devices of another link layer are not watched", "[host][events]") {
  const SysfsTree tree;
  tree.AddHca("mlx5_0");
  tree.AddHca("mlx5_1");
  tree.Write("class/infiniband/mlx5_1/ports/1/link_layer", "Ethernet");
  tree.MakeFolder("class/infiniband/odd_0");
  const auto present = PresentDevices(tree.root());
  REQUIRE(present.has_value());
  REQUIRE(present->size() == 2);
  CHECK(present->at(0).name == "mlx5_0");
  CHECK(present->at(0).node_guid == Guid{0x0002c90300f00000});
  CHECK(present->at(1).name == "odd_0");
}

TEST_CASE("A GUID that cannot be read does not make another device", "[host][events]") {
  const PresentDevice known{.name = "mlx5_0", .node_guid = Guid{7}, .inode = 4711};
  PresentDevice again = known;
  CHECK(IsSame(known, again));
  again.node_guid = Guid{};
  CHECK(IsSame(known, again));
  again.node_guid = Guid{8};
  CHECK_FALSE(IsSame(known, again));
  again = known;
  again.inode = 4712;
  CHECK_FALSE(IsSame(known, again));
}

}  // namespace
}  // namespace aftershock::host
