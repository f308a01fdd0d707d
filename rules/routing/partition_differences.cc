#include "rules/routing/partition_differences.h"

#include <algorithm>
#include <map>
#include <optional>

#include "rules/routing/map.h"
#include "rules/routing/table_trees.h"

namespace aftershock::rules {
namespace {

// By partition: whether as a full member. A partition that is there twice counts as the better one.
using Partitions = std::map<std::uint16_t, bool>;

std::optional<Partitions> PartitionsOf(const Node& node, const Port& port) {
  const PartitionReading& reading = port.partitions;
  if (!reading.keys || Missing(node.answer) || Missing(reading.answer)) return std::nullopt;
  if (reading.answer == Answer::kUnsupported) return std::nullopt;
  Partitions partitions;
  for (const std::uint16_t key : *reading.keys) {
    if (PartitionOf(key) == 0) continue;  // no valid P_Key
    bool& full = partitions[PartitionOf(key)];
    full = full || (key & kFullMember) != 0;
  }
  return partitions;
}

// What `has` lacks of `wanted`.
void Compare(const Partitions& wanted, const Partitions& has, PartitionDifference& difference) {
  for (const auto& [partition, full] : wanted) {
    const auto key = static_cast<std::uint16_t>(partition | (full ? kFullMember : 0));
    const auto it = has.find(partition);
    if (it == has.end()) {
      difference.absent.push_back(key);
    } else if (full && !it->second) {
      difference.limited.push_back(key);
    }
  }
}

bool Enforces(const Node& node, const Port& port) {
  if (!port.info || Missing(port.info_answer)) return false;
  if (node.switch_info && node.switch_info->partition_enforcement_cap == 0) return false;
  return port.info->enforces_in || port.info->enforces_out;
}

void AddEnforced(const View& view, std::vector<PartitionDifference>& found) {
  for (const Node& node : view.snapshot().nodes) {
    if (!node.IsSwitch()) continue;
    for (const Port& port : node.ports) {
      const Node* far = view.snapshot().PeerNode(port);
      const Port* far_port = view.snapshot().PeerPort(port);
      if (port.num == 0 || far_port == nullptr || far->IsSwitch() || !Carries(port) || !Enforces(node, port))
        continue;
      const auto has = PartitionsOf(node, port);
      const auto wanted = PartitionsOf(*far, *far_port);
      if (!has || !wanted) continue;
      PartitionDifference difference{&node, &port, far, far_port, {}, {}, {}};
      Compare(*wanted, *has, difference);
      if (!difference.absent.empty() || !difference.limited.empty()) found.push_back(std::move(difference));
    }
  }
}

struct SwitchPartitions {
  const Node* node;
  const Port* port;
  Partitions partitions;
};

// A manager's own port is a full member where the others are limited ones: that is OpenSM's default.
bool Manages(const Node& node, const Port& port) {
  return !node.IsSwitch() || (port.info && (port.info->capability_mask & kCapIsSm) != 0);
}

class Peers {
 public:
  Peers(const View& view, const std::vector<SwitchPartitions>& switches)
      : least_(view.Threshold(kPartitionDiffers, "min_peers")),
        share_(view.Threshold(kPartitionDiffers, "peers_share")),
        all_(static_cast<double>(switches.size())) {
    for (const SwitchPartitions& sw : switches) {
      for (const auto& [partition, full] : sw.partitions) {
        ++having_[partition].first;
        if (full) ++having_[partition].second;
      }
    }
  }

  // What nearly all the others have.
  Partitions Usual(const Partitions& own) const {
    Partitions usual;
    if (all_ - 1 < least_) return usual;
    for (const auto& [partition, count] : having_) {
      const auto it = own.find(partition);
      const double any = count.first - (it != own.end() ? 1 : 0);
      const double full = count.second - (it != own.end() && it->second ? 1 : 0);
      if (any >= share_ * (all_ - 1)) usual[partition] = full >= share_ * (all_ - 1);
    }
    return usual;
  }
  bool Alone(std::uint16_t partition) const {
    const auto it = having_.find(partition);
    return all_ - 1 >= least_ && it != having_.end() && it->second.first == 1;
  }

 private:
  double least_, share_, all_;
  std::map<std::uint16_t, std::pair<int, int>> having_;  // switches, and those that are full members
};

void AddPortsZero(const View& view, std::vector<PartitionDifference>& found) {
  std::map<bool, std::vector<SwitchPartitions>> by_kind;  // enhanced ports 0 are hosts of a kind
  for (const Node& node : view.snapshot().nodes) {
    const Port* port = node.IsSwitch() ? node.FindPort(0) : nullptr;
    if (port == nullptr || Manages(node, *port)) continue;
    auto partitions = PartitionsOf(node, *port);
    const bool enhanced = node.switch_info && node.switch_info->enhanced_port0;
    if (partitions) by_kind[enhanced].push_back({&node, port, std::move(*partitions)});
  }
  for (const auto& [enhanced, switches] : by_kind) {
    const Peers peers(view, switches);
    for (const SwitchPartitions& sw : switches) {
      PartitionDifference difference{sw.node, sw.port, nullptr, nullptr, {}, {}, {}};
      Compare(peers.Usual(sw.partitions), sw.partitions, difference);
      for (const auto& [partition, full] : sw.partitions) {
        if (peers.Alone(partition))
          difference.more.push_back(static_cast<std::uint16_t>(partition | (full ? kFullMember : 0)));
      }
      if (!difference.absent.empty() || !difference.limited.empty() || !difference.more.empty())
        found.push_back(std::move(difference));
    }
  }
}

}  // namespace

std::vector<PartitionDifference> PartitionDifferences(const View& view) {
  std::vector<PartitionDifference> found;
  AddEnforced(view, found);
  AddPortsZero(view, found);
  return found;
}

}  // namespace aftershock::rules
