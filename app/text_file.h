// Small text files that somebody wrote by hand: the configuration, the node-name map, the M_Key.
//
// Errors: kAbsent no such file; kDenied it may not be read; kInvalid a directory, too large, or not text;
// kInternal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aftershock::app {

inline constexpr std::size_t kMaxFileSize = 4 << 20;

// Whatever bytes are in it, at most kMaxFileSize of them.
Result<std::string> ReadFile(const std::string& path);
// The whole file: at most kMaxFileSize octets of UTF-8 without control characters other than tabs and line
// ends.
Result<std::string> ReadTextFile(const std::string& path);
// Refuses what is not text; the error names the first bad line. `name` names the text.
Result<void> CheckText(std::string_view text, std::string_view name);
// Without their ends, "\n" or "\r\n".
std::vector<std::string_view> Lines(std::string_view text);

}  // namespace aftershock::app
