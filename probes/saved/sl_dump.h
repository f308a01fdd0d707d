// The service levels of paths, from the file opensm-path-records.dump that OpenSM's plugin for dumping path
// records writes (with DUMP_FULL_PATH_RECORDS=1 in its environment): for each port a heading
//   Channel Adapter 0x0002c903000c8fe5, base LID 12, "host1 mlx5_0", port 1
// and behind it a line for each LID that there is:
//   0x000D : 3  : 4   : 16        LID, SL, MTU, rate
//   0x000E : UNREACHABLE
//
// Threading: pure but for reading the file.
// Errors:    kAbsent       there is no such file
//            kDenied       it may not be read
//            kInvalid      it is a folder or another thing that is no file
//            kMalformed    it is not such a file, or larger than any fabric; the message says the line
//            kInternal     the disk failed
#pragma once

#include <filesystem>
#include <istream>

#include "base/result.h"
#include "model/routing.h"

namespace aftershock::saved {

// Octets that the levels of all paths may take in memory; 5,000 ports take 25 million.
inline constexpr std::size_t kMaxPathSls = std::size_t{256} << 20;

Result<PathSls> ParseSlDump(std::istream& in, std::string_view name);
Result<PathSls> LoadSlDump(const std::filesystem::path& file);

}  // namespace aftershock::saved
