#include "model/window.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace aftershock {
namespace {

// By their codes.
constexpr std::array<std::string_view, 7> kStates{"planned", "open",   "verifying", "soaking",
                                                  "passed",  "failed", "cancelled"};
constexpr std::array<std::string_view, 5> kRequestKinds{"open", "close", "cancel", "extend", "accept"};

}  // namespace

std::string_view ToString(WindowState state) {
  const auto code = static_cast<std::size_t>(state);
  return code < kStates.size() ? kStates[code] : kStates.back();
}

std::optional<WindowState> ParseWindowState(std::string_view text) {
  for (std::size_t code = 0; code < kStates.size(); ++code) {
    if (kStates[code] == text) return static_cast<WindowState>(code);
  }
  return std::nullopt;
}

std::string_view ToString(RequestKind kind) {
  const auto code = static_cast<std::size_t>(kind);
  return code < kRequestKinds.size() ? kRequestKinds[code] : kRequestKinds.back();
}

std::string WindowName(std::int64_t id) {
  return fmt::format("w{}", id);
}

std::optional<std::int64_t> ParseWindowName(std::string_view text) {
  if (text.starts_with('w')) text.remove_prefix(1);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

}  // namespace aftershock
