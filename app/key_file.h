// A file with a key of the fabric, its M_Key or SA_Key: one line, 64 bits in hexadecimal; comments behind
// "#".
//
// Errors: of ReadTextFile; kInvalid with the file's name. The key itself is in no message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aftershock::app {

Result<std::uint64_t> ParseKey(std::string_view text, std::string_view file);
Result<std::uint64_t> ReadKeyFile(const std::string& path);
// Somebody else than its owner and group may read it: who knows the key may change the fabric.
bool OpenToEveryone(const std::string& path);

}  // namespace aftershock::app
