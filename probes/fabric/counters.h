// Reads port counters and accumulates them.
//
// Which registers are read follows the PMA's ClassPortInfo: PortCountersExtended alone where it has 64-bit
// error counters (CapabilityMask2 bit 1), else PortCounters and, where the port has it, PortCountersExtended
// for traffic. The two details attributes are read where their parent counter moved, and in rotation.
#pragma once

#include <cstdint>
#include <vector>

#include "probes/fabric/asker.h"
#include "probes/fabric/graph.h"
#include "probes/mad/decode.h"

namespace aftershock::fabric {

// One part in kRotation of what needs no reading every time is read in each sweep.
inline constexpr std::uint32_t kRotation = 64;
inline constexpr std::uint32_t kDetailsRotation = 256;
// Whether the end's turn is in this sweep, in a rotation of so many. Neighbours take turns apart.
constexpr bool InRotation(End end, std::uint32_t sweep, std::uint32_t rotation, std::uint32_t phase = 0) {
  return (end.node * 7 + end.port + sweep) % rotation == phase;
}

// Adds a register's reading to the port's accumulated value. `track` holds the previous one, or nothing yet.
void Accumulate(const mad::Register& reading, RegisterTrack& track, CounterValues& counters);

class CounterReader {
 public:
  explicit CounterReader(Asker& ask) : ask_(ask) {}

  // A sweep begins.
  void Begin() {
    agents_answered_ = agents_silent_ = 0;
    went_down_.clear();
  }
  // A pass over `graph` begins.
  void Use(Graph& graph);
  // The counters of a linked port whose node's LID is known to be right. Once per port and sweep.
  void Read(End end);
  // The same again, whatever was read before.
  void Retry(End end);
  // Ports that have counted LinkDowned since they were read before, of the graph in use.
  const std::vector<End>& WentDown() const { return went_down_; }
  // Every agent that was asked stayed silent: most likely we may not speak to any.
  bool AllSilent() const { return agents_answered_ == 0 && agents_silent_ >= kSilentAgentsProve; }

 private:
  static constexpr std::uint32_t kSilentAgentsProve = 16;

  void AskClassPortInfo(std::uint32_t node, Lid lid);
  void OnClassPortInfo(std::uint32_t node, const mad::Outcome& outcome);
  void Ask(End end);
  void OnNarrow(End end, const mad::Outcome& outcome);
  void OnExtended(End end, const mad::Outcome& outcome);
  void AskDetails(End end, const CounterValues& before);
  void OnDetails(End end, const mad::Outcome& outcome, CounterGroup group);
  void Take(End end, std::span<const mad::Register> registers);
  void Note(End end, Answer answer);
  Lid LidOf(End end) const;

  Asker& ask_;
  Graph* graph_ = nullptr;
  std::uint32_t agents_answered_ = 0, agents_silent_ = 0;
  std::vector<End> went_down_;
};

}  // namespace aftershock::fabric
