#include "rules/host/suspect.h"

#include <utility>

namespace aftershock::rules {
namespace {

bool Stands(const Suspect& suspect, const HostSpell& spell) {
  if (spell.standing || suspect.settle <= Duration{0}) return true;
  const bool quiet = !suspect.disturbed || suspect.seen - *suspect.disturbed >= suspect.settle;
  return quiet || suspect.seen - spell.first >= suspect.settle;
}

}  // namespace

std::vector<Finding> Settled(HostState& state, std::vector<Suspect> suspects) {
  std::vector<Finding> findings;
  std::unordered_map<std::string, HostSpell> spells;
  for (Suspect& suspect : suspects) {
    std::string key = Key(suspect.finding);
    const auto known = state.spells.find(key);
    HostSpell spell = known == state.spells.end() ? HostSpell{suspect.seen} : known->second;
    const auto [it, first] = spells.try_emplace(std::move(key), spell);
    if (!first || !Stands(suspect, spell)) continue;
    it->second.standing = true;
    findings.push_back(std::move(suspect.finding));
  }
  state.spells = std::move(spells);
  return findings;
}

}  // namespace aftershock::rules
