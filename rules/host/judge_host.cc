#include "rules/host/judge_host.h"

#include <utility>

#include "rules/host/rules.h"

namespace aftershock::rules {

std::span<const HostRule> HostRules() {
  return {};
}

HostJudgement JudgeHost(HostState state, const HostSnapshot&, const Context&) {
  HostJudgement judgement;
  judgement.state = std::move(state);
  return judgement;
}

}  // namespace aftershock::rules
