#include "probes/saved/ibnetdiscover.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "probes/saved/topology_line.h"

namespace aftershock::saved {
namespace {

constexpr std::size_t kMaxNodes = 1u << 17;  // a subnet has 49,151 unicast LIDs
constexpr std::size_t kMaxPorts = 1u << 21;

// Names of ibsim that are no GUIDs get one that no maker has: the 64 bits of FNV-1a, marked as locally given.
Guid MadeUpGuid(std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return Guid{hash | 0x0200000000000000u};
}

// "S-f4521403001165a0"
std::optional<Guid> GuidOfId(std::string_view id) {
  if (id.size() < 3 || id[1] != '-') return std::nullopt;
  return ParseGuid(id.substr(2));
}

NodeType TypeOfId(std::string_view id) {
  if (id.starts_with("S-")) return NodeType::kSwitch;
  if (id.starts_with("H-")) return NodeType::kAdapter;
  return id.starts_with("R-") ? NodeType::kRouter : NodeType::kUnknown;
}

// What stands before a node and is about it.
struct Preface {
  std::uint64_t vendor = 0, device = 0;
  Guid image{};
  std::optional<Guid> guid;
};

struct Cable {
  std::size_t node;
  PortLine line;
};

class Reader {
 public:
  Result<FabricSnapshot> Read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      Line(line);
      if (nodes_.size() > kMaxNodes || cables_.size() > kMaxPorts)
        return Fail(Errc::kMalformed, "more nodes and ports than any fabric has");
    }
    if (nodes_.empty()) return Fail(Errc::kMalformed, "there is no node of a topology file in it");
    described_ = nodes_.size();
    for (const Cable& cable : cables_) NameTheFarNode(cable.line);
    for (const Cable& cable : cables_) Connect(cable);
    DropDisagreeing();
    return Finish();
  }

 private:
  void Line(std::string_view line) {
    if (line.starts_with('#')) return Initiated(line);
    if (auto node = ParseNodeLine(line)) return Begin(std::move(*node));
    if (auto port = ParsePortLine(line)) {
      if (current_) cables_.push_back({*current_, std::move(*port)});
      return;
    }
    if (line.starts_with('[')) ++unreadable_;
    for (const std::string_view key : {"switchguid", "caguid", "rtguid", "hcaguid"}) {
      if (const auto guid = ParseAssignment(line, key)) preface_.guid = Guid{*guid};
    }
    if (const auto image = ParseAssignment(line, "sysimgguid")) preface_.image = Guid{*image};
    if (const auto vendor = ParseAssignment(line, "vendid")) {
      preface_ = {.vendor = *vendor};  // the first line of a node's preface
      current_.reset();
    }
    if (const auto device = ParseAssignment(line, "devid")) preface_.device = *device;
  }

  // "# Initiated from node 24be05ffff98aba0 port 24be05ffff98aba1"
  void Initiated(std::string_view line) {
    constexpr std::string_view kFrom = "# Initiated from node ", kPort = " port ";
    const std::size_t port = line.find(kPort);
    if (!line.starts_with(kFrom) || port == std::string_view::npos) return;
    snapshot_.local.guid = ParseGuid(line.substr(port + kPort.size(), 16)).value_or(Guid{});
  }

  void Begin(NodeLine line) {
    const auto [at, added] = by_id_.try_emplace(line.id, nodes_.size());
    current_ = at->second;
    if (!added) return;  // described twice: its ports are taken together
    Node& node = nodes_.emplace_back();
    node.guid = preface_.guid.value_or(GuidOfId(line.id).value_or(MadeUpGuid(line.id)));
    node.system_image_guid = preface_.image;
    node.vendor_id = static_cast<std::uint32_t>(preface_.vendor & 0xffffff);
    node.device_id = static_cast<std::uint16_t>(preface_.device);
    node.type = line.type;
    node.num_ports = line.num_ports;
    Describe(node, line.description.value_or(line.id));
    node.answer = node.description_answer = Answer::kAnswered;
    if (node.IsSwitch()) {
      node.switch_info.emplace().enhanced_port0 = line.enhanced;
      Port& zero = PortOf(current_.value(), 0);
      zero.guid = node.guid;
      zero.info.emplace().lid = line.lid;
    }
    preface_ = {};
  }

  static void Describe(Node& node, std::string description) {
    node.name = ShortName(description);
    if (node.name.empty()) node.name = ToString(node.guid);
    node.description = std::move(description);
  }

  Port& PortOf(std::size_t node, std::uint8_t num) {
    auto& ports = nodes_[node].ports;
    const auto at = std::ranges::lower_bound(ports, num, {}, &Port::num);
    if (at != ports.end() && at->num == num) return *at;
    Port port;
    port.num = num;
    return *ports.insert(at, std::move(port));
  }

  // A node that others have cables to, and that is not described itself.
  void NameTheFarNode(const PortLine& line) {
    const auto [at, added] = by_id_.try_emplace(line.peer_id, nodes_.size());
    if (!added) return;
    Node& node = nodes_.emplace_back();
    node.guid = GuidOfId(line.peer_id).value_or(MadeUpGuid(line.peer_id));
    node.type = TypeOfId(line.peer_id);
    Describe(node, line.peer_description.empty() ? line.peer_id : line.peer_description);
  }

  void Connect(const Cable& cable) {
    const PortLine& line = cable.line;
    const std::size_t far_node = by_id_.at(line.peer_id);
    const Peer to{static_cast<std::uint32_t>(far_node), line.peer_port};
    Port& port = PortOf(cable.node, line.port);
    if (port.info && port.peer != to) {  // two lines about one port
      ++disagreeing_;
      return;
    }
    port.peer = to;
    port.peer_answer = port.info_answer = Answer::kAnswered;
    port.guid = line.guid;
    Fill(port, line, line.lid);
    Port& far = PortOf(far_node, line.peer_port);
    if (far.guid == Guid{}) far.guid = line.peer_guid;
    if (!far.peer) far.peer = Peer{static_cast<std::uint32_t>(cable.node), line.port};
  }

  static void Fill(Port& port, const PortLine& line, Lid lid) {
    PortInfo& info = port.info.emplace();
    info.lid = lid;
    info.lmc = line.lmc;
    info.phys_state = PhysState::kLinkUp;
    info.width_active = line.width;
    if (line.speed) info.speed_active = *line.speed;
    if (!line.speed) info.width_active = 0;  // a rate of which half is known is not known
  }

  // A far end that no line describes has its cable from the near one. Where both are described and one of
  // them leads elsewhere, it is not known which is right: such an end leads nowhere.
  void DropDisagreeing() {
    std::vector<std::pair<std::size_t, std::uint8_t>> dropped;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      for (Port& port : nodes_[n].ports) {
        if (!port.peer) continue;
        const Port* far = nodes_[port.peer->node].FindPort(port.peer->port);
        const Peer back{static_cast<std::uint32_t>(n), port.num};
        if (far == nullptr || far->peer != back) {
          dropped.emplace_back(n, port.num);
        } else if (!port.info) {
          port.info = far->info;
          port.info->lid = Lid{};
        }
      }
    }
    for (const auto& [node, num] : dropped) nodes_[node].FindPort(num)->peer.reset();
    disagreeing_ += dropped.size();
  }

  FabricSnapshot Finish() {
    const std::size_t undescribed = nodes_.size() - described_;
    MoveNodes();
    SweepReport& sweep = snapshot_.sweep;
    sweep.number = 1;
    sweep.full = true;
    sweep.complete = undescribed == 0 && disagreeing_ == 0 && unreadable_ == 0;
    if (undescribed != 0) {
      sweep.incomplete_because =
          fmt::format("{} of {} nodes are named in the file and not described: it is cut off", undescribed,
                      snapshot_.nodes.size());
    } else if (disagreeing_ != 0) {
      sweep.incomplete_because = fmt::format("{} ends of cables disagree about the other end", disagreeing_);
    } else if (unreadable_ != 0) {
      sweep.incomplete_because = fmt::format("{} lines about ports cannot be read", unreadable_);
    }
    sweep.coverage = CountCoverage(snapshot_);
    return std::move(snapshot_);
  }

  // Nodes stand in the order of their GUIDs, and peers are indexes of nodes.
  void MoveNodes() {
    std::vector<std::uint32_t> order(nodes_.size()), place(nodes_.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return nodes_[i].guid; });
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    for (const std::uint32_t i : order) snapshot_.nodes.push_back(std::move(nodes_[i]));
    for (std::size_t i = 0; i < snapshot_.nodes.size(); ++i) {
      Node& node = snapshot_.nodes[i];
      for (Port& port : node.ports) {
        if (port.peer) port.peer->node = place[port.peer->node];
      }
      const auto same = [&](std::size_t j) { return snapshot_.nodes[j].guid == node.guid; };
      node.duplicate = (i > 0 && same(i - 1)) || (i + 1 < snapshot_.nodes.size() && same(i + 1));
    }
  }

  FabricSnapshot snapshot_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<Cable> cables_;
  std::optional<std::size_t> current_;  // node that port lines are about
  Preface preface_;
  std::size_t described_ = 0;
  std::size_t disagreeing_ = 0;
  std::size_t unreadable_ = 0;  // lines about ports
};

}  // namespace

Result<FabricSnapshot> SnapshotFromTopology(std::string_view text) {
  return Reader().Read(text);
}

}  // namespace aftershock::saved
