// Fills a journal as a monitor of a large fabric would in a month, and prints what that takes.
//
// 5,000 hosts with one port each behind 3 levels of switches, a sweep every 60 s. Every day a share of the
// hosts reboots (gone for five minutes), another gets a new LID, and in every minute one in a hundred linked
// ports has errors: half of them always the same, the others any.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "journal/journal.h"

using namespace aftershock;
using namespace aftershock::journal;

namespace {

constexpr unsigned kHosts = 5000, kLeaves = 250, kSpines = 250, kHostsPerLeaf = 20, kUplinks = 20;
constexpr unsigned kMinutesPerDay = 24 * 60, kRebootsPerDay = 100, kNewLidsPerDay = 20, kMinutesGone = 5;

class BenchClock final : public Clock {
 public:
  WallTime Wall() const override { return now; }
  SteadyTime Steady() const override { return SteadyTime(now.time_since_epoch()); }
  WallTime now{std::chrono::hours(24 * 365 * 50)};
};

Guid Leaf(unsigned i) {
  return Guid{0xb8cef60300000000 + i};
}
Guid Spine(unsigned i) {
  return Guid{0xb8cef60300100000 + i};
}
Guid HostGuid(unsigned i) {
  return Guid{0xb8cef60300200000 + 16 * i};
}

void AddCable(FabricImage& plane, PortKey a, PortKey b) {
  const CableImage cable{std::min(a, b), std::max(a, b)};
  plane.cables.push_back(cable);
  plane.speeds[cable.a] = {2, LinkSpeed::kEdr};
}

void AddNode(FabricImage& plane, Guid guid, NodeType type, std::string name, PortKey lid_at, unsigned lid) {
  plane.nodes.push_back(
      {guid, type, std::move(name), static_cast<std::uint8_t>(type == NodeType::kSwitch ? 40 : 1), false});
  plane.lids[lid_at] = {static_cast<Lid>(lid), 0};
  plane.firmware[guid] = {0x2c9, 0xd2f0, 0xa1};
}

Image Fabric(const std::set<unsigned>& gone, const std::vector<unsigned>& lids) {
  Image image;
  FabricImage& plane = image.planes["mlx5_0:1"];
  plane.sm = SmImage{HostGuid(0), 14, {{HostGuid(0), 1}, {HostGuid(1), 1}}};
  for (unsigned i = 0; i < kLeaves; ++i) {
    AddNode(plane, Leaf(i), NodeType::kSwitch, fmt::format("leaf{:03}", i), {Leaf(i), 0}, 1 + i);
    for (unsigned up = 0; up < kUplinks; ++up) {
      const unsigned spine = (i * kUplinks + up) % kSpines;
      AddCable(plane, {Leaf(i), static_cast<std::uint8_t>(21 + up)},
               {Spine(spine), static_cast<std::uint8_t>(1 + (i * kUplinks + up) / kSpines)});
    }
  }
  for (unsigned i = 0; i < kSpines; ++i) {
    AddNode(plane, Spine(i), NodeType::kSwitch, fmt::format("spine{:03}", i), {Spine(i), 0}, 1000 + i);
  }
  for (unsigned i = 0; i < kHosts; ++i) {
    if (gone.contains(i)) continue;
    AddNode(plane, HostGuid(i), NodeType::kAdapter, fmt::format("node{:04} mlx5_0", i), {HostGuid(i), 1},
            lids[i]);
    AddCable(plane, {Leaf(i / kHostsPerLeaf), static_cast<std::uint8_t>(1 + i % kHostsPerLeaf)},
             {HostGuid(i), 1});
  }
  std::ranges::sort(plane.cables);
  return image;
}

std::vector<ErrorMinute> Errors(const FabricImage& plane, WallTime minute, std::mt19937& random) {
  std::vector<ErrorMinute> errors;
  const std::size_t ports = plane.cables.size() / 50;  // 1 % of both ends
  for (std::size_t i = 0; i < ports; ++i) {
    const std::size_t at = i < ports / 2 ? i * 50 : random() % plane.cables.size();
    errors.push_back({minute, plane.cables[at].b, static_cast<std::uint32_t>(1 + random() % 100)});
  }
  return errors;
}

using Seconds = std::chrono::duration<double>;
struct Spent {
  std::vector<double> add;
  double prune = 0;
};

// False: the journal said no.
bool Month(Journal& journal, BenchClock& clock, unsigned days, Spent& spent) {
  std::mt19937 random(1);
  std::vector<unsigned> lids(kHosts);
  for (unsigned i = 0; i < kHosts; ++i) lids[i] = 2000 + i;
  std::vector<unsigned> back(kHosts, 0);
  std::set<unsigned> gone;
  Image image = Fabric(gone, lids);
  for (unsigned minute = 0; minute < days * kMinutesPerDay; ++minute, clock.now += std::chrono::minutes(1)) {
    bool changed = false;
    if (random() % kMinutesPerDay < kRebootsPerDay) {
      const unsigned host = random() % kHosts;
      back[host] = minute + kMinutesGone;
      changed = gone.insert(host).second;
    }
    changed = std::erase_if(gone, [&](unsigned host) { return back[host] <= minute; }) > 0 || changed;
    if (random() % kMinutesPerDay < kNewLidsPerDay) {
      lids[random() % kHosts] = 8000 + minute % 30000;
      changed = true;
    }
    if (changed) image = Fabric(gone, lids);
    image.taken = clock.now;
    const auto began = std::chrono::steady_clock::now();
    if (!journal.AddSnapshot(image, true, Verdict::kOk, false)) return false;
    spent.add.push_back(Seconds(std::chrono::steady_clock::now() - began).count());
    if (!journal.AddErrorMinutes(Errors(image.planes.begin()->second, clock.now, random))) return false;
    if (minute % 60 != 59) continue;
    const auto pruning = std::chrono::steady_clock::now();
    if (!journal.Prune({}, clock.now)) return false;
    spent.prune = std::max(spent.prune, Seconds(std::chrono::steady_clock::now() - pruning).count());
  }
  return true;
}

}  // namespace

// journal_bench FILE [DAYS]
int main(int argc, char** argv) {
  if (argc < 2 || std::filesystem::exists(argv[1])) return 64;
  BenchClock clock;
  auto journal = Journal::Open(argv[1], Access::kMonitor, clock);
  if (!journal) {
    fmt::print(stderr, "{}\n", journal.error().what);
    return 3;
  }
  Spent spent;
  if (!Month(*journal, clock, argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 30, spent)) return 3;
  const auto info = journal->ReadInfo();
  if (!info) return 3;
  std::ranges::sort(spent.add);
  const auto quantile = [&](double q) {
    return 1000 * spent.add[static_cast<std::size_t>(q * static_cast<double>(spent.add.size() - 1))];
  };
  fmt::print("{} sweeps: {:.0f} MB with its log; {} snapshots, {} sections, {} rows of error minutes kept\n",
             spent.add.size(), static_cast<double>(info->file_bytes) / 1e6, info->snapshots, info->sections,
             info->error_minutes);
  fmt::print(
      "AddSnapshot: median {:.0f} ms, 99 % within {:.0f} ms, at most {:.0f} ms; hourly Prune at most {:.2f} "
      "s\n",
      quantile(0.5), quantile(0.99), quantile(1), spent.prune);
  return 0;
}
