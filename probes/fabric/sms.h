// Asks the subnet managers of a fabric for SMInfo: whoever answers at our port's SM LID, and every port whose
// PortInfo says that one runs behind it.
//
// A master that is stopped keeps the question without an answer for ever; the engine's own time-outs decide.
// Threading: that of the sweep.
#pragma once

#include <optional>
#include <vector>

#include "probes/fabric/asker.h"
#include "probes/fabric/graph.h"
#include "probes/fabric/sm_pulse.h"

namespace aftershock::fabric {

class SmReader {
 public:
  explicit SmReader(Asker& ask) : ask_(ask) {}

  // A sweep begins: nothing was asked.
  void Forget();
  // `master`: our port's SM LID.
  void Ask(const Graph& graph, Lid master);
  // The one at the SM LID once more, for Pulse() alone.
  void AskPulse();
  // As it answered last; nullopt: the last question had no answer.
  const std::optional<SmPulse>& Pulse() const { return pulse_; }

  const SmView& master() const { return master_; }
  // What was asked went nowhere at all.
  void ForgetAnswer() { master_.answer = Answer::kNotAsked; }
  std::vector<SmSeen> Seen() const;  // sorted

 private:
  void AskSeen(const Graph& graph, std::uint32_t node, const Port& port);
  void TakePulse(const mad::Outcome& outcome);

  Asker& ask_;
  SmView master_;
  std::vector<SmSeen> seen_;
  std::optional<SmPulse> pulse_;
};

}  // namespace aftershock::fabric
