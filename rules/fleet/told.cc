#include "rules/fleet/told.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "rules/change/table.h"
#include "rules/fabric/table.h"
#include "rules/fleet/silent.h"
#include "rules/host/table.h"
#include "rules/windows/place.h"

namespace aftershock::rules {
namespace {

Guid AdapterOf(const HostSnapshot& there, std::string_view device) {
  const Hca* hca = there.FindHca(device);
  return hca == nullptr ? Guid{} : hca->node_guid;
}

Guid FirstAdapter(const HostSnapshot& there) {
  const auto first = std::ranges::find_if(there.hcas, [](const Hca& hca) { return hca.node_guid != Guid{}; });
  return first == there.hcas.end() ? Guid{} : first->node_guid;
}

Guid AdapterOfInterface(const HostSnapshot& there, std::string_view name) {
  const auto link = std::ranges::find(there.links, name, &IpoibLink::name);
  return link == there.links.end() || !link->hca_port ? Guid{} : AdapterOf(there, link->hca_port->device);
}

Guid AdapterOf(const HostSnapshot& there, const Subject& subject) {
  Guid guid{};
  if (subject.kind == SubjectKind::kHca) guid = AdapterOf(there, subject.name);
  if (subject.kind == SubjectKind::kInterface) guid = AdapterOfInterface(there, subject.name);
  if (subject.kind == SubjectKind::kBond) {
    const auto bond = std::ranges::find(there.bonds, subject.name, &Bond::name);
    if (bond != there.bonds.end() && !bond->legs.empty())
      guid = AdapterOfInterface(there, bond->legs.front().name);
  }
  return guid == Guid{} ? FirstAdapter(there) : guid;
}

bool OnlyThere(SubjectKind kind) {
  return kind == SubjectKind::kThisHost || kind == SubjectKind::kHca || kind == SubjectKind::kInterface ||
         kind == SubjectKind::kBond;
}

// What the baseline's comparison tells of the same fact.
struct Same {
  std::string_view told, own;
};
const std::array kSame{Same{kIpoibNotMember.id, kMemberLeft.id},
                       Same{kIpoibSettingsChanged.id, kHostSettingsChanged.id}};

// What the loss of a cable or a switch looks like from its far end.
const std::array kFollows{kHostPortDown.id,  kIpoibNoCarrier.id,  kBondDegraded.id,
                          kBondOneSwitch.id, kBondStandbyDead.id, kIpoibFlapping.id};

bool IsLoss(const Finding& own) {
  return own.rule == kSwitchLost.id || own.rule == kLinkLost.id || own.rule == kNodeLost.id;
}

class Folding {
 public:
  Folding(const std::vector<Finding>& own, const Image* before) : around_(before) {
    for (const Finding& finding : own) {
      const bool same = std::ranges::any_of(kSame, [&](const Same& s) { return s.own == finding.rule; });
      if (!finding.because && (same || IsLoss(finding))) own_.push_back(&finding);
    }
  }

  std::optional<std::string> CauseOf(const Finding& told) const {
    if (told.subject.guid == Guid{}) return std::nullopt;
    for (const Finding* own : own_) {
      if (IsSame(told, *own) || (IsLoss(*own) && Follows(told, *own))) return Key(*own);
    }
    return std::nullopt;
  }

 private:
  bool IsSame(const Finding& told, const Finding& own) const {
    const bool rules =
        std::ranges::any_of(kSame, [&](const Same& s) { return s.told == told.rule && s.own == own.rule; });
    return rules && own.subject.guid == told.subject.guid;
  }

  bool Follows(const Finding& told, const Finding& own) const {
    if (std::ranges::count(kFollows, told.rule) == 0) return false;
    const std::set<Guid> lost = around_.NodesOf(own.subject);
    if (lost.contains(told.subject.guid)) return true;
    if (own.rule != kSwitchLost.id) return false;
    const std::set<Guid> near = around_.Neighbours(told.subject.guid);
    return std::ranges::any_of(near, [&](Guid guid) { return lost.contains(guid); });
  }

  const Surroundings around_;
  std::vector<const Finding*> own_;
};

}  // namespace

Finding Retell(Finding finding, const HostSnapshot& there, const std::string& name) {
  finding.summary = fmt::format("{}: {}", name, finding.summary);
  finding.window.clear();
  if (!OnlyThere(finding.subject.kind)) return finding;
  const Guid guid = AdapterOf(there, finding.subject);
  const std::string what = finding.subject.kind == SubjectKind::kThisHost ? "" : ToString(finding.subject);
  finding.subject = Subject::Host(guid);
  finding.subject.name = what;
  if (guid == Guid{}) finding.subject.name = name + (what.empty() ? "" : "/" + what);
  return finding;
}

void FoldTold(std::vector<Finding>& told, std::vector<Finding>& own, const Image* before) {
  const Folding folding(own, before);
  for (Finding& finding : told) {
    if (!finding.because) finding.because = folding.CauseOf(finding);
  }
  for (Finding& silent : own) {
    if (silent.rule != kHostSilent.id || silent.because || silent.subject.guid == Guid{}) continue;
    const auto gone = std::ranges::find_if(own, [&](const Finding& f) {
      return f.rule == kNodeLost.id && f.subject.guid == silent.subject.guid;
    });
    if (gone != own.end()) silent.because = gone->because.value_or(Key(*gone));
  }
}

}  // namespace aftershock::rules
