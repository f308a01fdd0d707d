// An entrance that shows what a test puts behind it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/entrance.h"
#include "tests/fakes/fake_clock.h"

namespace aftershock::fake {

class FakeEntrance final : public app::Entrance {
 public:
  // What happens behind it; a test keeps one end.
  struct Behind {
    std::optional<Error> closed;  // no way in
    bool cable = true;            // without one only our own node is seen
    Guid other_port{};            // the port of another adapter on the same switch; 0: there is none
    int sweeps = 0;
  };

  FakeEntrance(std::string device, Guid guid, const Clock& clock, std::shared_ptr<Behind> behind)
      : device_(std::move(device)), guid_(guid), clock_(clock), behind_(std::move(behind)) {}

  std::string Name() const override { return device_ + ":1"; }
  Guid PortGuid() const override { return guid_; }

  Result<FabricSnapshotPtr> Sweep(std::stop_token stop, const fabric::ProgressCallback&) override {
    if (behind_->closed) return tl::unexpected(*behind_->closed);
    ++behind_->sweeps;
    auto snapshot = std::make_shared<FabricSnapshot>();
    snapshot->local = {device_, 1, guid_, Lid{1}, Lid{1}};
    snapshot->sweep.number = ++number_;
    snapshot->sweep.started = clock_.Wall();
    snapshot->sweep.started_steady = clock_.Steady();
    snapshot->sweep.complete = behind_->cable && !stop.stop_requested();
    if (!snapshot->sweep.complete) snapshot->sweep.incomplete_because = "our own port is Down";
    snapshot->nodes.push_back(Adapter(guid_, {}));
    if (behind_->cable) AddTheRest(*snapshot);
    snapshot->sweep.coverage = CountCoverage(*snapshot);
    return snapshot;
  }

 private:
  static Node Adapter(Guid guid, std::vector<std::uint8_t> route) {
    Node node;
    node.guid = guid;
    node.type = NodeType::kAdapter;
    node.num_ports = 1;
    node.answer = Answer::kAnswered;
    node.route = std::move(route);
    Port port;
    port.num = 1;
    port.guid = guid;
    node.ports.push_back(port);
    return node;
  }

  // A switch between our port and the other one.
  void AddTheRest(FabricSnapshot& snapshot) const {
    Node between;
    between.guid = Guid{0x5};
    between.type = NodeType::kSwitch;
    between.answer = Answer::kAnswered;
    between.route = {1};
    snapshot.nodes[0].ports[0].peer = Peer{1, 1};
    between.ports.resize(3);
    for (std::uint8_t i = 0; i < 3; ++i) between.ports[i].num = i;
    between.ports[1].peer = Peer{0, 1};
    if (behind_->other_port != Guid{}) between.ports[2].peer = Peer{2, 1};
    snapshot.nodes.push_back(between);
    if (behind_->other_port == Guid{}) return;
    snapshot.nodes.push_back(Adapter(behind_->other_port, {1, 2}));
    snapshot.nodes[2].ports[0].peer = Peer{1, 2};
  }

  std::string device_;
  Guid guid_;
  const Clock& clock_;
  std::shared_ptr<Behind> behind_;
  std::uint32_t number_ = 0;
};

}  // namespace aftershock::fake
