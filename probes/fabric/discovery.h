// Walks the whole fabric by directed routes, every branch at once.
//
// A node is met by its NodeInfo through a port of a node already known; the answer names the node and the
// port it came in by, which is one cable. A GUID that is met where it cannot be (its port is already cabled
// elsewhere, or it is another kind of device) is asked for once more through the first cable: when that still
// answers, two nodes share the GUID.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "probes/fabric/pass.h"

namespace aftershock::fabric {

class Discovery final : public Pass {
 public:
  // `before`: what an earlier sweep knew; counters and identities go on from there. nullptr: nothing.
  Discovery(Graph& graph, Graph* before, Asker& ask, CounterReader& counters, const NodeNames& names)
      : Pass(graph, ask, counters, names), before_(before) {}

  void Start();
  // After Start() and a run: asks once more where a cable seems to lead to nobody, and
  // the ports that did not answer.
  void ProbeSilentAgain();
  // After the runs: nodes of `before` that are still cabled and gave no answer stay in the graph, as silent
  // ones, and those that only they lead to, as unreachable ones.
  void AdoptSilent();
  // The walk was cut short: nodes of `before` that it did not get to stay in the graph, as unreachable ones.
  void AdoptUnreached();
  // More nodes than any subnet has LIDs for: something invents them.
  bool Overrun() const { return overrun_; }

 private:
  void OnOwnNode(const mad::Outcome& outcome);
  void OnPort(End end, const Before& before) override;
  void Probe(End end);
  void NoteSilentRoad(End end);
  void OnPeer(End end, const mad::Outcome& outcome);
  bool ConnectToKnown(End end, const NodeInfo& info);
  void Doubt(End end, const NodeInfo& info);
  void NewNode(End from, const NodeInfo& info);
  void Expand(std::uint32_t node, std::uint8_t arrival);
  void AskPortsOfBefore(std::uint32_t node, std::uint8_t arrival);
  void CarryOver(std::uint32_t node);
  std::optional<End> WhatWasAt(End end) const;
  std::uint32_t Adopt(std::uint32_t old_index, Answer answer);
  void AdoptBehind(std::uint32_t node, std::uint32_t old_index);

  Graph* before_;
  End own_{};
  std::vector<std::uint8_t> silent_roads_;  // by index in `before_`: cables to it that led to nobody
  bool overrun_ = false;
};

}  // namespace aftershock::fabric
