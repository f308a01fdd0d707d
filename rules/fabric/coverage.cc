// sweep-incomplete and node-unresponsive: what this sweep could not tell.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/change.h"
#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

// Ports are listed by number up to so many.
constexpr std::size_t kMaxListed = 8;

// What a node that answers at all did not answer.
struct Gaps {
  std::vector<std::string> questions;  // of the node
  std::vector<int> info_ports, counter_ports;
  Answer answer = Answer::kNotAsked;  // the first missing one
  int linked = 0;

  bool Any() const { return !questions.empty() || !info_ports.empty() || !counter_ports.empty(); }
  void Note(Answer missing) {
    if (answer == Answer::kNotAsked) answer = missing;
  }
};

Gaps GapsOf(const Node& node) {
  Gaps gaps;
  const auto ask = [&](Answer answer, const char* question) {
    if (!Missing(answer)) return;
    gaps.questions.emplace_back(question);
    gaps.Note(answer);
  };
  ask(node.description_answer, "its description");
  ask(node.switch_answer, "its switch settings");
  ask(node.pma_answer, "the capabilities of its counters");
  for (const Port& port : node.ports) {
    if (port.Linked()) ++gaps.linked;
    if (Missing(port.info_answer)) {
      gaps.info_ports.push_back(port.num);
      gaps.Note(port.info_answer);
    } else if (port.Linked() && Missing(port.counters_answer)) {
      gaps.counter_ports.push_back(port.num);
      gaps.Note(port.counters_answer);
    }
  }
  return gaps;
}

std::string PortList(const std::vector<int>& ports) {
  const std::span shown(ports.data(), std::min(ports.size(), kMaxListed));
  return fmt::format("{} {}{}", ports.size() == 1 ? "port" : "ports", fmt::join(shown, ", "),
                     ports.size() > kMaxListed ? fmt::format(" and {} more", ports.size() - kMaxListed) : "");
}

// "no answer in time", for what follows "could not be read".
std::string Why(Answer answer) {
  switch (answer) {
    case Answer::kTimeout:
      return "no answer";
    case Answer::kError:
      return "an error for an answer";
    default:
      return "it could not be asked";
  }
}

Finding Silent(const View& view, const Node& node) {
  const NodeMemory* memory = view.Memory(node.guid);
  const NodeMemory* root =
      memory != nullptr && memory->behind != Guid{} ? view.Memory(memory->behind) : nullptr;
  std::string summary = root != nullptr
                            ? fmt::format("{} cannot be reached behind {}", NameOf(node), root->name)
                        : node.answer == Answer::kUnreachable
                            ? fmt::format("{} could not be asked", NameOf(node))
                            : fmt::format("{} does not answer: {}", NameOf(node), Why(node.answer));
  return view.Found(kNodeUnresponsive, SubjectOf(node), std::move(summary),
                    {{"directed route", RouteText(node), ""},
                     {"requests lost", std::int64_t{node.lost}, fmt::format("of {}", node.requests)}});
}

Finding Partly(const View& view, const Node& node, const Gaps& gaps) {
  std::vector<std::string> missing = gaps.questions;
  if (!gaps.info_ports.empty()) missing.push_back("the state of " + PortList(gaps.info_ports));
  if (!gaps.counter_ports.empty()) missing.push_back("the counters of " + PortList(gaps.counter_ports));
  std::string summary = fmt::format("{} answers, but {} could not be read: {}", NameOf(node),
                                    fmt::join(missing, " and "), Why(gaps.answer));
  const std::string of_linked = fmt::format("of {} linked ports", gaps.linked);
  return view.Found(kNodeUnresponsive, SubjectOf(node), std::move(summary),
                    {{"states unread", static_cast<std::int64_t>(gaps.info_ports.size()), "ports"},
                     {"counters unread", static_cast<std::int64_t>(gaps.counter_ports.size()), of_linked},
                     {"requests lost", std::int64_t{node.lost}, fmt::format("of {}", node.requests)}});
}

std::optional<Finding> Lossy(const View& view, const Node& node) {
  if (node.requests == 0 || node.lost < view.Threshold(kNodeUnresponsive, "lost_requests"))
    return std::nullopt;
  const double ratio = static_cast<double>(node.lost) / node.requests;
  if (ratio < view.Threshold(kNodeUnresponsive, "lost_ratio")) return std::nullopt;
  Finding finding =
      view.Found(kNodeUnresponsive, SubjectOf(node),
                 fmt::format("{} lost {:.0f} % of the requests sent to it and answered only after repetition",
                             NameOf(node), 100 * ratio),
                 {{"requests lost", std::int64_t{node.lost}, fmt::format("of {}", node.requests)}});
  finding.unknown = false;
  return finding;
}

// Ports with a signal behind which nobody answers, where nothing is known of who that might be.
void AddNamelessPeers(const View& view, const Node& node, std::vector<Finding>& findings) {
  for (const Port& port : node.ports) {
    if (!port.Linked() || port.peer || !Missing(port.peer_answer)) continue;
    const PortMemory* memory = view.Memory(node, port);
    const NodeMemory* far = memory != nullptr ? view.Memory(memory->peer.node) : nullptr;
    if (far != nullptr && far->standing == Standing::kSilent) continue;
    findings.push_back(view.Found(kNodeUnresponsive, SubjectOf(node, port),
                                  fmt::format("{} has a signal, and nothing behind it answers: {}",
                                              NameWithPeer(view, node, port), Why(port.peer_answer)),
                                  {{"state", ToString(port.info->state), ""}}));
  }
}

void AddAbsentNodes(const View& view, std::vector<Finding>& findings) {
  for (const auto& [guid, memory] : view.state().nodes) {
    if (memory.standing != Standing::kSilent && memory.standing != Standing::kHidden) continue;
    const auto kind = memory.type == NodeType::kSwitch ? SubjectKind::kSwitch : SubjectKind::kHost;
    const NodeMemory* root = memory.behind != Guid{} ? view.Memory(memory.behind) : nullptr;
    std::string summary =
        memory.standing == Standing::kSilent
            ? fmt::format("{} does not answer any more, though its links are up", memory.name)
        : root != nullptr ? fmt::format("{} cannot be reached behind {}", memory.name, root->name)
                          : fmt::format("{} cannot be reached: what led to it is silent", memory.name);
    findings.push_back(view.Found(kNodeUnresponsive, {kind, guid, 0, {}}, std::move(summary),
                                  {{"last seen by sweep", std::int64_t{memory.listed_sweep}, ""}}));
  }
}

}  // namespace

std::vector<Finding> FindIncompleteSweep(const View& view) {
  const SweepReport& sweep = view.snapshot().sweep;
  const Coverage& coverage = sweep.coverage;
  const std::vector<Evidence> evidence{{"nodes answered", std::int64_t{coverage.nodes_answered},
                                        fmt::format("of {}", coverage.nodes_expected)},
                                       {"ports answered", std::int64_t{coverage.ports_answered},
                                        fmt::format("of {}", coverage.ports_expected)},
                                       {"duration", ToSeconds(sweep.duration), "s"}};
  std::string summary;
  if (!sweep.complete) {
    summary = fmt::format("The fabric could not be read in full: {}", sweep.incomplete_because.empty()
                                                                          ? "the sweep did not reach its end"
                                                                          : sweep.incomplete_because);
  } else if (view.snapshot().nodes.empty()) {
    summary = "The sweep saw no node at all";
  } else if (view.GmpsSilent()) {
    summary =
        "Nodes answer subnet management and none answers a performance query: is the local port a limited "
        "member of "
        "its partition?";
  } else {
    return {};
  }
  return {view.Found(kSweepIncomplete, Subject::Fabric(), std::move(summary), evidence)};
}

std::vector<Finding> FindUnresponsiveNodes(const View& view) {
  std::vector<Finding> findings;
  for (const Node& node : view.snapshot().nodes) {
    if (Missing(node.answer)) {
      findings.push_back(Silent(view, node));
      continue;
    }
    if (const Gaps gaps = GapsOf(node); gaps.Any()) {
      findings.push_back(Partly(view, node, gaps));
    } else if (auto lossy = Lossy(view, node)) {
      findings.push_back(*std::move(lossy));
    }
    AddNamelessPeers(view, node, findings);
  }
  AddAbsentNodes(view, findings);
  return findings;
}

}  // namespace aftershock::rules
