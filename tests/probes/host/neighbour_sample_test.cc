#include "probes/host/neighbour_sample.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

namespace aftershock::host {
namespace {

const HcaPortName kPort{.device = "mlx5_0", .port = 1}, kStandby{.device = "mlx5_1", .port = 1};
constexpr Gid kOwn{.prefix = 0xfe80000000000000, .id = 1};

struct Sampling {
  Sampling() {
    IpoibLink link;
    link.index = 1;
    link.hca_port = kPort;
    link.address = IpoibAddress{.gid = kOwn};
    seen.links.push_back(link);
  }
  void Add(const std::string& ip, Gid gid, int link = 1) {
    Neighbour neighbour;
    neighbour.link = link;
    neighbour.ip = ip;
    neighbour.address = IpoibAddress{.gid = gid};
    seen.neighbours.push_back(neighbour);
  }
  void AddMany(unsigned count) {
    for (unsigned i = 0; i < count; ++i) Add("10.1.0." + std::to_string(i), {kOwn.prefix, 100 + i});
  }
  // The neighbour whose turn it is, which gets `answer`.
  std::string Turn(SaAnswer answer) {
    sample.See(seen);
    const auto chosen = sample.Choose({kPort});
    if (!chosen) return "";
    now += std::chrono::minutes(1);
    sample.Hear(*chosen, {.answer = answer}, now);
    return chosen->path.ip;
  }

  HostSnapshot seen;
  NeighbourSample sample;
  SteadyTime now{std::chrono::hours(1)};
};

}  // namespace

TEST_CASE("Every neighbour has its turn before one has it again", "[host][unit]") {
  Sampling sampling;
  sampling.AddMany(20);
  std::map<std::string, int> turns;
  for (int i = 0; i < 60; ++i) ++turns[sampling.Turn(SaAnswer::kYes)];
  CHECK(turns.size() == 20);
  for (const auto& [ip, count] : turns) CHECK(count == 3);
}

TEST_CASE("A neighbour without a path is asked about again soon, and the others go on", "[host][unit]") {
  Sampling sampling;
  sampling.AddMany(20);
  const std::string lost = sampling.Turn(SaAnswer::kNo);
  std::map<std::string, int> turns;
  for (int i = 0; i < 10; ++i) {
    sampling.sample.See(sampling.seen);
    const auto chosen = sampling.sample.Choose({kPort});
    sampling.sample.Hear(*chosen, {.answer = chosen->path.ip == lost ? SaAnswer::kNo : SaAnswer::kYes},
                         sampling.now += std::chrono::minutes(1));
    ++turns[chosen->path.ip];
  }
  CHECK(turns[lost] == 5);
  CHECK(turns.size() == 6);
}

TEST_CASE("Groups, ourselves and neighbours without an address are not sampled", "[host][unit]") {
  Sampling sampling;
  sampling.Add("224.0.0.1", BroadcastGroup(0xffff));
  sampling.Add("10.1.0.1", kOwn);
  sampling.Add("10.1.0.2", Gid{});
  sampling.Add("10.1.0.3", {kOwn.prefix, 3});
  sampling.seen.neighbours.back().address.reset();
  CHECK(sampling.Turn(SaAnswer::kYes).empty());
}

TEST_CASE("A neighbour of a bond is asked about through the active leg's port", "[host][unit]") {
  Sampling sampling;
  IpoibLink standby = sampling.seen.links.front();
  standby.index = 2;
  standby.hca_port = kStandby;
  sampling.seen.links.push_back(standby);
  sampling.seen.bonds.push_back({.index = 7, .name = "bond0", .active_leg = 2});
  sampling.Add("10.1.0.9", {kOwn.prefix, 9}, 7);
  sampling.sample.See(sampling.seen);
  CHECK_FALSE(sampling.sample.Choose({kPort}).has_value());
  const auto chosen = sampling.sample.Choose({kPort, kStandby});
  REQUIRE(chosen.has_value());
  CHECK(chosen->port == kStandby);
}

TEST_CASE("What was not asked after all leaves the last answer", "[host][unit]") {
  Sampling sampling;
  sampling.AddMany(1);
  sampling.Turn(SaAnswer::kYes);
  sampling.Turn(SaAnswer::kNotAsked);
  CHECK(sampling.sample.Answers().at(0).answer == SaAnswer::kYes);
  sampling.seen.neighbours[0].address->gid.id = 5;
  sampling.sample.See(sampling.seen);
  CHECK(sampling.sample.Answers().empty());
}

}  // namespace aftershock::host
