// The state of the rules about change as text, for the journal.
//
// Threading: pure. Errors: kMalformed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "rules/change/judge_change.h"

namespace aftershock::app {

std::string ToText(const rules::ChangeState& state);
Result<rules::ChangeState> ChangeStateFromText(std::string_view text);

}  // namespace aftershock::app
