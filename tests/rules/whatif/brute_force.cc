#include "brute_force.h"

#include <algorithm>
#include <functional>
#include <queue>

#include <catch2/catch.hpp>

namespace aftershock::tests {
namespace {

SmallFabric Whole(SmallFabric fabric) {
  fabric.gone_switches.clear();
  fabric.gone_cables.clear();
  fabric.gone_legs.clear();
  return fabric;
}

// Capacities between switches, and a last vertex for one host.
using Capacities = std::vector<std::vector<int>>;

Capacities CapacitiesOf(const SmallFabric& f) {
  const auto size = static_cast<std::size_t>(f.switches) + 1;
  Capacities c(size, std::vector<int>(size));
  for (std::size_t i = 0; i < f.cables.size(); ++i) {
    const auto [a, b] = f.cables[i];
    if (f.gone_cables.contains(static_cast<int>(i)) || f.gone_switches.contains(a) ||
        f.gone_switches.contains(b))
      continue;
    ++c[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
    ++c[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)];
  }
  return c;
}

// Edmonds and Karp, on a matrix.
int MaxFlow(Capacities c, std::size_t from, std::size_t to) {
  for (int flow = 0;; ++flow) {
    std::vector<int> came(c.size(), -1);
    std::queue<std::size_t> next;
    next.push(from);
    came[from] = static_cast<int>(from);
    while (!next.empty() && came[to] < 0) {
      const std::size_t at = next.front();
      next.pop();
      for (std::size_t v = 0; v < c.size(); ++v) {
        if (came[v] >= 0 || c[at][v] == 0) continue;
        came[v] = static_cast<int>(at);
        next.push(v);
      }
    }
    if (came[to] < 0) return flow;
    for (std::size_t v = to; v != from; v = static_cast<std::size_t>(came[v])) {
      --c[static_cast<std::size_t>(came[v])][v];
      ++c[v][static_cast<std::size_t>(came[v])];
    }
  }
}

bool LegStays(const SmallFabric& f, int host, int leg) {
  const int sw = f.hosts[static_cast<std::size_t>(host)][static_cast<std::size_t>(leg)];
  return !f.gone_legs.contains({host, leg}) && !f.gone_switches.contains(sw);
}

std::vector<int> Islands(const SmallFabric& f) {
  std::vector<int> island(static_cast<std::size_t>(f.switches), -1);
  const Capacities c = CapacitiesOf(f);
  for (int start = 0; start < f.switches; ++start) {
    for (int other = 0; other < f.switches; ++other) {
      const bool same =
          start == other || MaxFlow(c, static_cast<std::size_t>(start), static_cast<std::size_t>(other)) > 0;
      if (same && island[static_cast<std::size_t>(other)] < 0 && !f.gone_switches.contains(other))
        island[static_cast<std::size_t>(other)] = start;
    }
  }
  return island;
}

std::set<int> MainSwitches(const SmallFabric& f) {
  const std::vector<int> whole = Islands(Whole(f)), now = Islands(f);
  std::set<int> main;
  for (const int island : std::set<int>(whole.begin(), whole.end())) {
    std::map<int, std::pair<int, int>> size;  // part: legs, switches
    for (int sw = 0; sw < f.switches; ++sw) {
      if (whole[static_cast<std::size_t>(sw)] == island && now[static_cast<std::size_t>(sw)] >= 0)
        ++size[now[static_cast<std::size_t>(sw)]].second;
    }
    for (int h = 0; h < static_cast<int>(f.hosts.size()); ++h) {
      const auto& legs = f.hosts[static_cast<std::size_t>(h)];
      for (int l = 0; l < static_cast<int>(legs.size()); ++l) {
        const int part = now[static_cast<std::size_t>(legs[static_cast<std::size_t>(l)])];
        if (LegStays(f, h, l) && size.contains(part)) ++size[part].first;
      }
    }
    int legs = 0;
    for (const auto& [part, weight] : size) legs += weight.first;
    for (const auto& [part, weight] : size) {
      const bool most = 2 * weight.first > legs;  // without any leg nobody asks
      for (int sw = 0; most && sw < f.switches; ++sw) {
        if (now[static_cast<std::size_t>(sw)] == part) main.insert(sw);
      }
    }
  }
  return main;
}

struct Minimum {
  std::uint32_t all = 0, reached = 0, lost = 0;
};

Minimum LeastPaths(const SmallFabric& f, int host, int island, const std::vector<int>& islands) {
  const auto& legs = f.hosts[static_cast<std::size_t>(host)];
  Capacities c = CapacitiesOf(f);
  const std::size_t s = c.size() - 1;
  for (int l = 0; l < static_cast<int>(legs.size()); ++l) {
    const auto sw = static_cast<std::size_t>(legs[static_cast<std::size_t>(l)]);
    if (islands[sw] == island && LegStays(f, host, l)) ++c[s][sw];
  }
  std::set<int> leaves, own(legs.begin(), legs.end());
  for (const auto& other : f.hosts) leaves.insert(other.begin(), other.end());
  std::erase_if(leaves, [&](int sw) {
    return islands[static_cast<std::size_t>(sw)] != island || f.gone_switches.contains(sw);
  });
  std::set<int> targets = leaves;
  std::erase_if(targets, [&](int sw) { return own.contains(sw); });
  if (targets.empty()) targets = leaves;
  std::optional<std::uint32_t> all, reached;
  Minimum result;
  for (const int target : targets) {
    const auto flow = static_cast<std::uint32_t>(MaxFlow(c, s, static_cast<std::size_t>(target)));
    all = std::min(all.value_or(flow), flow);
    if (flow > 0) reached = std::min(reached.value_or(flow), flow);
    result.lost += flow == 0 ? 1 : 0;
  }
  result.all = all.value_or(0);
  result.reached = reached.value_or(0);
  return result;
}

}  // namespace

FabricSnapshot Build(const SmallFabric& fabric) {
  FabricBuilder builder;
  std::vector<Guid> switches;
  std::map<Guid, int> next;
  for (int i = 0; i < fabric.switches; ++i)
    switches.push_back(builder.AddSwitch("s" + std::to_string(i), 60));
  for (const auto& [a, b] : fabric.cables) {
    const Guid ga = switches[static_cast<std::size_t>(a)], gb = switches[static_cast<std::size_t>(b)];
    const int pa = ++next[ga], pb = ++next[gb];
    builder.Connect(ga, pa, gb, pb);
  }
  for (std::size_t h = 0; h < fabric.hosts.size(); ++h) {
    const Guid host = builder.AddHost("h" + std::to_string(h),
                                      static_cast<int>(std::max<std::size_t>(1, fabric.hosts[h].size())));
    for (std::size_t l = 0; l < fabric.hosts[h].size(); ++l) {
      const Guid sw = switches[static_cast<std::size_t>(fabric.hosts[h][l])];
      builder.Connect(host, static_cast<int>(l) + 1, sw, ++next[sw]);
    }
  }
  FabricSnapshot snapshot = builder.Build();
  snapshot.sm.lid = snapshot.local.sm_lid = Lid{0};  // subnet managers are another matter
  return snapshot;
}

Plan Ask(const FabricSnapshot& snapshot, const SmallFabric& fabric) {
  const whatif::PlaneView view{"plane", &snapshot};
  const whatif::Network network = whatif::MakeNetwork({&view, 1});
  whatif::Question question{whatif::Exclusion(network)};
  for (const int sw : fabric.gone_switches) {
    REQUIRE(whatif::TakeAway(network, "switch:s" + std::to_string(sw), question.gone));
  }
  std::map<int, int> next;  // ports are given out in the order of Build()
  for (std::size_t i = 0; i < fabric.cables.size(); ++i) {
    const int port = ++next[fabric.cables[i].first];
    ++next[fabric.cables[i].second];
    if (!fabric.gone_cables.contains(static_cast<int>(i))) continue;
    REQUIRE(whatif::TakeAway(network,
                             "link:s" + std::to_string(fabric.cables[i].first) + "/" + std::to_string(port),
                             question.gone));
  }
  for (const auto& [host, leg] : fabric.gone_legs) {
    REQUIRE(whatif::TakeAway(network, "link:h" + std::to_string(host) + "/" + std::to_string(leg + 1),
                             question.gone));
  }
  return whatif::Answer(network, question);
}

std::set<int> CutOff(const SmallFabric& fabric) {
  const std::set<int> main = MainSwitches(fabric);
  std::set<int> cut;
  for (int h = 0; h < static_cast<int>(fabric.hosts.size()); ++h) {
    const auto& legs = fabric.hosts[static_cast<std::size_t>(h)];
    bool connected = false;
    for (int l = 0; l < static_cast<int>(legs.size()); ++l)
      connected |= LegStays(fabric, h, l) && main.contains(legs[static_cast<std::size_t>(l)]);
    if (!connected) cut.insert(h);
  }
  return cut;
}

std::vector<HostTruth> Truth(const SmallFabric& fabric) {
  const SmallFabric whole = Whole(fabric);
  const std::vector<int> islands = Islands(whole);
  const std::set<int> main = MainSwitches(fabric);
  std::vector<HostTruth> truth;
  for (int h = 0; h < static_cast<int>(fabric.hosts.size()); ++h) {
    HostTruth& host = truth.emplace_back();
    const auto& legs = fabric.hosts[static_cast<std::size_t>(h)];
    std::set<int> its_islands;
    for (int l = 0; l < static_cast<int>(legs.size()); ++l) {
      const int sw = legs[static_cast<std::size_t>(l)];
      its_islands.insert(islands[static_cast<std::size_t>(sw)]);
      host.legs_after += LegStays(fabric, h, l) && main.contains(sw) ? 1 : 0;
    }
    for (const int island : its_islands) {
      const Minimum then = LeastPaths(whole, h, island, islands),
                    now = LeastPaths(fabric, h, island, islands);
      host.paths.before += then.all;
      host.paths.after += now.all;
      host.paths.after_reached += now.reached;
      host.paths.leaves_lost += now.lost;
    }
  }
  return truth;
}

std::vector<double> WalkUp(const SmallFabric& fabric, bool before) {
  const SmallFabric whole = Whole(fabric);
  const SmallFabric& f = before ? whole : fabric;
  // Tiers by repeated relaxation from the switches with hosts.
  std::vector<int> tier(static_cast<std::size_t>(fabric.switches), 1000);
  for (const auto& legs : fabric.hosts) {
    for (const int sw : legs) tier[static_cast<std::size_t>(sw)] = 1;
  }
  for (int round = 0; round < fabric.switches; ++round) {
    for (const auto& [a, b] : fabric.cables) {
      int &ta = tier[static_cast<std::size_t>(a)], &tb = tier[static_cast<std::size_t>(b)];
      ta = std::min(ta, tb + 1);
      tb = std::min(tb, ta + 1);
    }
  }
  const auto above = [&](int sw, bool all) {
    std::vector<int> up;
    for (std::size_t i = 0; i < fabric.cables.size(); ++i) {
      const auto [a, b] = fabric.cables[i];
      const int far = a == sw ? b : b == sw ? a : -1;
      if (far < 0 || tier[static_cast<std::size_t>(far)] != tier[static_cast<std::size_t>(sw)] + 1) continue;
      const bool gone = f.gone_cables.contains(static_cast<int>(i)) || f.gone_switches.contains(far);
      if (all || !gone) up.push_back(far);
    }
    return up;
  };
  const std::function<double(int)> walk = [&](int sw) -> double {
    if (above(sw, true).empty()) return 1;
    double ways = 0;
    for (const int up : above(sw, false)) ways += walk(up);
    return ways;
  };
  std::vector<double> ways;
  for (int sw = 0; sw < fabric.switches; ++sw) ways.push_back(f.gone_switches.contains(sw) ? 0 : walk(sw));
  return ways;
}

}  // namespace aftershock::tests
