// The counters of an InfiniBand port as sysfs shows them: <port>/counters and, of kernels before 4.5,
// <port>/counters_ext with the 64-bit registers.
//
// Data counters leave here in octets; the registers count 4-octet words. Error counters are always those of
// PortCounters and therefore narrow; data and packet counters are 64 bits wide where the device has
// PortCountersExtended, which a unicast counter beside them proves.
//
// Threading: one thread. Errors: through the reader's faults.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/host.h"
#include "probes/host/sysfs_file.h"
#include "probes/host/sysfs_reader.h"

namespace aftershock::host {

// A register in the counter's own unit (octets for the data counters); nullopt: it cannot be a register.
std::optional<std::uint64_t> ParseRegister(Counter counter, std::string_view text);

// Sets counters and counters_answer.
void ReadCounters(const Folder& port_folder, SysfsReader& reader, HostPort& port);

}  // namespace aftershock::host
