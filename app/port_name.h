// An HCA port by name, as `ibstat` and --port write it: "mlx5_0:1".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aftershock::app {

struct PortName {
  std::string device;
  std::uint8_t port = 0;
  friend auto operator<=>(const PortName&, const PortName&) = default;
};
std::string ToString(const PortName& name);
// kInvalid: says what a port's name looks like.
Result<PortName> ParsePortName(std::string_view text);

}  // namespace aftershock::app
