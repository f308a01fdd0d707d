#include "probes/fleet/monitor.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "base/printable.h"
#include "model/json/snapshot.h"

namespace aftershock::fleet {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";
constexpr std::chrono::seconds kConnectWithin{10}, kReadWithin{60};
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // as large as a saved snapshot may be

struct Address {
  std::string origin;  // "http://HOST:PORT"
  std::string path;    // without a slash at its end
};

Result<Address> ParseUrl(const std::string& url) {
  if (url.starts_with(kHttps))
    return Fail(Errc::kUnsupported, fmt::format("{}: https is not spoken here", Printable(url)));
  const std::size_t slash = url.find('/', kHttp.size());
  Address address{url.substr(0, slash), slash == std::string::npos ? "" : url.substr(slash)};
  while (address.path.ends_with('/')) address.path.pop_back();
  if (address.origin.size() <= kHttp.size() || Printable(url) != url ||
      url.find_first_of(" ?#@") != std::string::npos)
    return Fail(Errc::kInvalid, fmt::format("{}: not a URL like http://monitor:9917", Printable(url)));
  return address;
}

Result<std::string> Get(httplib::Client& client, const Address& address, const std::string& path) {
  std::string body;
  bool too_large = false;
  const auto answer = client.Get((address.path + path).c_str(), [&](const char* data, std::size_t size) {
    too_large = body.size() + size > kMaxBytes;
    if (!too_large) body.append(data, size);
    return !too_large;
  });
  const auto about = [&](Errc code, std::string_view what) {
    return Fail(code, fmt::format("{}{}{}: {}", address.origin, address.path, path, what));
  };
  if (too_large) return about(Errc::kMalformed, "larger than any fabric (1 GiB)");
  if (!answer)
    return about(Errc::kTimeout, fmt::format("no answer ({})", httplib::to_string(answer.error())));
  if (answer->status == 200) return body;
  const std::string first = Printable(body.substr(0, std::min(body.find('\n'), std::size_t{200})));
  return about(answer->status == 404 ? Errc::kAbsent : Errc::kMalformed,
               fmt::format("status {}: {}", answer->status, first));
}

}  // namespace

bool IsUrl(std::string_view text) {
  return text.starts_with(kHttp) || text.starts_with(kHttps);
}

Result<std::vector<MonitoredPlane>> AskMonitor(const std::string& url) {
  const auto address = ParseUrl(url);
  if (!address) return tl::unexpected(address.error());
  httplib::Client client(address->origin);
  if (!client.is_valid()) return Fail(Errc::kInvalid, url + ": not a URL like http://monitor:9917");
  client.set_connection_timeout(kConnectWithin);
  client.set_read_timeout(kReadWithin);
  const auto text = Get(client, *address, "/loads.json");
  if (!text) return tl::unexpected(text.error());
  auto loads = LoadsFromJson(*text);
  if (!loads) return Fail(loads.error().code, fmt::format("{}/loads.json: {}", url, loads.error().what));
  if (loads->empty()) return Fail(Errc::kAbsent, url + ": this monitor watches no fabric");
  std::vector<MonitoredPlane> planes;
  for (PlaneLoads& plane : *loads) {
    const std::string path = "/fabric.json?plane=" + httplib::detail::encode_query_param(plane.name);
    const auto body = Get(client, *address, path);
    if (!body) return tl::unexpected(body.error());
    auto snapshot = SnapshotFromJson(*body);
    if (!snapshot)
      return Fail(snapshot.error().code, fmt::format("{}{}: {}", url, path, snapshot.error().what));
    planes.push_back({std::move(*snapshot), std::move(plane)});
  }
  return planes;
}

}  // namespace aftershock::fleet
