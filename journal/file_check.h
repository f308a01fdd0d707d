// Looks at a file before SQLite does, which would take some for empty ones and change them. Internal to
// journal/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace aftershock::journal {

// In the database's header: "ASJ1".
inline constexpr std::int32_t kApplicationId = 0x41534a31;

// The type of the file system that a path is on, statfs(2).
using FileSystemType = std::function<Result<std::uint64_t>(const std::string& path)>;
Result<std::uint64_t> StatFileSystem(const std::string& path);

// kInvalid: a network file system, where SQLite's locks and shared memory do not hold. FUSE counts as one:
// nothing tells what is behind it.
Result<void> CheckFileSystem(const std::string& path, const FileSystemType& type);

enum class FileState { kAbsent, kJournal };
// Opens it for reading only. kAbsent: there is none. kMalformed: it is no journal, or was cut; kUnsupported:
// a newer schema than `schema`; kDenied.
Result<FileState> LookAtFile(const std::string& path, int schema);

}  // namespace aftershock::journal
