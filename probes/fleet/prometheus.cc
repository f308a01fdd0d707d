#include "probes/fleet/prometheus.h"

#include <fmt/format.h>

namespace aftershock::fleet {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

}  // namespace

Result<double> Prometheus::Now() {
  at_.reset();
  const auto samples = Query("vector(time())");
  if (!samples) return tl::unexpected(samples.error());
  if (samples->size() != 1) return Fail(Errc::kMalformed, url_.Text() + ": does not say what time it is");
  at_ = samples->front().at;
  return *at_;
}

Result<std::vector<Sample>> Prometheus::Query(const std::string& query) const {
  std::string path = "/api/v1/query?query=" + UrlEncoded(query);
  if (at_) path += fmt::format("&time={:.3f}", *at_);
  path += fmt::format("&timeout={:.0f}ms", ToSeconds(access_.timeout) * 1000);
  const auto text = HttpGet(url_, path, access_, kMostBytes);
  if (!text) return tl::unexpected(text.error());
  auto samples = SamplesFromJson(*text);
  if (!samples) return Fail(samples.error().code, url_.Text() + ": " + samples.error().what);
  return samples;
}

}  // namespace aftershock::fleet
