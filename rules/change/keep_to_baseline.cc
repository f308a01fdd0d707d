#include "rules/change/keep_to_baseline.h"

#include <algorithm>
#include <unordered_set>

#include "model/report.h"
#include "rules/fabric/table.h"

namespace aftershock::rules {
namespace {

bool TellsALoss(const Finding& finding) {
  return finding.rule == kSwitchLost.id || finding.rule == kNodeLost.id || finding.rule == kLinkLost.id;
}

bool InBaseline(const Subject& subject, const Image& baseline) {
  return std::ranges::any_of(baseline.planes, [&](const auto& plane) {
    const FabricImage& fabric = plane.second;
    if (subject.kind == SubjectKind::kLink) return fabric.FarEnd({subject.guid, subject.port}).has_value();
    return fabric.FindNode(subject.guid) != nullptr;
  });
}

}  // namespace

void KeepToBaseline(std::vector<Finding>& findings, const Image& baseline,
                    std::optional<WallTime> unfinished) {
  std::unordered_set<std::string> removed;
  std::erase_if(findings, [&](const Finding& finding) {
    if (!TellsALoss(finding) || InBaseline(finding.subject, baseline)) return false;
    if (unfinished && finding.since > baseline.taken && finding.since >= unfinished) return false;
    removed.insert(Key(finding));
    return true;
  });
  if (removed.empty()) return;
  for (Finding& finding : findings) {
    if (finding.because && removed.contains(*finding.because)) finding.because.reset();
  }
}

}  // namespace aftershock::rules
