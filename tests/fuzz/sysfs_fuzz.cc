// Any octets as the text of every kind of sysfs file, and as a record of the kernel's log: what comes out is
// always a value that the rest of the house can hold.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../base/utf8.h"
#include "base/printable.h"
#include "probes/host/kernel_log.h"
#include "probes/host/sysfs_counters.h"
#include "probes/host/sysfs_values.h"

namespace aftershock::host {
namespace {

void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

bool Only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

void CheckNumbers(std::string_view text) {
  constexpr std::string_view kDecimal = "0123456789";
  constexpr std::string_view kHex = "0123456789abcdefABCDEFx";
  if (ParseDecimal(text)) Require(Only(text, kDecimal), "a decimal number has digits only");
  if (ParseHex(text)) Require(Only(text, kHex), "a hexadecimal number has digits only");
  if (ParseLid(text) || ParseMask(text) || ParseHex16(text))
    Require(ParseHex(text).has_value(), "it is a number");
  if (const auto sl = ParseServiceLevel(text)) Require(*sl < 16, "a service level has four bits");
  if (const auto port = ParsePortNumber(text)) {
    Require(*port > 0 && *port < 255 && std::to_string(*port) == text, "a port is named by its number");
  }
}

void CheckNames(std::string_view text) {
  if (const auto layer = ParseLinkLayer(text))
    Require(*layer == text, "a link layer is one of the known words");
  if (const auto guid = ParseSysfsGuid(text)) Require(text.size() == 19, "a GUID has four groups of four");
  if (const auto gid = ParseGid(text))
    Require(ParseGid(ToString(*gid)) == gid, "a GID is read as it is written");
  if (IsPciAddress(text)) Require(text.size() >= 12 && Printable(text) == text, "a PCI address is harmless");
}

void CheckStates(std::string_view text) {
  if (const auto state = ParsePortState(text)) {
    Require(text.front() - '0' == static_cast<int>(*state), "a state is its number");
  }
  if (const auto state = ParsePhysState(text)) {
    Require(text.front() - '0' == static_cast<int>(*state), "a physical state is its number");
  }
  if (const auto rate = ParseRateMbps(text))
    Require(*rate <= 100'000'900 && *rate % 100 == 0, "a rate is tenths of Gb/s");
}

void CheckRegisters(std::string_view text) {
  for (const CounterSpec& spec : Counters()) {
    const auto value = ParseRegister(spec.id, text);
    if (!value) continue;
    const auto scale = static_cast<std::uint64_t>(spec.scale);
    Require(*value % scale == 0 && *value / scale == ParseDecimal(text), "a register does not overflow");
  }
}

void CheckLog(std::string_view record) {
  const auto line = ParseStuckLine(record);
  if (!line) return;
  const std::string& name = line->interface;
  Require(!name.empty() && name.size() < 16, "an interface's name is as long as the kernel lets it be");
  Require(std::ranges::none_of(name, [](char c) { return c == '/' || c == ' ' || c == ':'; }),
          "it is one word");
  Require(line->at.count() >= 0 && IsUtf8(Printable(line->text)), "the line can be shown");
  Require(line->text.find('\n') == std::string_view::npos, "a line is one line");
}

}  // namespace
}  // namespace aftershock::host

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  aftershock::host::CheckNumbers(text);
  aftershock::host::CheckNames(text);
  aftershock::host::CheckStates(text);
  aftershock::host::CheckRegisters(text);
  aftershock::host::CheckLog(text);
  // A log's record hardly ever comes out of octets alone.
  aftershock::host::CheckLog("4,1,2,-;" + std::string(text));
  return 0;
}
