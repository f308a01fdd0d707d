#include <catch2/catch.hpp>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

// leaf0 (GUID 7) has uplinks at ports 5 and 6, to ports 1 of spine0 (5) and spine1 (6).
void Run(FabricBuilder& fabric, Guid guid, int port, std::uint8_t width, LinkSpeed speed) {
  fabric.At(guid, port).info->width_active = width;
  fabric.At(guid, port).info->speed_active = speed;
}

TEST_CASE("A link below what both ends could do is named as an operator would", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 1, LinkSpeed::kEdr);
  Run(fabric, Guid{5}, 1, 1, LinkSpeed::kEdr);
  const auto found = Judged(fabric, "link-degraded");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "spine0 port 1 to leaf0 port 5 runs at 1x EDR, both ends could do 4x EDR");
  CHECK(ToString(found[0].subject) == "link:0x0000000000000005/1");
  CHECK(found[0].severity == Severity::kWarning);
}

TEST_CASE("A slow speed that both ends could better is degraded", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 2, LinkSpeed::kQdr);
  Run(fabric, Guid{5}, 1, 2, LinkSpeed::kQdr);
  CHECK(Judged(fabric, "link-degraded").size() == 1);
}

TEST_CASE("What one end does not enable or support is not missed", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 1, LinkSpeed::kQdr);
  Run(fabric, Guid{5}, 1, 1, LinkSpeed::kQdr);
  fabric.At(Guid{7}, 5).info->width_enabled = 1;
  fabric.At(Guid{5}, 1).info->speed_supported = SpeedSet::FromBits(7);
  CHECK(Judged(fabric, "link-degraded").empty());
}

TEST_CASE("A link whose far end is silent is not called degraded", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 1, LinkSpeed::kEdr);
  fabric.At(Guid{5}).answer = Answer::kTimeout;
  CHECK(Judged(fabric, "link-degraded").empty());
}

TEST_CASE("Ends that run at different widths disagree, and are not degraded besides", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 1, LinkSpeed::kEdr);
  const auto found = Judged(fabric, "link-ends-disagree");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary == "spine0 port 1 to leaf0 port 5: the ends say 4x EDR against 1x EDR");
  CHECK(Judged(fabric, "link-degraded").empty());
}

TEST_CASE("Ends with different MTUs disagree", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}, 5).info->mtu_active = 4;
  CHECK(Judged(fabric, "link-ends-disagree").size() == 1);
}

TEST_CASE("FDR10 that reads as QDR at one end is no disagreement", "[rules][unit]") {
  auto fabric = FatTree();
  Run(fabric, Guid{7}, 5, 2, LinkSpeed::kFdr10);
  Run(fabric, Guid{5}, 1, 2, LinkSpeed::kQdr);
  CHECK(Judged(fabric, "link-ends-disagree").empty());
}

TEST_CASE("An end in Init is not a disagreement", "[rules][unit]") {
  auto fabric = FatTree();
  fabric.At(Guid{7}, 5).info->state = PortState::kInit;
  CHECK(Judged(fabric, "link-ends-disagree").empty());
}

TEST_CASE("Ends read in different sweeps disagree only when both were read again", "[rules][unit]") {
  auto fabric = FatTree();
  Plane plane;
  plane.Sweep(fabric.Build());
  Run(fabric, Guid{7}, 5, 1, LinkSpeed::kEdr);
  auto& near = fabric.At(Guid{7}, 5);
  auto& far = fabric.At(Guid{5}, 1);
  far.info_answer = Answer::kNotAsked;
  far.info_sweep = 1;
  CHECK(Of(plane.Sweep(fabric.Build()), "link-ends-disagree").empty());
  near.info_answer = Answer::kNotAsked;
  near.info_sweep = 2;
  far.info_answer = Answer::kAnswered;
  CHECK(Of(plane.Sweep(fabric.Build()), "link-ends-disagree").size() == 1);
}

// Two parallel cables between leaf0 and spine0.
FabricBuilder Parallel(std::uint8_t second_width) {
  FabricBuilder fabric;
  const Guid host = fabric.AddHost("host", 1);
  const Guid leaf = fabric.AddSwitch("leaf");
  const Guid spine = fabric.AddSwitch("spine");
  fabric.Connect(host, 1, leaf, 8);
  for (int port : {1, 2}) fabric.Connect(leaf, port, spine, port);
  for (const Guid end : {leaf, spine}) {
    PortInfo& info = *fabric.At(end, 2).info;
    info.width_active = info.width_enabled = second_width;
  }
  return fabric;
}

TEST_CASE("A cable slower than its parallel sibling is a warning even if nothing better is enabled",
          "[rules][unit]") {
  Plane plane;
  const auto found = Of(plane.Sweep(Parallel(1).Build()), "link-slower-than-siblings");
  REQUIRE(found.size() == 1);
  CHECK(found[0].summary ==
        "leaf port 2 to spine port 2 runs at 1x EDR, slower than a parallel cable between the same switches");
  CHECK(plane.verdict() == Verdict::kWarning);
}

TEST_CASE("Equal parallel cables are no finding", "[rules][unit]") {
  CHECK(Judged(Parallel(2), "link-slower-than-siblings").empty());
}

TEST_CASE("A link slower than most between its tiers is a note", "[rules][unit]") {
  auto fabric = FatTree(2);
  for (PortInfo* info : {&*fabric.At(Guid{1}, 1).info, &*fabric.At(Guid{11}, 1).info}) {
    info->speed_active = LinkSpeed::kFdr;
    info->speed_enabled = SpeedSet::FromBits(0x1f);
  }
  Plane plane;
  const auto found = Of(plane.Sweep(fabric.Build()), "link-slower-than-siblings");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kNote);
  CHECK(plane.verdict() == Verdict::kOk);
}

TEST_CASE("A link slower than those of another device type is no finding", "[rules][unit]") {
  auto fabric = FatTree(2);
  fabric.At(Guid{1}).device_id = 0x1011;
  for (const int port : {1, 2}) {
    fabric.At(Guid{1}, port).info->speed_active = LinkSpeed::kFdr;
    fabric.At(Guid{1}, port).info->speed_enabled = SpeedSet::FromBits(0x1f);
  }
  CHECK(Judged(fabric, "link-slower-than-siblings").empty());
}

TEST_CASE("A degraded link is not also slower than its siblings", "[rules][unit]") {
  auto fabric = Parallel(1);
  for (const Guid end : {Guid{2}, Guid{3}}) fabric.At(end, 2).info->width_enabled = 3;
  CHECK(Judged(fabric, "link-degraded").size() == 1);
  CHECK(Judged(fabric, "link-slower-than-siblings").empty());
}

}  // namespace
}  // namespace aftershock::tests
