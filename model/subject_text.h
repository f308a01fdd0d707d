// Subjects from the text that ToString() writes of them, as other monitors' reports have it.
//
// Pure, thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "model/finding.h"

namespace aftershock {

// Of any subject but "host:0x…/interface:ib0", which only a managing monitor has; none: it is no such text.
std::optional<Subject> ParseSubject(std::string_view text);

}  // namespace aftershock
