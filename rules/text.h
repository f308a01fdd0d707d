// The rules as text: for `aftershock rules list`, `rules show ID` and `rules docs`.
#pragma once

#include <string>

#include "model/settings.h"

namespace aftershock::rules {

// One line for each rule: id, severity, title.
std::string RuleListText();
// Everything that the table says of one rule.
std::string RuleText(const RuleSpec& rule);
// docs/rules.md.
std::string RulesMarkdown();

}  // namespace aftershock::rules
