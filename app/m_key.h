// The M_Key file: one line with the fabric's management key, 64 bits in hexadecimal; comments behind "#".
//
// Errors: of ReadTextFile; kInvalid with the file's name. The key itself is in no message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aftershock::app {

Result<std::uint64_t> ParseMKey(std::string_view text, std::string_view file);
Result<std::uint64_t> ReadMKey(const std::string& path);
// Somebody else than its owner and group may read it: who knows the key may change the fabric.
bool OpenToEveryone(const std::string& path);

}  // namespace aftershock::app
