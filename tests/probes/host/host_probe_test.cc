#include "probes/host/host_probe.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "sysfs_tree.h"

using namespace std::chrono_literals;

namespace aftershock::host {
namespace {

// A host made of a folder, whose fabric may not be reached and whose kernel log is not there.
struct World {
  SysfsTree tree;
  SystemClock clock;

  HostSnapshotPtr Look() {
    HostProbe probe({.sysfs = tree.root(),
                     .kernel_log = tree.root() + "/kmsg",
                     .open = [](const HcaPortName&) -> Result<std::unique_ptr<mad::Transport>> {
                       return Fail(Errc::kDenied, "no permission on /dev/infiniband/umad0");
                     }},
                    clock);
    return probe.Look(clock.Steady() + 60s, {});
  }
};

TEST_CASE("A part that is denied leaves the others alone", "[host][probe]") {
  World world;
  world.tree.AddHca("mlx5_0");
  const auto snapshot = world.Look();
  CHECK(snapshot->number == 1);
  CHECK(snapshot->Saw(HostPart::kAdapters));
  CHECK(snapshot->Saw(HostPart::kInterfaces));
  REQUIRE(snapshot->hcas.size() == 1);
  CHECK_FALSE(snapshot->hcas[0].ports[0].p_keys.empty());
  for (const HostPart part : {HostPart::kCabling, HostPart::kSm, HostPart::kSa}) {
    const PartReport* report = snapshot->Find(part);
    REQUIRE(report != nullptr);
    REQUIRE(report->error);
    CHECK(report->error->code == Errc::kDenied);
  }
}

TEST_CASE("Every part of a look is reported once, in order; probes only where there are any",
          "[host][probe]") {
  World world;
  world.tree.AddHca("mlx5_0");
  const auto snapshot = world.Look();
  CHECK(snapshot->parts.size() == kHostPartCount - 1);
  CHECK(std::ranges::is_sorted(snapshot->parts, {}, &PartReport::part));
  CHECK(snapshot->Find(HostPart::kProbes) == nullptr);
}

TEST_CASE("A host without sysfs is not one without InfiniBand", "[host][probe]") {
  World world;
  CHECK_FALSE(world.Look()->NoInfiniBand());
}

}  // namespace
}  // namespace aftershock::host
