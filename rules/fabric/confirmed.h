// Rules that want to see a thing twice, some seconds apart, before it weighs.
#pragma once

#include "rules/view.h"

namespace aftershock::rules {

// nullptr: it does not stand at this port.
inline const Spell* FindSpell(const Spells& spells, const Node& node, const Port& port) {
  if (spells.empty() || node.duplicate) return nullptr;
  const auto it = spells.find(KeyOf(node, port));
  return it == spells.end() ? nullptr : &it->second;
}

// A note until two reads `confirm_seconds` apart agree.
inline void LowerUnlessConfirmed(const View& view, const RuleSpec& rule, const Spell& spell,
                                 Finding& finding) {
  const bool twice = spell.last_sweep != spell.first_sweep;
  if (twice && ToSeconds(spell.last - spell.first) >= view.Threshold(rule, "confirm_seconds")) return;
  finding.severity = Severity::kNote;
}

}  // namespace aftershock::rules
