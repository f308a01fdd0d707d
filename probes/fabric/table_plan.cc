#include "probes/fabric/table_plan.h"

#include <algorithm>

namespace aftershock::fabric {
namespace {

constexpr TableKinds kSlToVlOnly = TableKinds().With(TableKind::kSlToVl);
// What is read again to see whether it stands still. A port's P_Keys come in one answer.
constexpr TableKinds kConfirmed =
    TableKinds().With(TableKind::kLinear).With(TableKind::kMulticast).With(TableKind::kSlToVl);

std::uint32_t LastRead(const WorkNode& work) {
  return work.node.IsSwitch() ? work.node.tables.linear.sweep : work.partitions_sweep;
}

// A switch that tells nothing about its ports is most likely behind a wrong M_Key, where every question
// counts as a violation.
bool Mute(const WorkNode& work) {
  const Port* port = work.node.FindPort(0);
  return work.node.IsSwitch() && (port == nullptr || !port->info || Missing(port->info_answer));
}

template <typename Visit>
void ForEachReading(SwitchTables& tables, const Visit& visit) {
  visit(TableKind::kLinear, tables.linear);
  visit(TableKind::kMulticast, tables.multicast);
  visit(TableKind::kSlToVl, tables.sl_to_vl);
}

}  // namespace

bool TablePlan::Askable(const WorkNode& work) const {
  return !Missing(work.node.answer) && !work.given_up && !Mute(work) &&
         (!work.node.IsSwitch() || work.node.switch_info);
}

std::uint32_t TablePlan::Switches() const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(graph_->nodes, [](const WorkNode& work) { return work.node.IsSwitch(); }));
}

void TablePlan::Begin(Graph& graph, bool full, const std::optional<SmPulse>& pulse) {
  graph_ = &graph;
  reader_.Use(graph);
  todo_.clear();
  round_ = 0;
  changed_ = {};
  because_busy_ = !full && pulse && last_pulse_ && judge_.Busy(*last_pulse_, *pulse, Switches());
  whole_ = full || because_busy_;
  round_pulse_ = pulse;
  if (pulse) last_pulse_ = pulse;
  for (WorkNode& work : graph.nodes) {
    if (!work.node.IsSwitch() || Askable(work)) continue;
    const Answer why = Missing(work.node.answer) ? work.node.answer : Answer::kTimeout;
    ForEachReading(work.node.tables, [&](TableKind, auto& reading) { reading.answer = why; });
  }
  if (whole_) {
    PlanEverything();
  } else {
    PlanChanged();
    if (!cut_short_) PlanRolling();  // else there is more to catch up with than time for it
  }
  PlanSlToVl();
}

void TablePlan::PlanEverything() {
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
    if (Askable((*graph_)[i])) todo_.push_back({i, TableKinds::All()});
  }
}

bool TablePlan::HasChanged(const WorkNode& work) const {
  if (work.tables_due || LastRead(work) == 0) return true;
  if (!work.node.IsSwitch()) return false;
  const SwitchInfo& info = *work.node.switch_info;
  const auto& linear = work.node.tables.linear.table;
  const bool resized = linear && linear->exit.size() != TableReader::LinearSize(info);
  return info.state_change || resized;
}

void TablePlan::PlanChanged() {
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
    const WorkNode& work = (*graph_)[i];
    if (Askable(work) && HasChanged(work)) todo_.push_back({i, TableKinds::All()});
  }
}

void TablePlan::PlanRolling() {
  std::size_t spent = 0;
  PlanRotation(/*switches=*/true, spent);
  PlanRotation(/*switches=*/false, spent);
}

// Those that were not read for longest.
void TablePlan::PlanRotation(bool switches, std::size_t& spent) {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
    const WorkNode& work = (*graph_)[i];
    if (work.node.IsSwitch() == switches && Askable(work) && !HasChanged(work)) nodes.push_back(i);
  }
  std::ranges::stable_sort(nodes, {}, [&](std::uint32_t i) { return LastRead((*graph_)[i]); });
  const std::size_t share = (nodes.size() + kShare - 1) / kShare;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t cost = reader_.Cost(nodes[i], TableKinds::All());
    if (i >= share && spent + cost > kRollingBudget) break;
    spent += cost;
    todo_.push_back({nodes[i], TableKinds::All()});
  }
}

// The SL-to-VL tables that were not read for longest first, as far as the budget goes; and those that it did
// not reach in the sweep that read the rest.
void TablePlan::PlanSlToVl() {
  std::vector<std::uint8_t> planned(graph_->nodes.size());
  for (Todo& todo : todo_) {
    planned[todo.node] = 1;
    todo.kinds = todo.kinds.Without(TableKind::kSlToVl);
  }
  std::vector<Todo> wanted;
  std::size_t budget = whole_ ? kSlToVlBudget : kRollingBudget;
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
    const WorkNode& work = (*graph_)[i];
    const TableReading<SlToVlTable>& reading = work.node.tables.sl_to_vl;
    const bool never = !reading.table && reading.answer != Answer::kUnsupported && work.node.IsSwitch() &&
                       Askable(work) && reader_.Cost(i, kSlToVlOnly) != 0;
    if (never) budget = kSlToVlBudget;
    if (work.node.IsSwitch() && Askable(work) && (planned[i] != 0 || never))
      wanted.push_back({i, kSlToVlOnly});
  }
  std::ranges::stable_sort(wanted, {},
                           [&](const Todo& todo) { return (*graph_)[todo.node].node.tables.sl_to_vl.sweep; });
  std::size_t spent = 0;
  const auto end = std::ranges::find_if(wanted, [&](const Todo& todo) {
    const std::size_t cost = reader_.Cost(todo.node, kSlToVlOnly);
    const bool last = spent != 0 && spent + cost > budget;
    spent += cost;
    return last;
  });
  todo_.insert(todo_.end(), wanted.begin(), end);
}

bool TablePlan::NextRound() {
  if (todo_.empty() || round_ == kRounds) return false;
  for (const Todo& todo : todo_) {
    if (round_ == 0) (*graph_)[todo.node].tables_due = false;
    reader_.Read(todo.node, todo.kinds);
  }
  todo_.clear();
  ++round_;
  return true;
}

void TablePlan::ReadEverythingAgain() {
  whole_ = true;
  todo_.clear();
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
    const WorkNode& work = (*graph_)[i];
    if (work.node.IsSwitch() && Askable(work)) todo_.push_back({i, kConfirmed});
  }
  PlanSlToVl();
}

void TablePlan::EndRound(const std::optional<SmPulse>& pulse) {
  const std::vector<TablesRead> all = reader_.Take();
  const bool busy = pulse && round_pulse_ && judge_.Busy(*round_pulse_, *pulse, Switches());
  const bool wider = std::ranges::any_of(all, &TablesRead::wider);
  bool differ = false;
  for (const TablesRead& read : all) {
    const TableKinds again = (pulse ? read.differ : read.differ | read.first) & kConfirmed;
    changed_ = changed_ | (read.differ & kConfirmed);
    differ = differ || !(read.differ & kConfirmed).Empty();
    if (!again.Empty()) todo_.push_back({read.node, again});
  }
  round_pulse_ = pulse;
  if (pulse) last_pulse_ = pulse;
  if (busy || (differ && !whole_)) return ReadEverythingAgain();
  if (!wider) return;
  // How far the MLIDs go was not known: that is no reading that counts.
  --round_;
  ReadEverythingAgain();
}

void TablePlan::End(bool cut_short) {
  cut_short_ = cut_short;
  if (cut_short) EndRound(round_pulse_);
  if (because_busy_ || !changed_.Empty()) judge_.Learn(!changed_.Empty());
  for (WorkNode& work : graph_->nodes) {
    ForEachReading(work.node.tables, [&](TableKind, auto& reading) {
      if (reading.sweep == ask_.sweep()) reading.unstable = false;
    });
  }
  for (const Todo& todo : todo_) {
    WorkNode& work = (*graph_)[todo.node];
    work.tables_due = true;
    ForEachReading(work.node.tables, [&](TableKind kind, auto& reading) {
      if (todo.kinds.Has(kind) && reading.table) reading.unstable = true;
    });
  }
  todo_.clear();
}

}  // namespace aftershock::fabric
