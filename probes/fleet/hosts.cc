#include "probes/fleet/hosts.h"

#include <fmt/format.h>

namespace aftershock::fleet {
namespace {

// A neighbour table of all of a large subnet, and room beside it.
constexpr std::size_t kMostBytes = std::size_t{32} << 20;
constexpr const char* kPath = "/snapshot.json";

}  // namespace

Result<HostTold> AskHost(const Url& url, const HttpAccess& access) {
  const auto text = HttpGet(url, kPath, access, kMostBytes);
  if (!text) return tl::unexpected(text.error());
  auto told = HostToldFromJson(*text);
  if (!told) return Fail(told.error().code, fmt::format("{}{}: {}", url.Text(), kPath, told.error().what));
  return told;
}

}  // namespace aftershock::fleet
