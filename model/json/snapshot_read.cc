#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include <fmt/format.h>

#include "model/json/document.h"
#include "model/json/reader.h"
#include "model/json/snapshot.h"

namespace aftershock {
namespace {

// Document, list of nodes, node, list of ports, port, counters, and a little for what a later version may
// add.
constexpr int kMaxDepth = 12;
// A node has at most 256 ports of some 130 values each; anything far beyond is not a fabric.
constexpr std::size_t kMaxValuesPerNode = 200'000;
constexpr std::size_t kMaxNodes = 1u << 17;  // a subnet has 49,151 unicast LIDs
constexpr std::size_t kMaxPorts = 1u << 21;

using codec::TooMuch;
using Event = codec::ParseEvent;

// Takes a snapshot apart while it is parsed: each node is decoded and dropped from the tree as soon as it is
// complete.
class Builder {
 public:
  // The parser's question whether to keep what it has just read; depth 0 is the document. After an error the
  // rest is parsed, but for what says whether this is a snapshot at all nothing is kept. Throws TooMuch.
  bool Keep(int depth, Event event, nlohmann::json& parsed) {
    CheckBounds(depth, event);
    if (depth == 1 && event == Event::key) return Enter(parsed.get_ref<const std::string&>());
    if (trail_.failed() || !in_nodes_ || depth != 2) return depth < 2 || !trail_.failed();
    if (event == Event::object_end) {
      AddNode(parsed);
      return false;
    }
    if (event == Event::value || event == Event::array_start) {
      const codec::Trail::Step list(trail_, "nodes");
      const codec::Trail::Step element(trail_, snapshot_.nodes.size());
      trail_.Fail("is not an object");
    }
    return true;
  }

  Result<FabricSnapshot> Finish(const nlohmann::json& document) {
    if (const auto error = WrongDocument(document)) return tl::unexpected(*error);
    if (!trail_.failed()) {
      codec::Reader reader(document, trail_);
      reader.Required("local", snapshot_.local);
      reader.Required("sweep", snapshot_.sweep);
      reader.Required("sm", snapshot_.sm);
      reader("sms", snapshot_.sms);
      reader("sa", snapshot_.sa);
      CheckPeers();
    }
    if (trail_.failed()) return tl::unexpected(*trail_.error());
    return std::move(snapshot_);
  }

 private:
  void CheckBounds(int depth, Event event) {
    if (depth == 2 && event == Event::object_start) values_ = 0;
    if (event == Event::value || event == Event::object_start || event == Event::array_start) ++values_;
    if (depth > kMaxDepth) throw TooMuch{fmt::format("nested more than {} levels deep", kMaxDepth)};
    if (values_ > kMaxValuesPerNode) throw TooMuch{"holds more values than any node has"};
    if (snapshot_.nodes.size() > kMaxNodes || ports_ > kMaxPorts)
      throw TooMuch{"more nodes and ports than any fabric has"};
  }

  bool Enter(std::string_view top) {
    static constexpr std::array<std::string_view, 7> kTops{"schema", "local", "sweep", "sm",
                                                           "sms",    "sa",    "nodes"};
    in_nodes_ = top == "nodes";
    return std::ranges::find(kTops, top) != kTops.end();
  }

  void AddNode(const nlohmann::json& object) {
    auto& nodes = snapshot_.nodes;
    const codec::Trail::Step list(trail_, "nodes");
    const codec::Trail::Step element(trail_, nodes.size());
    Node& node = nodes.emplace_back();
    codec::Decode(object, node, trail_);
    ports_ += node.ports.size();
    if (nodes.size() > kMaxNodes || ports_ > kMaxPorts)
      trail_.Fail("more nodes and ports than any fabric has");
    if (nodes.size() < 2) return;
    const Node& before = nodes[nodes.size() - 2];
    if (std::tie(node.guid, node.route) < std::tie(before.guid, before.route)) {
      trail_.Fail("the nodes are not in the order of their GUIDs");
    }
  }

  static std::optional<Error> WrongDocument(const nlohmann::json& document) {
    if (auto wrong = codec::WrongSchema(document)) return wrong;
    if (!document.contains("nodes") || !document["nodes"].is_array()) {
      return Error{Errc::kMalformed, "not a snapshot of aftershock: it has no list of \"nodes\""};
    }
    return std::nullopt;
  }

  void CheckPeers() {
    const auto& nodes = snapshot_.nodes;
    for (std::size_t n = 0; n < nodes.size(); ++n) {
      for (std::size_t p = 0; p < nodes[n].ports.size(); ++p) {
        const Port& port = nodes[n].ports[p];
        if (!port.peer) continue;
        const std::string where = fmt::format("nodes[{}].ports[{}].peer", n, p);
        if (port.peer->node >= nodes.size()) {
          trail_.Fail(fmt::format("{}: there is no node {}", where, port.peer->node));
        } else if (nodes[port.peer->node].FindPort(port.peer->port) == nullptr) {
          trail_.Fail(fmt::format("{}: node {} has no port {}", where, port.peer->node, port.peer->port));
        }
      }
    }
  }

  FabricSnapshot snapshot_;
  codec::Trail trail_;
  bool in_nodes_ = false;
  std::size_t values_ = 0;
  std::size_t ports_ = 0;
};

}  // namespace

Result<FabricSnapshot> SnapshotFromJson(std::string_view text) {
  Builder builder;
  const auto document = codec::ParseDocument(text, [&](int depth, Event event, nlohmann::json& parsed) {
    return builder.Keep(depth, event, parsed);
  });
  if (!document) return tl::unexpected(document.error());
  return builder.Finish(*document);
}

}  // namespace aftershock
