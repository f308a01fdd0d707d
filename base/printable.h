// Text from outside, made safe to show: labels, terminals, JSON and HTML all take what comes out of here.
#pragma once

#include <string>
#include <string_view>

namespace aftershock {

// Valid UTF-8 without control characters. Every byte that is not part of a valid, printable sequence comes
// out as the four characters "\xNN". Bidirectional controls (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066
// to U+2069), line separators (U+2028, U+2029), the byte order mark (U+FEFF) and the C1 controls count as
// control characters: they reorder, break or hide what a person reads.
std::string Printable(std::string_view bytes);

}  // namespace aftershock
