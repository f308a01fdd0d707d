// ipoib-group-missing and ipoib-group-parameters: the broadcast group of the default partition, without which
// no IPoIB interface has a carrier.
#include <algorithm>

#include <fmt/format.h>

#include "rules/fabric/confirmed.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

// What a port cannot do that the group asks of its members; empty: it can.
std::vector<std::string> Lacking(const PortInfo& info, const GroupRecord& group) {
  constexpr double kRounding = 0.01;
  std::vector<std::string> lacking;
  const double has = NominalGbps(info.width_active, info.speed_active), wants = RateGbps(group.rate);
  if (has > 0 && wants > 0 && has < wants - kRounding) {
    lacking.push_back(fmt::format("runs at {:g} Gb/s and the group at {:g}", has, wants));
  }
  const int mtu = MtuOctets(info.mtu_active), group_mtu = MtuOctets(group.mtu);
  if (mtu > 0 && group_mtu > 0 && mtu < group_mtu) {
    lacking.push_back(fmt::format("has an MTU of {} octets and the group one of {}", mtu, group_mtu));
  }
  return lacking;
}

struct UnfitPort {
  const Node* node;
  const Port* port;
  std::string lacks;
  bool member;  // in this sweep or, as far as was heard, before
  bool was;     // and is no longer
};

struct Fitness {
  std::vector<UnfitPort> unfit;
  std::size_t members = 0, unfit_members = 0;
};

Fitness Examine(const View& view, const GroupRecord& group) {
  Fitness fitness;
  for (const Node& node : view.snapshot().nodes) {
    if (node.IsSwitch() || node.duplicate || Missing(node.answer) || node.IsAggregationNode()) continue;
    for (const Port& port : node.ports) {
      if (!port.Linked() || Missing(port.info_answer) || port.info->state != PortState::kActive) continue;
      const bool known = view.state().subnet.members.contains(KeyOf(node, port));
      const bool left = known && port.membership.member == false;
      if (known) ++fitness.members;
      const auto lacking = Lacking(*port.info, group);
      if (lacking.empty()) continue;
      if (known) ++fitness.unfit_members;
      fitness.unfit.push_back({&node, &port, fmt::format("{}", Listed(lacking)), known, left});
    }
  }
  return fitness;
}

std::vector<Evidence> EvidenceOf(const GroupRecord& group) {
  return {{"rate of the group", RateGbps(group.rate), "Gb/s"},
          {"MTU of the group", std::int64_t{MtuOctets(group.mtu)}, "octets"},
          {"MLID", fmt::format("0x{:04x}", static_cast<std::uint16_t>(group.mlid)), ""}};
}

Finding OfMember(const View& view, const GroupRecord& group, const UnfitPort& at) {
  const char* then = at.was ? "it is no longer a member, and not let in"
                            : "it is a member, and would not be "
                              "let in again";
  Finding finding = view.Found(
      kIpoibGroupParameters, SubjectOf(*at.node, *at.port),
      fmt::format("{} {}: {}", NameWithPeer(view, *at.node, *at.port), at.lacks, then), EvidenceOf(group));
  if (!at.was) finding.severity = std::min(finding.severity, Severity::kWarning);
  return finding;
}

// Most of the members: it is the group that was made wrong. Or ports that have not been members so far.
Finding OfGroup(const View& view, const GroupRecord& group, const Fitness& fitness, bool members) {
  std::vector<std::string> names;
  bool left = false;
  for (const UnfitPort& at : fitness.unfit) {
    if (at.member != members) continue;
    names.push_back(fmt::format("{} {}", NameOf(*at.node, *at.port), at.lacks));
    left = left || at.was;
  }
  const std::string who = members ? fmt::format("{} of its {} members", names.size(), fitness.members)
                                  : fmt::format("{} ports that are not known as members", names.size());
  Finding finding = view.Found(
      kIpoibGroupParameters, Subject::Fabric(),
      fmt::format("The IPoIB broadcast group asks for more than {} can do: {}", who, Listed(names)),
      EvidenceOf(group));
  if (!members) {
    finding.severity = Severity::kNote;
  } else if (!left) {
    finding.severity = std::min(finding.severity, Severity::kWarning);
  }
  return finding;
}

}  // namespace

std::vector<Finding> FindMissingGroup(const View& view) {
  const SubnetMemory& memory = view.state().subnet;
  if (view.snapshot().sa.group_answer != Answer::kAnswered || !memory.group_missing) return {};
  const bool had = memory.group.has_value() || !memory.members.empty();
  Finding finding =
      view.Found(kIpoibGroupMissing, Subject::Fabric(),
                 fmt::format("The SA has no IPoIB broadcast group for the default partition{}",
                             had ? ", and had one in this run" : ": no IPoIB interface of it can come up"),
                 {{"seen for", ToSeconds(memory.group_missing->last - memory.group_missing->first), "s"},
                  {"members known", static_cast<std::int64_t>(memory.members.size()), "ports"}});
  if (had) {
    LowerUnlessConfirmed(view, kIpoibGroupMissing, *memory.group_missing, finding);
  } else {
    finding.severity = Severity::kNote;
  }
  return {std::move(finding)};
}

std::vector<Finding> FindUnfitGroup(const View& view) {
  const SaView& sa = view.snapshot().sa;
  if (!sa.group || sa.group_missing) return {};
  const Fitness fitness = Examine(view, *sa.group);
  std::vector<Finding> findings;
  const bool most = fitness.unfit_members > 1 && 2 * fitness.unfit_members > fitness.members;
  bool others = false;
  for (const UnfitPort& at : fitness.unfit) {
    others = others || !at.member;
    if (at.member && !most) findings.push_back(OfMember(view, *sa.group, at));
  }
  if (most) {
    findings.push_back(OfGroup(view, *sa.group, fitness, true));
  } else if (others) {
    findings.push_back(OfGroup(view, *sa.group, fitness, false));
  }
  return findings;
}

}  // namespace aftershock::rules
