#include "probes/fabric/counters.h"

#include <algorithm>

namespace aftershock::fabric {
namespace {

bool HasExtended(const ClassPortInfo& pma) {
  return (pma.capability_mask & (kPmaExtendedWidth | kPmaExtendedWidthNoIetf)) != 0;
}
bool HasExtendedErrors(const ClassPortInfo& pma) {
  return HasExtended(pma) && (pma.capability_mask2 & kPmaExtendedErrors) != 0;
}

}  // namespace

void Accumulate(const mad::Register& reading, RegisterTrack& track, CounterValues& counters) {
  const auto scale = static_cast<std::uint64_t>(Spec(reading.counter).scale);
  std::uint64_t& last = track.last[static_cast<std::size_t>(reading.counter)];
  counters.Take(reading.counter, reading.value * scale, last * scale, reading.saturated);
  last = reading.value;
}

void CounterReader::Use(Graph& graph) {
  graph_ = &graph;
  for (WorkNode& node : graph.nodes) {
    node.pma_asked = false;
    node.waiting.clear();
  }
}

Lid CounterReader::LidOf(End end) const {
  const Node& node = (*graph_)[end.node].node;
  const Port* port = node.FindPort(node.IsSwitch() ? 0 : end.port);
  return port != nullptr && port->info ? port->info->lid : Lid{};
}

void CounterReader::Note(End end, Answer answer) {
  Port& port = *graph_->At(end);
  // The two register sets of a port are one question: a missing answer stands, and one set is enough to
  // apply.
  const bool stands = Missing(port.counters_answer) ||
                      (port.counters_answer == Answer::kAnswered && answer == Answer::kUnsupported);
  if (!stands) port.counters_answer = answer;
  port.counters_read = ask_.SinceStart();
}

void CounterReader::Read(End end) {
  const WorkNode& work = (*graph_)[end.node];
  if (work.tracks[work.IndexOf(*graph_->At(end))].sweep != ask_.sweep()) Retry(end);
}

void CounterReader::Retry(End end) {
  WorkNode& work = (*graph_)[end.node];
  graph_->At(end)->counters_answer = Answer::kNotAsked;
  if (const Lid lid = LidOf(end); !IsUnicast(lid)) {
    Note(end, Answer::kUnreachable);
  } else if (work.node.pma && !Missing(work.node.pma_answer)) {
    Ask(end);
  } else if (AllSilent()) {
    Note(end, Answer::kTimeout);
  } else {
    work.waiting.push_back(end.port);
    if (!work.pma_asked) AskClassPortInfo(end.node, lid);
  }
}

void CounterReader::AskClassPortInfo(std::uint32_t node, Lid lid) {
  (*graph_)[node].pma_asked = true;
  ask_.Pma(node, lid, mad::Attribute::kClassPortInfo, 0,
           [this, node](const mad::Outcome& o) { OnClassPortInfo(node, o); });
}

void CounterReader::OnClassPortInfo(std::uint32_t node, const mad::Outcome& outcome) {
  ask_.Account(node, outcome);
  WorkNode& work = (*graph_)[node];
  work.pma_asked = false;
  work.node.pma_answer = outcome.answer;
  // PortCounters are mandatory: an agent without ClassPortInfo is asked for them all the same.
  const bool usable = outcome.ok() || outcome.answer == Answer::kUnsupported;
  if (usable) work.node.pma = outcome.ok() ? mad::DecodeClassPortInfo(outcome.data) : ClassPortInfo{};
  if (outcome.tries > 0) ++(outcome.answer == Answer::kTimeout ? agents_silent_ : agents_answered_);
  const std::vector<std::uint8_t> waiting = std::exchange(work.waiting, {});
  for (const std::uint8_t port : waiting) {
    if (usable) {
      Ask({node, port});
    } else {
      Note({node, port}, outcome.answer);
    }
  }
}

void CounterReader::Ask(End end) {
  const ClassPortInfo& pma = *(*graph_)[end.node].node.pma;
  const Lid lid = LidOf(end);
  if (!HasExtendedErrors(pma)) {
    ask_.Pma(end.node, lid, mad::Attribute::kPortCounters, end.port,
             [this, end](const mad::Outcome& o) { OnNarrow(end, o); });
  }
  if (HasExtended(pma)) {
    ask_.Pma(end.node, lid, mad::Attribute::kPortCountersExtended, end.port,
             [this, end](const mad::Outcome& o) { OnExtended(end, o); });
  }
}

void CounterReader::OnNarrow(End end, const mad::Outcome& outcome) {
  ask_.Account(end.node, outcome);
  if (outcome.ok()) ++agents_answered_;
  Note(end, outcome.answer);
  if (!outcome.ok()) return;
  const ClassPortInfo& pma = *(*graph_)[end.node].node.pma;
  mad::RegisterBuffer buffer;
  const auto has = [&](std::uint16_t bit) { return (pma.capability_mask & bit) != 0; };
  std::span<const mad::Register> registers =
      mad::DecodePortCounters(outcome.data, has(kPmaXmitWait), buffer, has(kPmaQp1Drop));
  if (HasExtended(pma)) {
    // The 32-bit traffic registers are full within seconds; their 64-bit twins are read beside them.
    const auto used = buffer.begin() + std::ssize(registers);
    const auto kept = std::remove_if(buffer.begin(), used, [](const mad::Register& r) {
      return Spec(r.counter).group == CounterGroup::kTraffic;
    });
    registers = std::span(buffer.begin(), kept);
  }
  const CounterValues before = graph_->At(end)->counters;
  Take(end, registers);
  AskDetails(end, before);
}

void CounterReader::OnExtended(End end, const mad::Outcome& outcome) {
  ask_.Account(end.node, outcome);
  if (outcome.ok()) ++agents_answered_;
  const ClassPortInfo& pma = *(*graph_)[end.node].node.pma;
  const bool errors = HasExtendedErrors(pma);
  Note(end, outcome.answer);
  if (!outcome.ok()) return;
  const bool no_ietf = (pma.capability_mask & kPmaExtendedWidth) == 0;
  mad::RegisterBuffer buffer;
  const CounterValues before = errors ? graph_->At(end)->counters : CounterValues{};
  Take(end, mad::DecodePortCountersExtended(outcome.data, no_ietf, errors, buffer));
  if (errors) AskDetails(end, before);
}

void CounterReader::Take(End end, std::span<const mad::Register> registers) {
  WorkNode& work = (*graph_)[end.node];
  Port& port = *graph_->At(end);
  RegisterTrack& track = work.tracks[work.IndexOf(port)];
  int counting = 0, smaller = 0;
  for (const mad::Register& r : registers) {
    const std::uint64_t last = track.last[static_cast<std::size_t>(r.counter)];
    if (r.counter == Counter::kLinkDowned && port.counters.Has(r.counter) && r.value > last)
      went_down_.push_back(end);
    if (port.counters.Has(r.counter) && last != 0) {
      ++counting;
      smaller += r.value < last ? 1 : 0;
    }
    Accumulate(r, track, port.counters);
  }
  if (counting > 0 && smaller == counting) port.restarted = true;
  track.sweep = ask_.sweep();
}

void CounterReader::AskDetails(End end, const CounterValues& before) {
  WorkNode& work = (*graph_)[end.node];
  const CounterValues& now = graph_->At(end)->counters;
  const auto wanted = [&](Counter parent) {
    return now.Get(parent).value_or(0) != before.Get(parent).value_or(0) ||
           InRotation(end, ask_.sweep(), kDetailsRotation);
  };
  const Lid lid = LidOf(end);
  if (!work.no_rcv_details && wanted(Counter::kRcvErrors)) {
    ask_.Pma(end.node, lid, mad::Attribute::kPortRcvErrorDetails, end.port,
             [this, end](const mad::Outcome& o) { OnDetails(end, o, CounterGroup::kRcvErrorDetails); });
  }
  if (!work.no_discard_details && wanted(Counter::kXmitDiscards)) {
    ask_.Pma(end.node, lid, mad::Attribute::kPortXmitDiscardDetails, end.port,
             [this, end](const mad::Outcome& o) { OnDetails(end, o, CounterGroup::kXmitDiscardDetails); });
  }
}

void CounterReader::OnDetails(End end, const mad::Outcome& outcome, CounterGroup group) {
  ask_.Account(end.node, outcome);
  WorkNode& work = (*graph_)[end.node];
  const bool rcv = group == CounterGroup::kRcvErrorDetails;
  // Details explain a counter that was read: without them nothing is unknown, so they leave no mark on the
  // port.
  if (outcome.answer == Answer::kUnsupported) (rcv ? work.no_rcv_details : work.no_discard_details) = true;
  if (!outcome.ok()) return;
  mad::RegisterBuffer buffer;
  const auto registers = rcv ? mad::DecodePortRcvErrorDetails(outcome.data, buffer)
                             : mad::DecodePortXmitDiscardDetails(outcome.data, buffer);
  Port& port = *graph_->At(end);
  for (const mad::Register& r : registers) Accumulate(r, work.tracks[work.IndexOf(port)], port.counters);
}

}  // namespace aftershock::fabric
