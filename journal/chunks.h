// A text cut into pieces of some lines each, so that what two texts have in common is stored once.
//
// Where it is cut is decided by each line alone: a line that is changed, added or removed changes the piece
// it is in, and at most one beside it. Internal to journal/.
#pragma once

#include <string_view>
#include <vector>

namespace aftershock::journal {

// The pieces, in order; together they are the text.
std::vector<std::string_view> Chunks(std::string_view text);

}  // namespace aftershock::journal
