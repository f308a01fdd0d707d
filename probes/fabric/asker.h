// Asks nodes through the engine and keeps the account of who answers.
//
// A node of which two requests in a row stay without any answer is given up for the rest of the pass: what
// else was queued for it ends at once, so that a dead switch costs its time-outs twice and not once per port.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "probes/fabric/graph.h"
#include "probes/fabric/sweep.h"
#include "probes/mad/engine.h"

namespace aftershock::fabric {

class Asker {
 public:
  Asker(mad::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  // Begins a sweep: times are counted from here.
  void Begin(std::uint32_t sweep, SteadyTime started, const ProgressCallback* progress);
  // Begins a pass over `graph`, which must live until the pass is over.
  void Use(Graph& graph);

  // Ends the pass early: what is queued ends unasked, what is under way may still be answered.
  void Abandon();

  // To the node we are on.
  void SmpOwn(mad::Attribute attribute, mad::Callback done);
  // To a node of the graph, by its route. `tries` 0: as many as usual.
  void Smp(std::uint32_t node, mad::Attribute attribute, std::uint32_t modifier, mad::Callback done,
           std::uint8_t tries = 0);
  // One hop further than a node of the graph, where nobody may be.
  void SmpThrough(End end, mad::Attribute attribute, mad::Callback done, std::uint8_t tries = 0,
                  std::uint32_t modifier = 0);
  // The same where `expected`, a node of an earlier graph, used to be: one such request at a time.
  void SmpWhereWas(std::uint32_t expected, End end, mad::Attribute attribute, mad::Callback done);
  void GiveUpWhereWas(std::uint32_t expected);
  // To a node's performance management agent at `lid`.
  void Pma(std::uint32_t node, Lid lid, mad::Attribute attribute, std::uint8_t port, mad::Callback done);
  void SmpToLid(Lid lid, mad::Attribute attribute, mad::Callback done);

  // To the SA at `lid`. It may take its time: one second, twice.
  void Sa(Lid lid, std::uint8_t sl, mad::Attribute record, std::shared_ptr<const mad::SaQuestion> question,
          mad::Callback done);
  // All records that fit the question, in one answer. kError: not all of them came.
  void SaTable(Lid lid, std::uint8_t sl, mad::Attribute record,
               std::shared_ptr<const mad::SaQuestion> question, mad::Callback done);

  // Every callback of a request to a node calls this first.
  void Account(std::uint32_t node, const mad::Outcome& outcome);

  std::uint32_t sweep() const { return sweep_; }
  SteadyTime Now() const { return clock_.Steady(); }
  Duration SinceStart() const { return clock_.Steady() - started_; }

 private:
  bool Refused(std::uint32_t node, const mad::Callback& done) const;
  void Report();

  mad::Engine& engine_;
  const Clock& clock_;
  Graph* graph_ = nullptr;
  bool abandoned_ = false;
  std::uint32_t sweep_ = 0;
  SteadyTime started_{};
  const ProgressCallback* progress_ = nullptr;
  std::uint64_t answers_ = 0;
};

}  // namespace aftershock::fabric
