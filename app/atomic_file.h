// A file that is there in full or not at all: written beside its place and then renamed.
//
// What is no regular file (a pipe, /dev/stdout) is written to directly. A symbolic link stays one; its target
// is written. Errors: kDenied, kInternal, kAbsent (no such folder); each names the file.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"

namespace aftershock::app {

Result<void> WriteFile(const std::string& path, const std::function<void(std::ostream&)>& write);

}  // namespace aftershock::app
