#include "probes/fleet/monitor.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "model/json/snapshot.h"
#include "probes/fleet/http.h"

namespace aftershock::fleet {
namespace {

constexpr std::chrono::seconds kAnswerWithin{60};
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // as large as a saved snapshot may be

}  // namespace

Result<std::vector<MonitoredPlane>> AskMonitor(const std::string& url) {
  const auto address = ParseUrl(url);
  if (!address) return tl::unexpected(address.error());
  HttpAccess access;
  access.timeout = kAnswerWithin;
  const auto text = HttpGet(*address, "/loads.json", access, kMaxBytes);
  if (!text) return tl::unexpected(text.error());
  auto loads = LoadsFromJson(*text);
  if (!loads) return Fail(loads.error().code, fmt::format("{}/loads.json: {}", url, loads.error().what));
  if (loads->empty()) return Fail(Errc::kAbsent, url + ": this monitor watches no fabric");
  std::vector<MonitoredPlane> planes;
  for (PlaneLoads& plane : *loads) {
    const std::string path = "/fabric.json?plane=" + UrlEncoded(plane.name);
    const auto body = HttpGet(*address, path, access, kMaxBytes);
    if (!body) return tl::unexpected(body.error());
    auto snapshot = SnapshotFromJson(*body);
    if (!snapshot)
      return Fail(snapshot.error().code, fmt::format("{}{}: {}", url, path, snapshot.error().what));
    planes.push_back({std::move(*snapshot), std::move(plane)});
  }
  return planes;
}

}  // namespace aftershock::fleet
