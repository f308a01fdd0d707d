#include "model/image.h"

#include <algorithm>
#include <set>
#include <utility>

namespace aftershock {
namespace {

// What the snapshot tells of one subnet, in the canonical form.
class FabricReducer {
 public:
  FabricReducer(const FabricSnapshot& snapshot, const RoutingFacts* facts)
      : snapshot_(snapshot), facts_(facts) {}

  FabricImage Run() {
    for (const Node& node : snapshot_.nodes) AddNode(node);
    for (const Node& node : snapshot_.nodes) {
      if (Shown(node)) AddPorts(node);
    }
    AddSm();
    AddTables();
    std::ranges::sort(image_.nodes, {}, &NodeImage::guid);
    std::ranges::sort(image_.cables);
    std::ranges::sort(image_.unseen);
    return std::move(image_);
  }

 private:
  // A node of which nothing was ever read has no identity to compare.
  static bool Shown(const Node& node) {
    return !node.duplicate && node.guid != Guid{} && node.type != NodeType::kUnknown;
  }

  void AddNode(const Node& node) {
    if (node.duplicate) ++image_.duplicates;
    if (!Shown(node)) return;
    image_.nodes.push_back({node.guid, node.type, node.name.empty() ? ToString(node.guid) : node.name,
                            node.num_ports, node.IsAggregationNode()});
    image_.firmware[node.guid] = {node.vendor_id, node.device_id, node.revision};
  }

  void AddPorts(const Node& node) {
    for (const Port& port : node.ports) {
      const PortKey key{node.guid, port.num};
      AddLid(node, port, key);
      AddPKeys(port, key);
      if (port.num == 0) continue;
      if (HasCable(node, port)) {
        AddCable(port, key);
      } else if (NobodyKnows(node, port)) {
        image_.unseen.push_back(key);
      }
    }
  }

  static bool Read(const Node& node, const Port& port) {
    return !Missing(node.answer) && !Missing(port.info_answer) && port.info.has_value();
  }

  // A cable whose both ends are shown. An end that was read in this sweep decides about the signal; of one
  // that did not answer, and of its far end, stands what was last known.
  bool HasCable(const Node& node, const Port& port) const {
    const Node* far_node = snapshot_.PeerNode(port);
    const Port* far = snapshot_.PeerPort(port);
    if (far_node == nullptr || far == nullptr || !Shown(*far_node) || far->num == 0) return false;
    const auto index = static_cast<std::uint32_t>(&node - snapshot_.nodes.data());
    if (far->peer && *far->peer != Peer{index, port.num}) return false;
    if (!Read(node, port) || !Read(*far_node, *far)) return true;
    const bool near_fresh = port.info_answer == Answer::kAnswered;
    const bool far_fresh = far->info_answer == Answer::kAnswered;
    if (near_fresh != far_fresh) return near_fresh ? port.Linked() : far->Linked();
    return port.Linked() && far->Linked();
  }

  static bool NobodyKnows(const Node& node, const Port& port) {
    return Missing(node.answer) || Missing(port.info_answer) || port.Linked();
  }

  void AddCable(const Port& port, const PortKey& key) {
    const Node* far_node = snapshot_.PeerNode(port);
    const Port* far = snapshot_.PeerPort(port);
    const PortKey far_key{far_node->guid, far->num};
    const CableImage cable{std::min(key, far_key), std::max(key, far_key)};
    const Port* first = key < far_key ? &port : far;
    const Port* second = key < far_key ? far : &port;
    const Port* told = first->info ? first : second;
    if (!seen_.insert({cable.a, cable.b}).second) return;
    image_.cables.push_back(cable);
    if (told->info) image_.speeds[cable.a] = {told->info->width_active, told->info->speed_active};
  }

  void AddLid(const Node& node, const Port& port, const PortKey& key) {
    if (!port.info || node.IsSwitch() != (port.num == 0)) return;
    if (!node.IsSwitch() && port.info->state != PortState::kActive) return;
    if (IsUnicast(port.info->lid)) image_.lids[key] = {port.info->lid, port.info->lmc};
    if ((port.info->capability_mask & kCapIsSm) != 0) sm_ports_.push_back(key);
  }

  void AddPKeys(const Port& port, const PortKey& key) {
    const bool set_up = port.num == 0 || (port.info && port.info->state == PortState::kActive);
    if (!port.partitions.keys || !set_up) return;
    std::vector<std::uint16_t>& keys = image_.p_keys[key];
    keys = *port.partitions.keys;
    std::ranges::sort(keys);
  }

  void AddSm() {
    if (snapshot_.sm.answer == Answer::kNotAsked) return;
    SmImage& sm = image_.sm.emplace();
    const auto& info = snapshot_.sm.info;
    if (snapshot_.sm.answer == Answer::kAnswered && info && info->state == SmState::kMaster) {
      sm.master = info->guid;
      sm.priority = info->priority;
    }
    sm.ports = std::move(sm_ports_);
    std::ranges::sort(sm.ports);
  }

  // What moved while it was read tells nothing to compare.
  template <typename Table>
  static void AddTable(Guid guid, const TableReading<Table>& reading,
                       std::map<Guid, std::shared_ptr<const Table>>& tables) {
    if (reading.table != nullptr && !reading.unstable) tables[guid] = reading.table;
  }

  void AddTables() {
    RoutingImage routing;
    for (const Node& node : snapshot_.nodes) {
      if (!Shown(node) || !node.IsSwitch()) continue;
      AddTable(node.guid, node.tables.linear, routing.linear);
      AddTable(node.guid, node.tables.sl_to_vl, routing.sl_to_vl);
      if (node.tables.adaptive.value_or(false)) routing.adaptive.insert(node.guid);
    }
    if (routing.linear.empty()) return;
    if (facts_ != nullptr) routing.facts = *facts_;
    image_.routing = std::move(routing);
  }

  const FabricSnapshot& snapshot_;
  const RoutingFacts* facts_;
  FabricImage image_;
  std::set<std::pair<PortKey, PortKey>> seen_;
  std::vector<PortKey> sm_ports_;
};

template <typename Table>
bool SameTables(const std::map<Guid, std::shared_ptr<const Table>>& a,
                const std::map<Guid, std::shared_ptr<const Table>>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && (x.second == y.second || *x.second == *y.second);
  });
}

}  // namespace

bool operator==(const RoutingImage& a, const RoutingImage& b) {
  return SameTables(a.linear, b.linear) && SameTables(a.sl_to_vl, b.sl_to_vl) && a.adaptive == b.adaptive &&
         a.facts == b.facts;
}

const NodeImage* FabricImage::FindNode(Guid guid) const {
  const auto it = std::ranges::lower_bound(nodes, guid, {}, &NodeImage::guid);
  return it != nodes.end() && it->guid == guid ? &*it : nullptr;
}

std::optional<PortKey> FabricImage::FarEnd(const PortKey& port) const {
  const auto it = std::ranges::lower_bound(cables, port, {}, &CableImage::a);
  if (it != cables.end() && it->a == port) return it->b;
  const auto other = std::ranges::find(cables, port, &CableImage::b);
  if (other == cables.end()) return std::nullopt;
  return other->a;
}

FabricImage ImageOf(const FabricSnapshot& snapshot, const RoutingFacts* facts) {
  return FabricReducer(snapshot, facts).Run();
}

}  // namespace aftershock
