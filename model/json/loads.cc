#include "model/json/loads.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "model/json/snapshot.h"

namespace aftershock {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxPlanes = 64;

std::optional<PortKey> ParseKey(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto guid = ParseGuid(text.substr(0, slash));
  std::uint8_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, port);
  if (!guid || error != std::errc() || stop != end) return std::nullopt;
  return PortKey{*guid, port};
}

std::optional<PortLoad> ParseLoad(const json& value) {
  if (!value.is_array() || value.size() != 5) return std::nullopt;
  for (const json& number : value) {
    if (!number.is_number() || !std::isfinite(number.get<double>()) || number.get<double>() < 0)
      return std::nullopt;
  }
  return PortLoad{value[0].get<double>(), value[1].get<double>(), value[2].get<double>(),
                  value[3].get<double>(), value[4].get<double>()};
}

std::optional<PlaneLoads> ParsePlane(const json& value) {
  if (!value.is_object() || !value.contains("name") || !value["name"].is_string()) return std::nullopt;
  PlaneLoads plane;
  plane.name = Printable(value["name"].get_ref<const std::string&>());
  const json stale = value.value("stale", json());
  if (stale.is_string()) plane.stale = Printable(stale.get_ref<const std::string&>());
  const json loads = value.value("loads", json::object());
  if (!loads.is_object()) return std::nullopt;
  for (const auto& [key_text, load_value] : loads.items()) {
    const auto key = ParseKey(key_text);
    const auto load = ParseLoad(load_value);
    if (!key || !load) return std::nullopt;
    plane.loads.emplace(*key, *load);
  }
  return plane;
}

}  // namespace

std::string LoadsToJson(const std::vector<PlaneLoads>& planes) {
  std::string out = fmt::format("{{\"schema\":{},\"planes\":[", kJsonSchema);
  for (const PlaneLoads& plane : planes) {
    const json stale = plane.stale ? json(Printable(*plane.stale)) : json();
    out += fmt::format("{}\n{{\"name\":{},\"stale\":{},\"loads\":{{", &plane == planes.data() ? "" : ",",
                       json(Printable(plane.name)).dump(), stale.dump());
    std::string_view separator = "\n";
    for (const auto& [key, load] : plane.loads) {
      out += fmt::format("{}\"{}\":[{:.0f},{:.0f},{:.0f},{:.0f},{:.0f}]", separator, ToString(key),
                         load.seconds, load.mean_xmit, load.mean_rcv, load.peak_xmit, load.peak_rcv);
      separator = ",\n";
    }
    out += "}}";
  }
  return out + "\n]}\n";
}

Result<std::vector<PlaneLoads>> LoadsFromJson(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object()) return Fail(Errc::kMalformed, "not a list of loads");
  const json schema = document.value("schema", json());
  if (!schema.is_number_unsigned())
    return Fail(Errc::kMalformed, "not a list of loads: it has no \"schema\"");
  if (schema != kJsonSchema)
    return Fail(Errc::kUnsupported, "the loads are of another version of aftershock");
  const json list = document.value("planes", json());
  if (!list.is_array() || list.size() > kMaxPlanes)
    return Fail(Errc::kMalformed, "not a list of loads: it has no list of \"planes\"");
  std::vector<PlaneLoads> planes;
  for (const json& value : list) {
    auto plane = ParsePlane(value);
    if (!plane)
      return Fail(Errc::kMalformed, fmt::format("planes[{}] is not the load of a plane", planes.size()));
    planes.push_back(std::move(*plane));
  }
  return planes;
}

}  // namespace aftershock
