// The texts of sysfs files as values. A text is believed only as a whole: anything before, behind or beside
// what the kernel documents makes it no value at all.
//
// Sources: Documentation/ABI/stable/sysfs-class-infiniband, testing/sysfs-bus-pci, and
// drivers/infiniband/core/sysfs.c, which writes the former.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/attributes.h"
#include "model/ids.h"
#include "model/ipoib.h"

namespace aftershock::host {

// Decimal digits, nothing else.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);
// "0x" and hexadecimal digits.
std::optional<std::uint64_t> ParseHex(std::string_view text);

std::optional<std::uint8_t> ParsePortNumber(std::string_view name);    // "1" to "254", no leading zero
std::optional<PortState> ParsePortState(std::string_view text);        // "4: ACTIVE"
std::optional<PhysState> ParsePhysState(std::string_view text);        // "5: LinkUp"
std::optional<std::string> ParseLinkLayer(std::string_view text);      // "InfiniBand"
std::optional<Guid> ParseSysfsGuid(std::string_view text);             // "0002:c903:00f0:0001"
std::optional<Lid> ParseLid(std::string_view text);                    // "0x1a"
std::optional<std::uint8_t> ParseServiceLevel(std::string_view text);  // "0" to "15"
std::optional<std::uint32_t> ParseMask(std::string_view text);         // "0x2651e848"
std::optional<std::uint16_t> ParseHex16(std::string_view text);        // "0x8001", of P_Keys and PCI
// "100 Gb/sec (4X EDR)", "2.5 Gb/sec (1X SDR)", "0 GB/sec", in Mb/s.
std::optional<std::uint32_t> ParseRateMbps(std::string_view text);
// "0000:3b:00.0"
bool IsPciAddress(std::string_view text);
// "0x020700": InfiniBand controllers are class 0x0207.
std::optional<bool> IsInfiniBandClass(std::string_view text);

// What the kernel says of a counter that no performance management agent answers for.
inline constexpr std::string_view kNoPma = "N/A (no PMA)";

}  // namespace aftershock::host
