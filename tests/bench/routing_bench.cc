// How long the forwarding tables of large fabrics take to judge: every switch and LID walked, and the channel
// dependency graph. Prints one line each; the peak of memory is of the process so far, snapshot included.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "model/fabric.h"
#include "model/settings.h"
#include "rules/routing/rules.h"

namespace aftershock {
namespace {

class Builder {
 public:
  std::uint32_t Add(NodeType type, int ports) {
    const auto index = static_cast<std::uint32_t>(fabric_.nodes.size());
    Node& node = fabric_.nodes.emplace_back();
    node.guid = Guid{std::uint64_t{0x0002c90300a00000} + index};
    node.type = type;
    node.name = (type == NodeType::kSwitch ? "switch" : "host") + std::to_string(index);
    node.answer = Answer::kAnswered;
    for (int num = type == NodeType::kSwitch ? 0 : 1; num <= ports; ++num) {
      Port& port = node.ports.emplace_back();
      port.num = static_cast<std::uint8_t>(num);
      port.info_answer = Answer::kAnswered;
      PortInfo& info = port.info.emplace();
      info.lid = Lid{static_cast<std::uint16_t>(index + 1)};
      info.operational_vls = 1;
    }
    return index;
  }
  void Connect(std::uint32_t a, int a_port, std::uint32_t b, int b_port) {
    for (const auto& [node, port, peer, peer_port] :
         {std::tuple(a, a_port, b, b_port), std::tuple(b, b_port, a, a_port)}) {
      Port& at = *fabric_.nodes[node].FindPort(static_cast<std::uint8_t>(port));
      at.info->state = PortState::kActive;
      at.info->phys_state = PhysState::kLinkUp;
      at.peer = Peer{peer, static_cast<std::uint8_t>(peer_port)};
    }
  }
  // exit_of(switch, node): the port of the switch towards the node.
  template <typename ExitOf>
  FabricSnapshot Route(ExitOf exit_of) {
    const auto count = static_cast<std::uint32_t>(fabric_.nodes.size());
    for (std::uint32_t s = 0; s < count; ++s) {
      if (!fabric_.nodes[s].IsSwitch()) continue;
      auto table = std::make_shared<LinearTable>();
      table->exit.resize(count + 1, LinearTable::kNoExit);
      for (std::uint32_t to = 0; to < count; ++to)
        table->exit[to + 1] = static_cast<std::uint8_t>(exit_of(s, to));
      fabric_.nodes[s].tables.linear = {std::move(table), Answer::kAnswered, 1, false};
    }
    fabric_.sweep.number = 1;
    return std::move(fabric_);
  }

 private:
  FabricSnapshot fabric_;
};

constexpr int kPodWidth = 18;  // leaves, and switches above them, of a pod

// Three tiers; switches first, so that a node's number tells what it is. Up by destination.
FabricSnapshot FatTree(int pods, int hosts_per_leaf, int cores_per_group) {
  Builder builder;
  const int leaves = pods * kPodWidth, cores = kPodWidth * cores_per_group;
  const auto number = [](int n) { return static_cast<std::uint32_t>(n); };
  for (int i = 0; i < leaves; ++i) builder.Add(NodeType::kSwitch, hosts_per_leaf + kPodWidth);
  for (int i = 0; i < leaves; ++i) builder.Add(NodeType::kSwitch, kPodWidth + cores_per_group);
  for (int i = 0; i < cores; ++i) builder.Add(NodeType::kSwitch, pods);
  for (int i = 0; i < leaves * hosts_per_leaf; ++i) builder.Add(NodeType::kAdapter, 1);
  for (int leaf = 0; leaf < leaves; ++leaf) {
    const int pod = leaf / kPodWidth, place = leaf % kPodWidth;
    for (int h = 0; h < hosts_per_leaf; ++h)
      builder.Connect(number(leaf), 1 + h, number(2 * leaves + cores + leaf * hosts_per_leaf + h), 1);
    for (int up = 0; up < kPodWidth; ++up)
      builder.Connect(number(leaf), hosts_per_leaf + 1 + up, number(leaves + pod * kPodWidth + up),
                      1 + place);
    for (int up = 0; up < cores_per_group; ++up)
      builder.Connect(number(leaves + leaf), kPodWidth + 1 + up,
                      number(2 * leaves + place * cores_per_group + up), 1 + pod);
  }
  return builder.Route([=](std::uint32_t from, std::uint32_t to) -> int {
    const int s = static_cast<int>(from), d = static_cast<int>(to);
    if (s == d) return 0;
    const int host = d - 2 * leaves - cores;
    const int leaf = host >= 0 ? host / hosts_per_leaf : d < leaves ? d : -1;
    const int pod = leaf >= 0 ? leaf / kPodWidth : d < 2 * leaves ? (d - leaves) / kPodWidth : -1;
    const int above = d >= leaves && d < 2 * leaves ? (d - leaves) % kPodWidth
                      : d >= 2 * leaves && host < 0 ? (d - 2 * leaves) / cores_per_group
                                                    : d % kPodWidth;
    const int core =
        d >= 2 * leaves && host < 0 ? (d - 2 * leaves) % cores_per_group : d / kPodWidth % cores_per_group;
    if (s < leaves) return s == leaf ? 1 + host % hosts_per_leaf : hosts_per_leaf + 1 + above;
    if (s < 2 * leaves) {
      if ((s - leaves) / kPodWidth == pod && leaf >= 0) return 1 + leaf % kPodWidth;
      const bool there = pod < 0 ? (s - leaves) % kPodWidth == above : (s - leaves) % kPodWidth == above;
      return there && (pod < 0 || (s - leaves) / kPodWidth != pod) ? kPodWidth + 1 + core
                                                                   : LinearTable::kNoExit;
    }
    if (pod < 0) return LinearTable::kNoExit;
    const bool over = host >= 0 || leaf >= 0 || (s - 2 * leaves) / cores_per_group == above;
    return over ? 1 + pod : LinearTable::kNoExit;
  });
}

// side x side x side switches, the shortest way in one dimension after the other: full of cycles.
FabricSnapshot Torus(int side, int hosts_each) {
  Builder builder;
  const int switches = side * side * side;
  const auto number = [](int n) { return static_cast<std::uint32_t>(n); };
  for (int i = 0; i < switches; ++i) builder.Add(NodeType::kSwitch, 6 + hosts_each);
  for (int i = 0; i < switches * hosts_each; ++i) builder.Add(NodeType::kAdapter, 1);
  for (int s = 0; s < switches; ++s) {
    for (int h = 0; h < hosts_each; ++h)
      builder.Connect(number(s), 7 + h, number(switches + s * hosts_each + h), 1);
    for (int dimension = 0, unit = 1; dimension < 3; ++dimension, unit *= side) {
      const int place = s / unit % side;
      builder.Connect(number(s), 1 + 2 * dimension, number(s + ((place + 1) % side - place) * unit),
                      2 + 2 * dimension);
    }
  }
  return builder.Route([=](std::uint32_t from, std::uint32_t to) -> int {
    const int s = static_cast<int>(from);
    const int host = static_cast<int>(to) - switches;
    const int d = host < 0 ? static_cast<int>(to) : host / hosts_each;
    for (int dimension = 0, unit = 1; dimension < 3; ++dimension, unit *= side) {
      const int away = (d / unit % side - s / unit % side + side) % side;
      if (away != 0) return 1 + 2 * dimension + (away <= side / 2 ? 0 : 1);
    }
    return host < 0 ? 0 : 7 + host % hosts_each;
  });
}

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

double Seconds(FabricState& state, const FabricSnapshot& snapshot) {
  const Settings settings;
  const auto begin = std::chrono::steady_clock::now();
  rules::RememberRouting(state, snapshot, settings);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Measure(const char* what, FabricSnapshot snapshot) {
  std::size_t switches = 0;
  for (const Node& node : snapshot.nodes) switches += node.IsSwitch() ? 1 : 0;
  const long before = PeakMegabytes();
  FabricState state;
  const double first = Seconds(state, snapshot);
  ++snapshot.sweep.number;
  const double again = Seconds(state, snapshot);
  std::printf(
      "%s: %zu switches, %zu LIDs: judged in %.2f s, again unchanged in %.1f ms, %ld MB more, %zu faults\n",
      what, switches, snapshot.nodes.size(), first, 1e3 * again, PeakMegabytes() - before,
      state.routing.faults.size());
  for (const RouteFault& fault : state.routing.faults) std::printf("  %s\n", fault.summary.c_str());
}

}  // namespace
}  // namespace aftershock

int main() {
  using namespace aftershock;
  Measure("fat-tree", FatTree(14, 18, 9));
  Measure("fat-tree", FatTree(22, 48, 11));
  auto broken = FatTree(22, 48, 11);
  for (std::size_t i = 0; i < broken.nodes.size(); i += 3)
    broken.nodes[i].tables.linear.table = std::make_shared<LinearTable>();
  Measure("fat-tree with every third table empty", std::move(broken));
  Measure("torus", Torus(10, 19));
}
