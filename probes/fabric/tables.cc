#include "probes/fabric/tables.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "probes/mad/decode.h"

namespace aftershock::fabric {
namespace {

constexpr std::uint32_t kMlidsPerBlock = mad::kMulticastBlock;
constexpr std::uint32_t kPermissiveLid = 0xffff;
constexpr std::uint32_t kMaxMulticastBlocks = 0x4000 / kMlidsPerBlock;  // MLIDs 0xc000 to 0xffff
constexpr unsigned kPositionShift = 28;  // 14.2.5.11: which 16 ports, in the upper four bits of the modifier
constexpr std::uint32_t kBlockMask = 0x1ff;

// The SM gives out MLIDs from the first one on, and switches say seldom how far their table is used. So all
// are read as far as any of them is in use, and this much beyond.
constexpr std::uint32_t kSpareMulticastBlocks = 1, kFirstMulticastBlocks = 2;

// 14.2.5.8, of a switch whose mapping can be set for all incoming ports at once.
constexpr std::uint32_t kAnyPortIn = 0x20000;

constexpr unsigned kPortShift = 16;       // P_KeyTable's modifier
constexpr std::uint32_t kPKeyBlocks = 8;  // of a port: more is no table that anybody fills
constexpr std::size_t kPKeyHole = 8;      // empty entries at the end of a block, and nothing comes behind

constexpr std::uint8_t kSilencesProve = 3;

constexpr std::size_t Index(TableKind kind) {
  return static_cast<std::size_t>(kind);
}

std::vector<std::uint8_t> LinkedPorts(const Node& node) {
  std::vector<std::uint8_t> linked;
  for (const Port& port : node.ports) {
    if (port.Linked()) linked.push_back(port.num);
  }
  return linked;
}

std::uint32_t CapabilitiesOf(const Node& node) {
  const Port* port = node.FindPort(0);
  return port != nullptr && port->info ? port->info->capability_mask : 0;
}

bool MayHoldPartitions(const Node& node, const Port& port) {
  if (!port.info) return false;
  if (!node.IsSwitch()) return port.Linked() && !node.IsAggregationNode();
  return port.num == 0 || (port.Linked() && (port.info->enforces_in || port.info->enforces_out));
}

// What the device came up with is no partition that anybody gave it: the subnet manager fills the table
// before it makes the port Active.
bool HoldsPartitions(const Node& node, const Port& port) {
  return MayHoldPartitions(node, port) && (port.num == 0 || port.info->state == PortState::kActive);
}

// Publishes what was read whole; true: it is not what was held.
template <typename Table>
bool Publish(TableReading<Table>& reading, Table&& now, std::uint32_t sweep) {
  reading.answer = Answer::kAnswered;
  reading.sweep = sweep;
  if (reading.table && *reading.table == now) return false;
  reading.table = std::make_shared<const Table>(std::forward<Table>(now));
  return true;
}

}  // namespace

struct TableReader::Job {
  std::uint32_t node = 0;
  TableKinds kinds;
  std::vector<Question> questions;
  std::size_t next = 0;
  std::array<Answer, kTableKindCount> answers;  // kAnswered until a question fails
  LinearTable linear;
  MulticastTable multicast;
  std::uint32_t multicast_used = 0;  // blocks, up to the last one with a bit
  SlToVlTable sl_to_vl;
  bool pairs_asked = false;
  std::map<std::uint8_t, PartitionReading> partitions;
  TablesRead read;

  Answer& AnswerOf(TableKind kind) { return answers[Index(kind)]; }
};

TableReader::TableReader(Asker& ask, std::uint32_t at_once)
    : ask_(ask), multicast_blocks_(kFirstMulticastBlocks), at_once_(std::max(at_once, 1u)) {}
TableReader::~TableReader() = default;

void TableReader::Use(Graph& graph) {
  graph_ = &graph;
  jobs_.clear();
  started_ = under_way_ = 0;
}

void TableReader::ExpectGroup(Lid mlid) {
  const auto number = static_cast<std::uint32_t>(mlid);
  if (number < kFirstMulticastLid || number == kPermissiveLid) return;
  const std::uint32_t block = (number - kFirstMulticastLid) / kMlidsPerBlock;
  multicast_blocks_ =
      std::min(std::max(multicast_blocks_, block + 1 + kSpareMulticastBlocks), kMaxMulticastBlocks);
}

std::uint32_t TableReader::MulticastBlocks(const Node& node) const {
  const SwitchInfo& info = *node.switch_info;
  std::uint32_t mlids = info.multicast_fdb_cap;
  if ((CapabilitiesOf(node) & kCapMulticastFdbTop) != 0 && info.multicast_fdb_top != 0) {
    const std::uint32_t top = info.multicast_fdb_top;
    mlids = std::min(mlids, top < kFirstMulticastLid ? 0u : top - kFirstMulticastLid + 1u);
  }
  return std::min((mlids + kMlidsPerBlock - 1) / kMlidsPerBlock, multicast_blocks_);
}

std::size_t TableReader::LinearSize(const SwitchInfo& info) {
  const std::size_t used = info.linear_fdb_top + std::size_t{1};
  return std::min({used, std::size_t{info.linear_fdb_cap}, std::size_t{kFirstMulticastLid}});
}

void TableReader::AddLinear(const Node& node, std::vector<Question>& to) const {
  const std::size_t size = LinearSize(*node.switch_info);
  for (std::uint32_t block = 0; block * mad::kLinearBlock < size; ++block) {
    to.push_back({TableKind::kLinear, mad::Attribute::kLinearForwardingTable, block});
  }
}

void TableReader::AddMulticast(const Node& node, std::vector<Question>& to) const {
  const auto positions = static_cast<std::uint32_t>(node.num_ports / mad::kMulticastPorts + 1);
  for (std::uint32_t block = 0; block < MulticastBlocks(node); ++block) {
    for (std::uint32_t position = 0; position < positions; ++position) {
      to.push_back({TableKind::kMulticast, mad::Attribute::kMulticastForwardingTable,
                    position << kPositionShift | block});
    }
  }
}

void TableReader::AddSlToVl(const WorkNode& work, std::vector<Question>& to) const {
  const Node& node = work.node;
  if (!SeveralVls(node) || (CapabilitiesOf(node) & kCapSlMapping) == 0) return;
  const std::vector<std::uint8_t> linked = LinkedPorts(node);
  const bool at_once = node.switch_info->optimised_sl_to_vl && !work.sl_to_vl_by_pair;
  const auto ask = [&](std::uint32_t modifier) {
    to.push_back({TableKind::kSlToVl, mad::Attribute::kSlToVlMappingTable, modifier});
  };
  for (std::size_t i = 0; i < linked.size(); ++i) {
    const std::uint32_t out = linked[i];
    if (!at_once) {
      for (const std::uint32_t in : linked) {
        if (in != out) ask(in << 8 | out);
      }
      continue;
    }
    ask(kAnyPortIn | out);
    // One pair beside it, another one each time, shows whether the answer really holds for any of them.
    const std::uint32_t in =
        linked[(i + 1 + ask_.sweep() % std::max<std::size_t>(linked.size() - 1, 1)) % linked.size()];
    if (in != out) ask(in << 8 | out);
  }
}

void TableReader::AddPartitions(const Node& node, std::vector<Question>& to) const {
  for (const Port& port : node.ports) {
    if (!HoldsPartitions(node, port)) continue;
    to.push_back({TableKind::kPartitions, mad::Attribute::kPKeyTable,
                  static_cast<std::uint32_t>(port.num) << kPortShift});
  }
}

std::vector<TableReader::Question> TableReader::Questions(std::uint32_t node, TableKinds kinds) const {
  const WorkNode& work = (*graph_)[node];
  std::vector<Question> questions;
  if (kinds.Has(TableKind::kPartitions)) AddPartitions(work.node, questions);
  if (!work.node.IsSwitch() || !work.node.switch_info) return questions;
  if (kinds.Has(TableKind::kLinear)) AddLinear(work.node, questions);
  if (kinds.Has(TableKind::kMulticast)) AddMulticast(work.node, questions);
  if (kinds.Has(TableKind::kSlToVl)) AddSlToVl(work, questions);
  const bool adaptive = work.node.vendor_id == kMellanoxOui && work.adaptive_silences < kSilencesProve;
  if (kinds.Has(TableKind::kAdaptive) && adaptive) {
    questions.push_back({TableKind::kAdaptive, mad::Attribute::kMlnxAdaptiveRoutingInfo, 0});
  }
  return questions;
}

std::size_t TableReader::Cost(std::uint32_t node, TableKinds kinds) const {
  return Questions(node, kinds).size();
}

void TableReader::Read(std::uint32_t node, TableKinds kinds) {
  Job& job = *jobs_.emplace_back(std::make_unique<Job>());
  job.node = job.read.node = node;
  job.kinds = kinds;
  job.answers.fill(Answer::kAnswered);
  StartNext();
}

void TableReader::StartNext() {
  while (under_way_ < at_once_ && started_ < jobs_.size()) {
    Job& job = *jobs_[started_++];
    job.questions = Questions(job.node, job.kinds);
    ++under_way_;
    AskNext(job);
  }
}

void TableReader::AskNext(Job& job) {
  if (job.next == job.questions.size()) {
    Settle(job);
    --under_way_;
    return StartNext();
  }
  const Question& question = job.questions[job.next];
  const auto done = [this, &job](const mad::Outcome& outcome) { Hear(job, outcome); };
  const WorkNode& work = (*graph_)[job.node];
  if (question.kind == TableKind::kPartitions && !work.node.IsSwitch()) {
    // An adapter answers for the port that the question comes in by.
    const auto num = static_cast<std::uint8_t>(question.modifier >> kPortShift);
    const std::uint32_t block = question.modifier & 0xffffu;
    const Port& port = *work.node.FindPort(num);
    if (port.peer && work.route.hops != 0 && !work.given_up) {
      return ask_.SmpThrough({port.peer->node, port.peer->port}, question.attribute, done, 0, block);
    }
    return ask_.Smp(job.node, question.attribute, block, done);
  }
  const std::uint8_t tries = question.kind == TableKind::kAdaptive ? 1 : 0;
  ask_.Smp(job.node, question.attribute, question.modifier, done, tries);
}

void TableReader::Hear(Job& job, const mad::Outcome& outcome) {
  const Question question = job.questions[job.next++];
  WorkNode& work = (*graph_)[job.node];
  if (question.kind == TableKind::kAdaptive) {
    // A device that does not know it may well keep silent, which tells nothing about the device.
    if (outcome.ok()) work.node.tables.adaptive = mad::DecodeMlnxAdaptiveRouting(outcome.data);
    if (outcome.answer == Answer::kUnsupported) work.adaptive_silences = kSilencesProve;
    if (outcome.answer == Answer::kTimeout && outcome.tries > 0) ++work.adaptive_silences;
    return AskNext(job);
  }
  ask_.Account(job.node, outcome);
  if (!outcome.ok()) {
    Fail(job, question, outcome.answer);
  } else if (question.kind == TableKind::kLinear) {
    TakeLinear(job, question.modifier, outcome.data);
  } else if (question.kind == TableKind::kMulticast) {
    TakeMulticast(job, question.modifier, outcome.data);
  } else if (question.kind == TableKind::kSlToVl) {
    TakeSlToVl(job, question.modifier, outcome.data);
  } else {
    TakePartitions(job, question.modifier, outcome.data);
  }
  AskNext(job);
}

void TableReader::TakeLinear(Job& job, std::uint32_t block, mad::Bytes data) {
  const auto entries = mad::DecodeLinearBlock(data);
  const std::size_t first = block * mad::kLinearBlock;
  const std::size_t size = LinearSize(*(*graph_)[job.node].node.switch_info);
  job.linear.exit.resize(std::min(first + entries.size(), size), LinearTable::kNoExit);
  for (std::size_t lid = first; lid < job.linear.exit.size(); ++lid) {
    job.linear.exit[lid] = entries[lid - first];
  }
}

void TableReader::TakeMulticast(Job& job, std::uint32_t modifier, mad::Bytes data) {
  const auto masks = mad::DecodeMulticastBlock(data);
  const std::uint32_t block = modifier & kBlockMask, position = modifier >> kPositionShift;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    if (masks[i] == 0) continue;
    const std::size_t mlid = kFirstMulticastLid + block * mad::kMulticastBlock + i;
    PortSet& ports = job.multicast.groups[static_cast<std::uint16_t>(mlid)];
    for (std::size_t bit = 0; bit < mad::kMulticastPorts; ++bit) {
      if ((masks[i] >> bit & 1) != 0) ports.set(position * mad::kMulticastPorts + bit);
    }
    job.multicast_used = std::max(job.multicast_used, block + 1);
  }
}

void TableReader::TakeSlToVl(Job& job, std::uint32_t modifier, mad::Bytes data) {
  const SlToVlTable::Row row = mad::DecodeSlToVl(data);
  const auto out = static_cast<std::uint8_t>(modifier), in = static_cast<std::uint8_t>(modifier >> 8);
  if ((modifier & kAnyPortIn) != 0) {
    for (const std::uint8_t any : LinkedPorts((*graph_)[job.node].node)) {
      if (any != out) job.sl_to_vl.vl[{any, out}] = row;
    }
    return;
  }
  const auto said = job.sl_to_vl.vl.find({in, out});
  if (said != job.sl_to_vl.vl.end() && said->second != row) AskByPair(job);
  job.sl_to_vl.vl[{in, out}] = row;
}

// What was said to hold for any port that a packet comes in by does not.
void TableReader::AskByPair(Job& job) {
  WorkNode& work = (*graph_)[job.node];
  if (std::exchange(job.pairs_asked, true)) return;
  work.sl_to_vl_by_pair = true;
  const auto next = job.questions.begin() + static_cast<std::ptrdiff_t>(job.next);
  const auto others = std::remove_if(next, job.questions.end(), [](const Question& question) {
    return question.kind == TableKind::kSlToVl;
  });
  job.questions.erase(others, job.questions.end());
  AddSlToVl(work, job.questions);
}

void TableReader::TakePartitions(Job& job, std::uint32_t modifier, mad::Bytes data) {
  const auto keys = mad::DecodePKeyBlock(data);
  PartitionReading& reading = job.partitions[static_cast<std::uint8_t>(modifier >> kPortShift)];
  reading.answer = Answer::kAnswered;
  if (!reading.keys) reading.keys.emplace();
  std::ranges::copy_if(keys, std::back_inserter(*reading.keys), [](std::uint16_t key) { return key != 0; });
  const bool more =
      std::any_of(keys.end() - kPKeyHole, keys.end(), [](std::uint16_t key) { return key != 0; });
  const std::uint32_t block = (modifier & 0xffffu) + 1;
  if (!more || block == kPKeyBlocks) return;
  job.questions.insert(job.questions.begin() + static_cast<std::ptrdiff_t>(job.next),
                       {TableKind::kPartitions, mad::Attribute::kPKeyTable, modifier + 1});
}

void TableReader::Fail(Job& job, const Question& question, Answer answer) {
  const bool refused = answer == Answer::kUnsupported || answer == Answer::kError;
  if (question.kind == TableKind::kSlToVl && (question.modifier & kAnyPortIn) != 0 && refused) {
    return AskByPair(job);
  }
  if (question.kind == TableKind::kPartitions) {
    job.partitions[static_cast<std::uint8_t>(question.modifier >> kPortShift)] = {std::nullopt, answer};
    return;
  }
  job.AnswerOf(question.kind) = answer;
  while (job.next < job.questions.size() && job.questions[job.next].kind == question.kind) ++job.next;
}

void TableReader::Settle(Job& job) {
  WorkNode& work = (*graph_)[job.node];
  SwitchTables& tables = work.node.tables;
  if (job.kinds.Has(TableKind::kPartitions)) SettlePartitions(job);
  if (!work.node.IsSwitch() || !work.node.switch_info) return;
  const auto settle = [&](TableKind kind, auto& reading, auto&& now, bool there) {
    if (!job.kinds.Has(kind)) return;
    reading.answer = there ? job.AnswerOf(kind) : Answer::kUnsupported;
    work.tables_due = work.tables_due || Missing(reading.answer);
    if (reading.answer != Answer::kAnswered) return;
    const bool held = reading.table != nullptr;
    if (!Publish(reading, std::forward<decltype(now)>(now), ask_.sweep())) return;
    TableKinds& kinds = held ? job.read.differ : job.read.first;
    kinds = kinds.With(kind);
  };
  const SwitchInfo& info = *work.node.switch_info;
  settle(TableKind::kLinear, tables.linear, std::move(job.linear), info.linear_fdb_cap != 0);
  settle(TableKind::kMulticast, tables.multicast, std::move(job.multicast), info.multicast_fdb_cap != 0);
  job.read.wider = job.multicast_used + kSpareMulticastBlocks > multicast_blocks_ &&
                   multicast_blocks_ < kMaxMulticastBlocks;
  if (!SeveralVls(work.node)) {
    if (job.kinds.Has(TableKind::kSlToVl)) tables.sl_to_vl = {};
    return;
  }
  settle(TableKind::kSlToVl, tables.sl_to_vl, std::move(job.sl_to_vl),
         (CapabilitiesOf(work.node) & kCapSlMapping) != 0);
}

// A port that no longer has a table of its own keeps none.
void TableReader::SettlePartitions(Job& job) {
  WorkNode& work = (*graph_)[job.node];
  work.partitions_sweep = ask_.sweep();
  for (Port& port : work.node.ports) {
    const auto read = job.partitions.find(port.num);
    if (read == job.partitions.end()) {
      port.partitions = {};
      work.tables_due = work.tables_due || MayHoldPartitions(work.node, port);
      continue;
    }
    port.partitions.answer = read->second.answer;
    work.tables_due = work.tables_due || Missing(read->second.answer);
    if (read->second.answer == Answer::kAnswered) port.partitions.keys = std::move(read->second.keys);
  }
}

std::vector<TablesRead> TableReader::Take() {
  std::vector<TablesRead> read;
  std::uint32_t needed = 0;
  for (const auto& job : jobs_) {
    read.push_back(job->read);
    needed = std::max(needed, job->multicast_used + kSpareMulticastBlocks);
  }
  if (needed > multicast_blocks_) {
    multicast_blocks_ = std::min(std::max(needed, 2 * multicast_blocks_), kMaxMulticastBlocks);
  }
  jobs_.clear();
  started_ = under_way_ = 0;
  return read;
}

}  // namespace aftershock::fabric
