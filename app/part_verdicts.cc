#include "app/part_verdicts.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "rules/fleet/silent.h"
#include "rules/pairs/judge_pairs.h"

namespace aftershock::app {
namespace {

using Keys = std::unordered_set<std::string>;

Verdict WeightAlone(Finding finding) {
  finding.because.reset();
  return Judge({&finding, 1});
}

bool IsOfAHost(SubjectKind kind) {
  return kind == SubjectKind::kThisHost || kind == SubjectKind::kHca || kind == SubjectKind::kInterface ||
         kind == SubjectKind::kBond;
}

class Parts {
 public:
  Parts(Report& report, const Image* baseline) : report_(report), baseline_(baseline) {
    for (const Finding& finding : report.findings) by_key_.emplace(Key(finding), &finding);
    for (const PlaneReport& plane : report.planes) {
      Keys& own = planes_.emplace_back();
      if (plane.own) own.insert(plane.own->begin(), plane.own->end());
      owned_.insert(own.begin(), own.end());
    }
    if (!report.host) return;
    for (const Finding& finding : report.host->findings) host_.insert(Key(finding));
    owned_.insert(host_.begin(), host_.end());
  }

  void Run() {
    AssignTheRest();
    for (std::size_t i = 0; i < planes_.size(); ++i) {
      PlaneReport& plane = report_.planes[i];
      const bool seen = plane.snapshot != nullptr && plane.snapshot->sweep.complete;
      plane.verdict = std::max(VerdictOf(planes_[i]), seen ? Verdict::kOk : Verdict::kUnknown);
    }
    if (report_.host && report_.host->snapshot != nullptr) report_.host->verdict = VerdictOf(host_);
    if (report_.pairs) rules::WeighPairs(*report_.pairs, report_.findings);
  }

 private:
  void AssignTheRest() {
    for (const Finding& finding : report_.findings) {
      const std::string key = Key(finding);
      if (owned_.contains(key) || finding.subject.kind == SubjectKind::kPair) continue;
      if (planes_.empty() && finding.rule == rules::kHostSilent.id) continue;  // another host's silence
      if (report_.host && IsTheHosts(finding.subject)) {
        host_.insert(key);
      } else if (!AssignToPlanes(finding.subject.guid, key)) {
        for (Keys& plane : planes_) plane.insert(key);
      }
    }
  }

  bool IsTheHosts(const Subject& subject) const {
    if (IsOfAHost(subject.kind)) return true;
    const HostSnapshot* host = report_.host->snapshot.get();
    return planes_.empty() ||
           (subject.kind == SubjectKind::kHost && host != nullptr &&
            std::ranges::find(host->hcas, subject.guid, &Hca::node_guid) != host->hcas.end());
  }

  bool AssignToPlanes(Guid node, const std::string& key) {
    if (node == Guid{}) return false;
    bool found = false;
    for (std::size_t i = 0; i < planes_.size(); ++i) {
      if (!Has(report_.planes[i], node)) continue;
      planes_[i].insert(key);
      found = true;
    }
    return found;
  }

  bool Has(const PlaneReport& plane, Guid node) const {
    if (plane.snapshot != nullptr && plane.snapshot->FindNode(node) != nullptr) return true;
    if (baseline_ == nullptr) return false;
    const auto before = baseline_->planes.find(plane.plane);
    return before != baseline_->planes.end() && before->second.FindNode(node) != nullptr;
  }

  // What is folded under another part's finding still weighs here, unless that one is excused.
  Verdict VerdictOf(const Keys& part) const {
    Verdict worst = Verdict::kOk;
    for (const std::string& key : part) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) continue;
      const Finding& finding = *found->second;
      if (finding.because && part.contains(*finding.because)) continue;
      const auto cause = finding.because ? by_key_.find(*finding.because) : by_key_.end();
      if (cause != by_key_.end() && cause->second->Excused()) continue;
      worst = std::max(worst, WeightAlone(finding));
    }
    return worst;
  }

  Report& report_;
  const Image* baseline_;
  std::unordered_map<std::string, const Finding*> by_key_;
  std::vector<Keys> planes_;  // in the order of the report's
  Keys host_, owned_;
};

}  // namespace

void JudgeParts(Report& report, const Image* baseline) {
  Parts(report, baseline).Run();
}

}  // namespace aftershock::app
