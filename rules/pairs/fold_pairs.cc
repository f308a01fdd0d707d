// FoldPairs: one cause, one finding, between what the fabric's rules say of a switch and what its pair's say.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "rules/fabric/table.h"
#include "rules/pairs/judge_pairs.h"
#include "rules/pairs/table.h"

namespace aftershock::rules {
namespace {

constexpr int kMostSteps = 8;  // of a chain of causes; a ring would be an error

Verdict Weight(const Finding& f) {
  if (f.severity == Severity::kCritical) return Verdict::kCritical;
  if (f.unknown) return Verdict::kUnknown;
  return f.severity == Severity::kWarning ? Verdict::kWarning : Verdict::kOk;
}

class PairFolder {
 public:
  PairFolder(const PairsReport& report, std::vector<Finding>& findings)
      : report_(report), findings_(findings) {
    for (std::size_t i = 0; i < findings.size(); ++i) by_key_.emplace(Key(findings[i]), i);
  }

  void Run() {
    for (const PairReport& seen : report_.pairs) {
      const Subject pair = Subject::Pair(seen.name);
      for (const MemberReport& member : seen.members) FoldMember(pair, member);
      Under(kPairCorrelated, pair, kPairLost, pair);
      Under(kPairCorrelated, pair, kPairBothIntermittent, pair);
      Under(kPairMemberRestarted, pair, kPairCorrelated, pair);
      Under(kPairUnseen, pair, kSweepIncomplete, Subject::Fabric());
    }
    for (Finding& finding : findings_) Root(finding);
  }

 private:
  void FoldMember(const Subject& pair, const MemberReport& member) {
    const Subject sw{SubjectKind::kSwitch, member.guid, 0, {}, {}};
    switch (member.state) {
      case MemberState::kDead:
        for (const RuleSpec* dead : {&kSwitchLost, &kNodeUnresponsive}) {
          Under(*dead, sw, kPairLost, pair);
          Under(kPairDegraded, pair, *dead, sw);
        }
        break;
      case MemberState::kIntermittent:
        Under(kNodeUnresponsive, sw, kPairBothIntermittent, pair);
        Under(kNodeUnresponsive, sw, kPairIntermittent, pair);
        Under(kPairIntermittent, pair, kNodeUnresponsive, sw);
        break;
      case MemberState::kUnknown:
        Under(kPairUnseen, pair, kNodeUnresponsive, sw);
        break;
      case MemberState::kLive:
        break;
    }
  }

  // Where both stand, the cause weighs enough and is not itself a consequence of the other.
  void Under(const RuleSpec& consequence, const Subject& of, const RuleSpec& cause, const Subject& by) {
    Finding* what = Find(consequence, of);
    const Finding* why = Find(cause, by);
    if (what == nullptr || why == nullptr || Weight(*why) < Weight(*what)) return;
    if (what->because || why->because == Key(*what)) return;
    what->because = Key(*why);
  }

  Finding* Find(const RuleSpec& rule, const Subject& subject) {
    const auto it = by_key_.find(std::string(rule.id) + " " + ToString(subject));
    return it == by_key_.end() ? nullptr : &findings_[it->second];
  }

  // What a cause is folded under, its consequences are, too.
  void Root(Finding& finding) const {
    for (int steps = 0; finding.because && steps < kMostSteps; ++steps) {
      const auto cause = by_key_.find(*finding.because);
      if (cause == by_key_.end() || !findings_[cause->second].because) return;
      if (*findings_[cause->second].because == Key(finding)) return;
      finding.because = findings_[cause->second].because;
    }
  }

  const PairsReport& report_;
  std::vector<Finding>& findings_;
  std::unordered_map<std::string, std::size_t> by_key_;
};

// A folded finding of a pair is still the pair's: only what is accepted, itself or its cause, has no weight.
// A member that was not asked so far is unknown without a finding.
Verdict VerdictOf(const PairReport& pair, bool asking, const std::vector<Finding>& findings) {
  Verdict worst = Verdict::kOk;
  bool pending = asking && pair.Count(MemberState::kUnknown) != 0;
  for (const Finding& f : findings) {
    if (f.subject != Subject::Pair(pair.name)) continue;
    if (f.unknown) pending = false;
    if (f.Excused()) continue;
    const auto cause = std::ranges::find_if(findings, [&](const Finding& c) { return f.because == Key(c); });
    if (f.because && cause != findings.end() && cause->Excused()) continue;
    worst = std::max(worst, Weight(f));
  }
  return pending ? std::max(worst, Verdict::kUnknown) : worst;
}

}  // namespace

void FoldPairs(PairsReport& report, std::vector<Finding>& findings) {
  PairFolder(report, findings).Run();
  WeighPairs(report, findings);
}

void WeighPairs(PairsReport& report, const std::vector<Finding>& findings) {
  for (PairReport& pair : report.pairs) pair.verdict = VerdictOf(pair, report.asking, findings);
}

}  // namespace aftershock::rules
