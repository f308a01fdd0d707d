// Reads the forwarding, SL-to-VL and P_Key tables of nodes: of many at once, one MAD at a time to each.
//
// A table is published whole or not at all; one that reads as before keeps its pointer. Nothing here decides
// what is read when: see table_plan.h. Threading: that of the sweep.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "probes/fabric/asker.h"
#include "probes/fabric/graph.h"
#include "probes/mad/decode.h"

namespace aftershock::fabric {

enum class TableKind : std::uint8_t { kLinear, kMulticast, kSlToVl, kPartitions, kAdaptive };
inline constexpr std::size_t kTableKindCount = 5;

// A set of kinds.
class TableKinds {
 public:
  constexpr TableKinds() = default;
  static constexpr TableKinds All() { return TableKinds((1u << kTableKindCount) - 1); }
  constexpr bool Has(TableKind kind) const { return (bits_ & Bit(kind)) != 0; }
  constexpr bool Empty() const { return bits_ == 0; }
  constexpr TableKinds With(TableKind kind) const { return TableKinds(bits_ | Bit(kind)); }
  constexpr TableKinds Without(TableKind kind) const { return TableKinds(bits_ & ~Bit(kind)); }
  constexpr TableKinds operator&(TableKinds other) const { return TableKinds(bits_ & other.bits_); }
  constexpr TableKinds operator|(TableKinds other) const { return TableKinds(bits_ | other.bits_); }

 private:
  explicit constexpr TableKinds(unsigned bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  static constexpr unsigned Bit(TableKind kind) { return 1u << static_cast<unsigned>(kind); }
  std::uint8_t bits_ = 0;
};

// What was read of one node.
struct TablesRead {
  std::uint32_t node = 0;
  TableKinds differ;   // read whole, and not what was held
  TableKinds first;    // read whole, and nothing was held
  bool wider = false;  // of its multicast table there is more to read than was asked
};

class TableReader {
 public:
  // `at_once`: nodes. As many as keep the engine busy and not more, so that a sweep that is cut short has
  // read those before whole.
  TableReader(Asker& ask, std::uint32_t at_once);
  ~TableReader();

  void Use(Graph& graph);
  // Entries of the linear table of such a switch.
  static std::size_t LinearSize(const SwitchInfo& info);
  // What Read() would send at the least.
  std::size_t Cost(std::uint32_t node, TableKinds kinds) const;
  // That much of the multicast tables is in use.
  void ExpectGroup(Lid mlid);
  // Kinds that the node does not have are left out.
  void Read(std::uint32_t node, TableKinds kinds);
  // What was read since it was last taken, in no order. To be called when nothing is under way.
  std::vector<TablesRead> Take();

 private:
  struct Question {
    TableKind kind;
    mad::Attribute attribute;
    std::uint32_t modifier;
  };
  struct Job;

  void StartNext();
  std::vector<Question> Questions(std::uint32_t node, TableKinds kinds) const;
  void AddLinear(const Node& node, std::vector<Question>& to) const;
  void AddMulticast(const Node& node, std::vector<Question>& to) const;
  void AddSlToVl(const WorkNode& work, std::vector<Question>& to) const;
  void AddPartitions(const Node& node, std::vector<Question>& to) const;
  std::uint32_t MulticastBlocks(const Node& node) const;

  void AskNext(Job& job);
  void Hear(Job& job, const mad::Outcome& outcome);
  void TakeLinear(Job& job, std::uint32_t block, mad::Bytes data);
  void TakeMulticast(Job& job, std::uint32_t modifier, mad::Bytes data);
  void TakeSlToVl(Job& job, std::uint32_t modifier, mad::Bytes data);
  void TakePartitions(Job& job, std::uint32_t modifier, mad::Bytes data);
  void AskByPair(Job& job);
  void Fail(Job& job, const Question& question, Answer answer);
  void Settle(Job& job);
  void SettlePartitions(Job& job);

  Asker& ask_;
  Graph* graph_ = nullptr;
  std::uint32_t multicast_blocks_;  // that are read of every switch, if it has so many
  std::uint32_t at_once_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::size_t started_ = 0;  // of jobs_
  std::uint32_t under_way_ = 0;
};

}  // namespace aftershock::fabric
