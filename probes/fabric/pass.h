// What a walk over the fabric has in common, whether it discovers or re-reads: asking a node about itself and
// its ports.
#pragma once

#include <cstdint>

#include "probes/fabric/asker.h"
#include "probes/fabric/counters.h"
#include "probes/fabric/graph.h"

namespace aftershock::fabric {

// A port as it was before it was asked.
struct Before {
  bool known = false;
  bool linked = false;
  Lid lid{};
  Answer answer = Answer::kNotAsked;
  std::uint8_t width = 0;
  LinkSpeed speed = LinkSpeed::kSdr;

  bool SameRate(const PortInfo& now) const { return width == now.width_active && speed == now.speed_active; }
};

class Pass {
 public:
  Pass(Graph& graph, Asker& ask, CounterReader& counters, const NodeNames& names)
      : graph_(graph), ask_(ask), counters_(counters), names_(names) {}
  virtual ~Pass() = default;
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

 protected:
  // PortInfo, and ExtendedPortInfo where only that can tell FDR10 from QDR. Ends in OnPort.
  void AskPort(End end, std::uint8_t tries = 0);
  void AskDescription(std::uint32_t node);
  void AskSwitchInfo(std::uint32_t node);

  virtual void OnPort(End end, const Before& before) = 0;
  virtual void OnSwitchInfo(std::uint32_t /*node*/, bool /*had_changed*/) {}

  Graph& graph_;
  Asker& ask_;
  CounterReader& counters_;
  const NodeNames& names_;

 private:
  void TakePort(End end, const mad::Outcome& outcome);
  void TakeExtended(End end, const Before& before, const mad::Outcome& outcome);
};

// Asks once more for what got no answer from nodes that did answer other questions: one lost packet in ten
// thousand should not make a sweep partial.
class SecondChance final : public Pass {
 public:
  using Pass::Pass;
  void Start();

 private:
  void OnPort(End end, const Before& before) override;
};

}  // namespace aftershock::fabric
