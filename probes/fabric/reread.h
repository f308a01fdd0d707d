// Re-reads a fabric that is known: asks what can have changed and notices whether anything moved.
//
// Before a port's counters are read its LID is read again: after the SM has given LIDs anew, the old one may
// be somebody else's, and his counters must not be taken for this port's.
#pragma once

#include <cstdint>
#include <vector>

#include "probes/fabric/pass.h"

namespace aftershock::fabric {

class ReRead final : public Pass {
 public:
  using Pass::Pass;
  void Start();
  // The pass ends early, because discovering anew reads everything again: a cable came or went, a node fell
  // silent or spoke again, or somebody else answers at a known place: discover anew.
  bool Moved() const { return moved_; }
  // Asks who is at the other end of these cables, which were down since the sweep before and are up again.
  void ConfirmCables(const std::vector<End>& ends);

 private:
  void OnPort(End end, const Before& before) override;
  void OnSwitchInfo(std::uint32_t node, bool had_changed) override;
  void ReadSwitch(std::uint32_t node);
  bool ShouldAsk(End end, const Port& port) const;
  void ConfirmIdentity(End end);
  void ConfirmCable(End end);
  void AskAdapter(std::uint32_t node);
  bool AskMute(std::uint32_t node);
  void ProbeSilent(std::uint32_t node);
  void ProbeStub(End end);
  void Continue(End end);
  void OnMissing(End end);
  void Move();

  bool moved_ = false;
};

}  // namespace aftershock::fabric
