#include "app/config_fleet.h"

#include <algorithm>

#include "app/yaml_fields.h"
#include "probes/fleet/http.h"

namespace aftershock::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// The keys of HttpConfig in a section of T.
template <typename T>
std::vector<YamlField<T>> WithHttp(std::vector<YamlField<T>> fields, const auto& in) {
  for (const auto& field : {TimeField("timeout", &HttpConfig::timeout, milliseconds(100), minutes(1)),
                            PathField("ca_file", &HttpConfig::ca_file), PathField("user", &HttpConfig::user),
                            PathField("password_file", &HttpConfig::password_file)}) {
    fields.push_back(in(field));
  }
  return fields;
}

Result<void> CheckHttp(const YamlValue& section, const HttpConfig& http) {
  if (http.user.find(':') != std::string::npos) return section.At("user").Wrong("has a colon in it");
  if (http.user.empty() == http.password_file.empty()) return {};
  if (http.user.empty()) return section.At("password_file").Wrong("goes with \"user\", which is missing");
  return section.At("user").Wrong("goes with \"password_file\", which is missing");
}

Result<void> ReadUrls(const YamlValue& value, HostsConfig& hosts) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  hosts.urls.clear();
  for (const YamlValue& item : *items) {
    const auto text = item.Text();
    if (!text) return tl::unexpected(text.error());
    const auto url = fleet::ParseUrl(*text);
    if (!url) return item.Wrong(url.error().what);
    if (std::ranges::count(hosts.urls, url->Text()) != 0) return item.Wrong("names a host a second time");
    hosts.urls.push_back(url->Text());
  }
  return {};
}

Result<void> ReadFiles(const YamlValue& value, HostsConfig& hosts) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  hosts.files.clear();
  for (const YamlValue& item : *items) {
    auto text = item.Text();
    if (!text) return tl::unexpected(text.error());
    hosts.files.push_back(std::move(*text));
  }
  return {};
}

Result<void> ReadSource(const YamlValue& value, WindowsConfig& windows) {
  const auto text = value.TextOrEmpty();
  if (!text) return tl::unexpected(text.error());
  windows.source = *text;
  if (text->empty()) return {};
  const auto url = fleet::ParseUrl(*text);
  if (!url) return value.Wrong(url.error().what);
  windows.source = url->Text();
  return {};
}

}  // namespace

const std::vector<YamlField<HostsConfig>>& HostsFields() {
  static const auto fields =
      WithHttp<HostsConfig>({{"urls", ReadUrls},
                             {"files", ReadFiles},
                             TimeField("interval", &HostsConfig::interval, seconds(1), hours(1))},
                            [](const YamlField<HttpConfig>& field) { return In(&HostsConfig::http, field); });
  return fields;
}

const std::vector<YamlField<WindowsConfig>>& WindowsFields() {
  static const auto fields = WithHttp<WindowsConfig>(
      {{"source", ReadSource}, TimeField("interval", &WindowsConfig::interval, seconds(1), hours(1))},
      [](const YamlField<HttpConfig>& field) { return In(&WindowsConfig::http, field); });
  return fields;
}

const std::vector<YamlField<HttpConfig>>& PrometheusFields() {
  static const auto fields =
      WithHttp<HttpConfig>({}, [](const YamlField<HttpConfig>& field) { return field; });
  return fields;
}

Result<void> ReadHosts(const YamlValue& value, Config& config) {
  if (auto read = ReadMap(value, HostsFields(), config.hosts); !read) return read;
  return CheckHttp(value, config.hosts.http);
}

Result<void> ReadWindows(const YamlValue& value, Config& config) {
  if (auto read = ReadMap(value, WindowsFields(), config.windows); !read) return read;
  return CheckHttp(value, config.windows.http);
}

Result<void> ReadPrometheus(const YamlValue& value, Config& config) {
  if (auto read = ReadMap(value, PrometheusFields(), config.prometheus); !read) return read;
  return CheckHttp(value, config.prometheus);
}

}  // namespace aftershock::app
