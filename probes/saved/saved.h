// Snapshots from files: written by `aftershock sweep --format json`, or by ibnetdiscover.
//
// Threading: pure but for reading the file.
// Errors:    kAbsent       there is no such file
//            kDenied       it may not be read
//            kInvalid      it is a folder or another thing that is no file
//            kMalformed    truncated, not ours, or larger than any fabric
//            kUnsupported  written by a newer aftershock
//            kInternal     the disk failed
// Each says the file's name, and where in it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "model/fabric.h"

namespace aftershock::saved {

// A port takes about 1 KB of JSON: this is thirty times the largest fabric there can be.
inline constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 30;

// SweepReport::started_steady is the epoch.
Result<FabricSnapshot> LoadSnapshot(const std::filesystem::path& file);

// The same, or a topology file (ibnetdiscover.h): for questions that need no more than a topology.
Result<FabricSnapshot> LoadTopology(const std::filesystem::path& file);

}  // namespace aftershock::saved
