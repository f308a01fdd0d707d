#include "model/json/image.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace aftershock;

namespace {

Image Small() {
  Image image;
  image.taken = WallTime(std::chrono::milliseconds(1300067966535));
  FabricImage& plane = image.planes["a plane topology"];
  plane.nodes = {{Guid{1}, NodeType::kSwitch, "leaf \"1\"", 36, false},
                 {Guid{2}, NodeType::kAdapter, "n", 1, true}};
  plane.cables = {{{Guid{1}, 7}, {Guid{2}, 1}}};
  plane.speeds[{Guid{1}, 7}] = {2, LinkSpeed::kFdr10};
  plane.lids[{Guid{2}, 1}] = {Lid{3}, 1};
  plane.p_keys[{Guid{1}, 0}] = {0x8001, 0xffff};
  plane.firmware[Guid{1}] = {0x2c9, 1, 2};
  plane.unseen = {{Guid{1}, 9}};
  plane.duplicates = 2;
  RoutingImage& routing = plane.routing.emplace();
  routing.linear[Guid{1}] = std::make_shared<LinearTable>(LinearTable{{0xff, 0, 7, 36}});
  auto lanes = std::make_shared<SlToVlTable>();
  lanes->vl[{1, 2}] = {0, 1, 2, 3};
  routing.sl_to_vl[Guid{1}] = std::move(lanes);
  routing.adaptive = {Guid{3}};
  routing.facts = RoutingFacts{.complete = true, .looped = {{{Guid{1}, 7}}}, .up_down = false};
  image.planes["b"].routing.emplace();
  image.hosts["n"].hostname = "n";
  image.hosts["n"].interfaces.emplace();
  image.pairs.emplace();
  return image;
}

}  // namespace

TEST_CASE("An image survives the way through its sections", "[model][json][unit]") {
  const Image image = Small();
  const Sections sections = ToSections(image);
  const auto back = ImageFromSections(sections, image.taken);
  REQUIRE(back);
  CHECK(*back == image);
  CHECK(ToSections(*back) == sections);
}

TEST_CASE("A section's keys are sorted, and its elements a line each", "[model][json][unit]") {
  CHECK(ToSections(Small()).at("plane a plane topology lids") ==
        "{\"lids\":[\n[\"0x0000000000000002\",1,3,1]\n],\n\"schema\":1\n}\n");
}

TEST_CASE("A section that is missing, cut or of another kind is named", "[model][json][unit]") {
  Sections sections = ToSections(Small());
  const auto error = [&] { return ImageFromSections(sections, {}).error(); };
  std::string& lids = sections.at("plane b lids");
  lids = sections.at("plane b speeds");
  CHECK(error().what == "section \"plane b lids\": lids: is not a list");
  lids.resize(5);
  CHECK(error().code == Errc::kMalformed);
  lids = "{\"schema\":99}";
  CHECK(error().code == Errc::kUnsupported);
  sections.erase("plane b lids");
  CHECK(error().what == "section \"plane b lids\" is missing");
}

TEST_CASE("No change of a byte of a section does worse than an error", "[model][json][unit]") {
  CHECK(rc::check("it is read, or not", [] {
    Sections sections = ToSections(Small());
    auto section = std::next(
        sections.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(sections.size())));
    const auto at = *rc::gen::inRange<std::size_t>(0, section->second.size());
    section->second[at] = *rc::gen::arbitrary<char>();
    const auto image = ImageFromSections(sections, {});
    RC_ASSERT(image || image.error().code != Errc::kInternal);
  }));
}
