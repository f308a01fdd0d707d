#include "rules/routing/walk.h"

#include <algorithm>
#include <limits>

namespace aftershock::rules {
namespace {

using Index = RoutingMap::Index;
using Leads = RoutingMap::Leads;
using Owns = RoutingMap::Owns;

// So many entries of a table are taken at a time: one block of it, and one line of a cache.
constexpr std::size_t kBlock = 64;
constexpr std::size_t kPorts = 256;

// What an exit leads to, in one word.
class Step {
 public:
  Step() = default;
  explicit Step(const RoutingMap::Exit& exit)
      : word_(static_cast<std::uint32_t>(exit.leads) | exit.to << kShift) {}
  Leads leads() const { return static_cast<Leads>(word_ & 7); }
  Index to() const { return word_ >> kShift; }

 private:
  static constexpr unsigned kShift = 3;
  std::uint32_t word_ = static_cast<std::uint32_t>(Leads::kNowhere);
};

// Of a switch, in the walk to one LID.
enum class Mark : std::uint8_t { kUnseen, kOnPath, kFine, kUnknown, kBroken, kLooped };

class Walker {
 public:
  Walker(const RoutingMap& map, DependencyGraph& graph)
      : map_(map),
        graph_(graph),
        count_(map.switches().size()),
        sm_switch_(map.SmSwitch()),
        sm_leaf_(map.SmLeaf()),
        data_(count_),
        steps_(count_ * kPorts),
        exits_(count_ * kBlock),
        marks_(count_) {
    result_.targets = map.ends().size() + count_;
    for (Index s = 0; s < count_; ++s) {
      const RoutingMap::Switch& sw = map.switches()[s];
      for (std::size_t port = 0; port < sw.exits.size(); ++port)
        steps_[s * kPorts + port] = Step(sw.exits[port]);
      if (!sw.ends.empty() || s == sm_switch_) sources_.push_back(s);
      if (sw.table == nullptr) unread_.push_back(s);
      data_[s] = s == sm_switch_ || std::ranges::any_of(sw.ends, [&](Index end) { return SendsData(end); });
    }
    // A way that joins another one draws no more of it.
    std::stable_partition(sources_.begin(), sources_.end(), [this](Index s) { return data_[s]; });
  }

  WalkResult Run() {
    for (std::size_t first = 0; first < map_.LidEnd(); first += kBlock) {
      const std::size_t end = std::min(first + kBlock, map_.LidEnd());
      TakeBlock(first, end);
      for (std::size_t lid = first; lid < end; ++lid) {
        const auto owner = map_.OwnerOf(static_cast<Lid>(lid));
        if (owner.kind == Owns::kEnd || owner.kind == Owns::kSwitch) WalkTo(lid - first, owner);
      }
    }
    return std::move(result_);
  }

 private:
  void TakeBlock(std::size_t first, std::size_t end) {
    for (Index s = 0; s < count_; ++s) {
      std::uint8_t* const to = exits_.data() + s * kBlock;
      std::fill_n(to, kBlock, LinearTable::kNoExit);
      const LinearTable* table = map_.switches()[s].table;
      if (table == nullptr || first >= table->exit.size()) continue;
      const std::size_t stop = std::min(end, table->exit.size());
      std::copy(table->exit.begin() + static_cast<std::ptrdiff_t>(first),
                table->exit.begin() + static_cast<std::ptrdiff_t>(stop), to);
    }
  }

  std::uint8_t ExitOf(Index sw) const { return exits_[sw * kBlock + column_]; }

  // Nodes that aggregate in the switches speak along trees of their own, not with everybody.
  bool SendsData(Index end) const { return !map_.ends()[end].node->IsAggregationNode(); }

  // Ports at this switch that send to the owner.
  std::uint32_t SendersAt(Index s, RoutingMap::Owner owner) const {
    auto senders = static_cast<std::uint32_t>(map_.switches()[s].ends.size());
    if (owner.kind == Owns::kEnd && map_.ends()[owner.index].sw == s && senders > 0) --senders;
    if (s == sm_switch_) ++senders;
    return senders;
  }

  void WalkTo(std::size_t column, RoutingMap::Owner owner) {
    column_ = column;
    owner_ = owner;
    std::ranges::fill(marks_, Mark::kUnseen);
    for (const Index s : unread_) marks_[s] = Mark::kUnknown;
    bool broken = false;
    for (const Index s : sources_) {
      const std::uint32_t senders = SendersAt(s, owner);
      if (senders == 0) continue;
      if (marks_[s] == Mark::kUnseen) Trace(s);
      if (marks_[s] == Mark::kUnknown) result_.unknown += senders;
      if (!NeedsEntry(s) && s != owner.index) ++result_.between_switches;
      broken = broken || marks_[s] == Mark::kBroken || marks_[s] == Mark::kLooped;
    }
    if (broken) Explain();
    if (owner.kind == Owns::kSwitch) CountUnrouted();
  }

  // Follows the way from `start` to where it ends or joins one that was followed.
  void Trace(Index start) {
    path_.clear();
    Index at = start;
    Mark end = Mark::kUnseen;
    while (end == Mark::kUnseen) {
      if (marks_[at] != Mark::kUnseen) {
        end = marks_[at] == Mark::kOnPath ? Mark::kLooped : marks_[at];
        break;
      }
      marks_[at] = Mark::kOnPath;
      path_.push_back(at);
      const std::uint8_t exit = ExitOf(at);
      const Step step = steps_[at * kPorts + exit];
      if (exit != LinearTable::kNoExit && step.leads() == Leads::kSwitch) {
        at = step.to();
      } else {
        end = MarkOf(AtExit(map_, at, exit, owner_));
      }
    }
    for (const Index s : path_) marks_[s] = end;
    if (owner_.kind != Owns::kEnd || end == Mark::kLooped || !data_[start] || !SendsData(owner_.index))
      return;
    for (std::size_t i = 1; i < path_.size(); ++i)
      graph_.Add(path_[i - 1], ExitOf(path_[i - 1]), ExitOf(path_[i]));
    if (path_.back() != at) graph_.Add(path_.back(), ExitOf(path_.back()), ExitOf(at));
  }

  static Mark MarkOf(Outcome outcome) {
    switch (outcome) {
      case Outcome::kArrives:
        return Mark::kFine;
      case Outcome::kUnknown:
        return Mark::kUnknown;
      default:
        return Mark::kBroken;
    }
  }

  // From which places ways to this LID are cut, and where: only done where something is.
  void Explain() {
    const Target target =
        owner_.kind == Owns::kEnd ? owner_.index : static_cast<Target>(map_.ends().size()) + owner_.index;
    for (const Index s : sources_) {
      const std::uint32_t senders = SendersAt(s, owner_);
      if (senders != 0 && (marks_[s] == Mark::kBroken || marks_[s] == Mark::kLooped))
        Blame(s, target, senders);
    }
  }

  void Blame(Index start, Target target, std::uint32_t ways) {
    path_.clear();
    for (Index at = start;;) {
      const auto before = std::ranges::find(path_, at);
      if (before != path_.end()) return BlameLoop(before, target, ways);
      path_.push_back(at);
      const std::uint8_t exit = ExitOf(at);
      const Step step = steps_[at * kPorts + exit];
      if (exit != LinearTable::kNoExit && step.leads() == Leads::kSwitch) {
        at = step.to();
        continue;
      }
      const Outcome outcome = AtExit(map_, at, exit, owner_);
      if (outcome == Outcome::kMissing) {
        if (NeedsEntry(start)) {
          BlameEntry(at, target, ways);
        } else {
          ++result_.unrouted;
        }
      }
      if (outcome == Outcome::kDeadEnd) result_.dead_ends[{at, exit}].Add(target, ways);
      if (outcome == Outcome::kWrongExit) result_.wrong_exits[{at, exit}].Add(target, ways);
      return;
    }
  }

  // That a switch's port 0 has no way from everywhere is how some engines part up from down; whoever manages
  // the subnet has to reach it.
  bool NeedsEntry(Index start) const { return owner_.kind == Owns::kEnd || start == sm_leaf_; }

  void BlameEntry(Index at, Target target, std::uint32_t ways) {
    if (result_.missing.empty()) result_.missing.resize(count_ * result_.targets);
    std::uint32_t& cut = result_.missing[at * result_.targets + target];
    cut += std::min(ways, std::numeric_limits<std::uint32_t>::max() - cut);
  }

  void BlameLoop(std::vector<Index>::iterator first, Target target, std::uint32_t ways) {
    std::vector<ExitKey> cycle;
    for (auto at = first; at != path_.end(); ++at) cycle.push_back({*at, ExitOf(*at)});
    std::rotate(cycle.begin(), std::ranges::min_element(cycle), cycle.end());
    LoopCut& loop = result_.loops[cycle.front()];
    if (loop.cycle.empty()) loop.cycle = std::move(cycle);
    loop.cut.Add(target, ways);
  }

  void CountUnrouted() {
    for (Index s = 0; s < count_; ++s) {
      if (s == owner_.index || SendersAt(s, owner_) != 0) continue;
      ++result_.between_switches;
      if (marks_[s] == Mark::kUnseen) Trace(s);
      if (marks_[s] == Mark::kBroken || marks_[s] == Mark::kLooped) ++result_.unrouted;
    }
  }

  const RoutingMap& map_;
  DependencyGraph& graph_;
  const std::size_t count_;
  const Index sm_switch_, sm_leaf_;
  std::vector<bool> data_;           // by switch: somebody there sends more than management
  std::vector<Step> steps_;          // by switch and port
  std::vector<std::uint8_t> exits_;  // by switch, of the LIDs of one block
  std::vector<Mark> marks_;          // by switch, of one LID
  std::vector<Index> sources_, unread_, path_;
  std::size_t column_ = 0;
  RoutingMap::Owner owner_;
  WalkResult result_;
};

}  // namespace

void Cut::Add(Target target, std::uint64_t more) {
  ways += more;
  // The LIDs of one owner follow each other, and so do the sources of one LID.
  if (last_ == target) return;
  last_ = target;
  ++targets;
  if (some.size() < kSomeTargets) some.push_back(target);
}

WalkResult WalkAll(const RoutingMap& map, DependencyGraph& graph) {
  return Walker(map, graph).Run();
}

}  // namespace aftershock::rules
