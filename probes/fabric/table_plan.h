// Decides which tables a sweep reads, and reads until they stand still.
//
// Whole at first, after a discovery, and when the SM did more than its light sweeps need; of one switch when
// it reports a change, its table has another size, or it was silent or changing before. Beside that the
// oldest share in turn. What differs from what was held is read again; a change that nothing explains, or an
// SM that is at work meanwhile, has everything read again, since a picture of old and new tables is of no
// fabric that ever was.
//
// Use per sweep: Begin, then NextRound, run and EndRound until NextRound says no, then End. Threading: that
// of the sweep.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "probes/fabric/sm_pulse.h"
#include "probes/fabric/tables.h"

namespace aftershock::fabric {

class TablePlan {
 public:
  // One part of the switches and one of the other nodes is read in any case, and more while all of it costs
  // no more than the budget.
  static constexpr std::size_t kShare = 16, kRollingBudget = 2000;
  // SL-to-VL tables that are read pair by pair take a thousand MADs a switch: so many in a sweep that reads
  // everything or finds some that were never read; in others the rolling budget, and those of one switch at
  // the least.
  static constexpr std::size_t kSlToVlBudget = 20'000;
  static constexpr unsigned kRounds = 4;

  TablePlan(TableReader& reader, Asker& ask) : reader_(reader), ask_(ask) {}

  // `full`: the fabric was discovered anew. `pulse`: of the master; nullopt: it does not answer.
  void Begin(Graph& graph, bool full, const std::optional<SmPulse>& pulse);
  // Submits questions; false: there are none.
  bool NextRound();
  void EndRound(const std::optional<SmPulse>& pulse);
  // `cut_short`: a round was not run to its end.
  void End(bool cut_short);
  // Tables of these kinds are not what they were in the sweep before.
  TableKinds changed() const { return changed_; }

 private:
  struct Todo {
    std::uint32_t node;
    TableKinds kinds;
  };

  bool Askable(const WorkNode& work) const;
  bool HasChanged(const WorkNode& work) const;
  void PlanEverything();
  void PlanChanged();
  void PlanRolling();
  void PlanSlToVl();
  void PlanRotation(bool switches, std::size_t& spent);
  void ReadEverythingAgain();
  std::uint32_t Switches() const;

  TableReader& reader_;
  Asker& ask_;
  Graph* graph_ = nullptr;
  ActivityJudge judge_;
  std::optional<SmPulse> last_pulse_;  // of the sweep before
  std::optional<SmPulse> round_pulse_;
  std::vector<Todo> todo_;
  unsigned round_ = 0;
  bool whole_ = false;
  bool because_busy_ = false;
  TableKinds changed_;
  bool cut_short_ = false;  // the sweep before
};

}  // namespace aftershock::fabric
