#include <algorithm>

#include "rules/whatif/further.h"

namespace aftershock::whatif {
namespace {

// A search in depth that notes how far up the tree each switch's descendants reach (Tarjan, 1974); with a
// stack of its own, since a fabric may be a chain of a thousand switches.
class BridgeSearch {
 public:
  BridgeSearch(const Network& network, const Exclusion& gone)
      : network_(network), gone_(gone), found_(network.switches.size()), low_(network.switches.size()) {}

  std::vector<Index> Run() {
    for (Index sw = 0; sw < network_.switches.size(); ++sw) {
      if (found_[sw] == 0 && gone_.switches[sw] == 0) From(sw);
    }
    return std::move(bridges_);
  }

 private:
  struct Step {
    Index sw, by;  // the cable by which it was reached
    std::size_t next = 0;
  };

  void Enter(Index sw, Index by) {
    found_[sw] = low_[sw] = ++count_;
    stack_.push_back({sw, by});
  }

  void From(Index start) {
    Enter(start, kNone);
    while (!stack_.empty()) {
      Step& step = stack_.back();
      const auto& cables = network_.switches[step.sw].cables;
      if (step.next == cables.size()) {
        Leave();
        continue;
      }
      const Index cable = cables[step.next++];
      if (cable == step.by || gone_.CableGone(network_, cable)) continue;
      const Index far = network_.Other(cable, step.sw);
      if (found_[far] != 0) {
        low_[step.sw] = std::min(low_[step.sw], found_[far]);
      } else {
        Enter(far, cable);
      }
    }
  }

  void Leave() {
    const Step done = stack_.back();
    stack_.pop_back();
    if (stack_.empty()) return;
    const Index above = stack_.back().sw;
    low_[above] = std::min(low_[above], low_[done.sw]);
    if (low_[done.sw] > found_[above]) bridges_.push_back(done.by);
  }

  const Network& network_;
  const Exclusion& gone_;
  std::vector<Index> found_, low_;
  Index count_ = 0;
  std::vector<Step> stack_;
  std::vector<Index> bridges_;
};

}  // namespace

std::vector<Index> Bridges(const Network& network, const Exclusion& gone) {
  return BridgeSearch(network, gone).Run();
}

}  // namespace aftershock::whatif
