#include "app/ports.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.h"

namespace aftershock::app {
namespace {

PortName NameOf(const mad::HcaPort& port) {
  return {port.device, static_cast<std::uint8_t>(port.port)};
}

std::string Describe(const mad::HcaPort& port) {
  if (!port.IsInfiniBand()) return fmt::format("{} ({})", ToString(NameOf(port)), Printable(port.link_layer));
  return fmt::format("{} ({}, {})", ToString(NameOf(port)), ToString(port.state), ToString(port.phys_state));
}

std::string DescribeAll(std::span<const mad::HcaPort> found) {
  std::vector<std::string> names;
  for (const mad::HcaPort& port : found) names.push_back(Describe(port));
  return fmt::format("{}", fmt::join(names, ", "));
}

Error NotActive(std::string_view which) {
  return {Errc::kAbsent,
          fmt::format("{}: see with ibstat whether its cable is in and a subnet manager runs", which)};
}

// Why this port cannot be used now; nothing: it can.
std::optional<Error> WhyNot(const PortName& name, std::span<const mad::HcaPort> found) {
  const mad::HcaPort* port = FindPort(found, name);
  if (port == nullptr) return NoSuchPort(name, found);
  if (!port->IsInfiniBand()) {
    return Error{Errc::kUnsupported,
                 fmt::format("{} is {}, not InfiniBand", ToString(name), Printable(port->link_layer))};
  }
  if (port->state != PortState::kActive) return NotActive(fmt::format("{} is not Active", Describe(*port)));
  return std::nullopt;
}

}  // namespace

const mad::HcaPort* FindPort(std::span<const mad::HcaPort> found, const PortName& name) {
  const auto it = std::ranges::find_if(
      found, [&](const mad::HcaPort& port) { return port.device == name.device && port.port == name.port; });
  return it == found.end() ? nullptr : &*it;
}

Error NoSuchPort(const PortName& name, std::span<const mad::HcaPort> found) {
  return {Errc::kAbsent, fmt::format("there is no port {} on this machine; there are: {}", ToString(name),
                                     found.empty() ? "none" : DescribeAll(found))};
}

bool HasInfiniBand(std::span<const mad::HcaPort> found) {
  return std::ranges::any_of(found, &mad::HcaPort::IsInfiniBand);
}

Result<std::vector<PortName>> ChoosePorts(std::span<const PortName> asked,
                                          std::span<const mad::HcaPort> found) {
  if (asked.empty()) {
    for (const mad::HcaPort& port : found) {
      if (!WhyNot(NameOf(port), found)) return std::vector{NameOf(port)};
    }
    if (!HasInfiniBand(found)) return Fail(Errc::kAbsent, "this machine has no InfiniBand port: see ibstat");
    return tl::unexpected(NotActive(fmt::format("no InfiniBand port is Active, of {}", DescribeAll(found))));
  }
  std::optional<Error> first;
  std::size_t usable = 0;
  for (const PortName& name : asked) {
    const auto why = WhyNot(name, found);
    if (!why) ++usable;
    if (why && why->code == Errc::kUnsupported) return tl::unexpected(*why);
    if (why && !first) first = why;
  }
  if (usable == 0) return tl::unexpected(*first);
  return std::vector(asked.begin(), asked.end());
}

}  // namespace aftershock::app
