#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "build_fabric.h"

namespace aftershock::tests {
namespace {

// The fat-tree of FatTree(2) has nodes 1 to 14.
Guid AnyNode() {
  return Guid{*rc::gen::inRange<std::uint64_t>(1, 15)};
}

Port& AnyPort(FabricBuilder& fabric) {
  auto& ports = fabric.At(AnyNode()).ports;
  return ports[*rc::gen::inRange<std::size_t>(0, ports.size())];
}

Answer AnyMissing() {
  return *rc::gen::element(Answer::kTimeout, Answer::kError, Answer::kUnreachable);
}

void Disturb(FabricBuilder& fabric) {
  Port& port = AnyPort(fabric);
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      fabric.At(AnyNode()).answer = AnyMissing();
      break;
    case 1:
      port.counters_answer = AnyMissing();
      break;
    case 2:
      port.info_answer = AnyMissing();
      break;
    case 3:
      port.info->state = *rc::gen::element(PortState::kInit, PortState::kDown, PortState::kArmed);
      break;
    case 4:
      port.info->lid = Lid{*rc::gen::arbitrary<std::uint16_t>()};
      break;
    case 5:
      port.info->width_active = *rc::gen::arbitrary<std::uint8_t>();
      break;
    case 6:
      port.info->phys_state = *rc::gen::element(PhysState::kPolling, PhysState::kDisabled);
      break;
    case 7:
      Count(port, *rc::gen::element(Counter::kSymbolErrors, Counter::kLinkDowned, Counter::kXmitDiscards),
            *rc::gen::arbitrary<std::uint32_t>());
      break;
    default:
      fabric.sm().answer = AnyMissing();
  }
}

FabricBuilder AnyFabric() {
  auto fabric = FatTree(2);
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) Disturb(fabric);
  fabric.sweep().complete = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
  return fabric;
}

// True when the property held for every case that was tried.
template <typename Property>
bool Holds(const char* name, Property property) {
  return rc::check(name, property);
}

TEST_CASE("A healthy fat-tree of any size is OK", "[rules][property]") {
  CHECK(Holds("healthy", [] {
    const auto fabric = FatTree(*rc::gen::inRange(1, 6), *rc::gen::inRange(1, 10));
    Plane plane;
    for (int i = 0; i < 3; ++i) plane.Sweep(fabric.Build());
    RC_ASSERT(plane.findings().empty());
    RC_ASSERT(plane.verdict() == Verdict::kOk);
  }));
}

TEST_CASE("The same sweep twice gives no rates", "[rules][property]") {
  CHECK(Holds("no rates", [] {
    const auto snapshot = AnyFabric().Build();
    Plane plane;
    plane.Sweep(snapshot);
    const auto& again = plane.Sweep(snapshot, Duration{0});
    for (const char* rule : {"link-errors", "transmit-discards", "link-flapping"})
      RC_ASSERT(Of(again, rule).empty());
  }));
}

TEST_CASE("A node that misses an answer is never OK", "[rules][property]") {
  CHECK(Holds("missing", [] {
    auto fabric = AnyFabric();
    Node& node = fabric.At(AnyNode());
    Answer* const answers[] = {&node.answer, &node.description_answer, &node.switch_answer, &node.pma_answer,
                               &node.ports.back().info_answer};
    *answers[*rc::gen::inRange(0, 5)] = AnyMissing();
    Plane plane;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) plane.Sweep(fabric.Build());
    RC_ASSERT(plane.verdict() != Verdict::kOk);
  }));
}

TEST_CASE("Folding points at a standing root and costs the verdict nothing", "[rules][property]") {
  CHECK(Holds("fold", [] {
    Plane plane;
    const auto before = FatTree(2);
    plane.Sweep(before.Build());
    plane.Sweep(AnyFabric().Build());
    plane.Sweep(AnyFabric().Build());
    std::map<std::string, const Finding*> by_key;
    for (const Finding& f : plane.findings()) by_key.emplace(Key(f), &f);
    for (const Finding& f : plane.findings()) {
      if (!f.because) continue;
      RC_ASSERT(by_key.contains(*f.because));
      const Finding& root = *by_key.at(*f.because);
      RC_ASSERT(!root.because);
      const Verdict weight = Judge(std::span(&root, 1));
      RC_ASSERT(weight != Verdict::kOk || f.severity == Severity::kNote);
      RC_ASSERT(plane.verdict() >= weight);
    }
  }));
}

TEST_CASE("Every finding of a sweep has a key of its own", "[rules][property]") {
  CHECK(Holds("keys", [] {
    Plane plane;
    plane.Sweep(FatTree(2).Build());
    std::set<std::string> keys;
    for (const Finding& f : plane.Sweep(AnyFabric().Build())) RC_ASSERT(keys.insert(Key(f)).second);
  }));
}

TEST_CASE("The state stays bounded over a thousand sweeps of flapping", "[rules][unit]") {
  const auto up = FatTree();
  auto down = up;
  down.Pull(Guid{7}, 5);
  auto gone = up;
  gone.Remove(Guid{3});
  Plane plane;
  plane.Sweep(up.Build());
  const auto ports = plane.state().ports.size();
  for (int i = 0; i < 1000; ++i) plane.Sweep((i % 3 == 0 ? up : i % 3 == 1 ? down : gone).Build(), 1s);
  plane.Sweep(up.Build());
  CHECK(plane.state().ports.size() == ports);
  CHECK(plane.state().nodes.size() == 8);
  CHECK(plane.state().since.size() == plane.findings().size());
  for (const auto& [key, memory] : plane.state().ports) CHECK(memory.downs.size() <= 32);
}

}  // namespace
}  // namespace aftershock::tests
