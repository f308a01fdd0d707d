// What the tests of the engine share: a small fabric, and outcomes kept beyond the callback.
#pragma once

#include <chrono>
#include <vector>

#include "probes/mad/decode.h"
#include "probes/mad/engine.h"
#include "tests/fakes/fat_tree.h"

namespace aftershock::mad {

using fake::Misdeed;
using std::chrono::milliseconds;

struct Kept {
  Answer answer{};
  std::uint16_t status = 0;
  std::uint8_t tries = 0;
  std::vector<std::uint8_t> data;
};

struct EngineBench {
  explicit EngineBench(Limits limits = {}, fake::FatTreeShape shape = {})
      : tree(fake::BuildFatTree(fabric, shape)), engine(fabric, clock, limits) {}

  Request Smp(Attribute attribute = Attribute::kNodeInfo) const {
    return {.address = DirectedRoute{}, .attribute = attribute};
  }
  // To the leaf behind our port.
  Request LeafSmp(Attribute attribute = Attribute::kNodeInfo, std::uint32_t modifier = 0) const {
    return {
        .address = DirectedRoute{}.Through(1), .attribute = attribute, .modifier = modifier, .lane = Lane{1}};
  }
  static Request Pma(const fake::FakeNode& node, Attribute attribute = Attribute::kPortCounters,
                     std::uint8_t port = 1) {
    const std::size_t at = node.IsSwitch() ? 0 : 1;
    return {.address = LidAddress{.lid = node.ports[at].info.lid},
            .mgmt_class = MgmtClass::kPerf,
            .attribute = attribute,
            .lane = LaneOf(node),
            .port_select = port};
  }
  static Lane LaneOf(const fake::FakeNode& node) {
    return Lane{static_cast<std::uint32_t>(static_cast<std::uint64_t>(node.guid) >> 8)};
  }

  void Submit(const Request& request) {
    engine.Submit(request, [this](const Outcome& o) {
      kept.push_back({o.answer, o.status, o.tries, {o.data.begin(), o.data.end()}});
    });
  }
  Result<void> Run(Duration limit = std::chrono::hours(1)) { return engine.Run(clock.Steady() + limit, {}); }
  Kept Ask(const Request& request) {
    Submit(request);
    (void)Run();
    return kept.back();
  }
  const MadCount& Count(MadClass c) const { return engine.counts()[static_cast<std::size_t>(c)]; }

  fake::FakeClock clock;
  fake::FakeFabric fabric{clock};
  fake::FatTree tree;
  Engine engine;
  std::vector<Kept> kept;
};

}  // namespace aftershock::mad
