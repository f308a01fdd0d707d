#include "model/json/window.h"

#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "model/json/document.h"
#include "model/json/list_reader.h"
#include "model/json/snapshot.h"
#include "model/json/window_fields.h"
#include "model/json/writer.h"

namespace aftershock {
namespace codec {

using EvidenceValue = decltype(Evidence::value);

// A whole number stays one: 3, and 3.0.
template <>
nlohmann::json Encode(const EvidenceValue& value) {
  return std::visit(
      [](const auto& v) -> nlohmann::json {
        if constexpr (std::same_as<std::decay_t<decltype(v)>, std::string>) {
          return Printable(v);
        } else {
          return v;
        }
      },
      value);
}

// Infinite and undefined numbers are null in JSON.
void DecodeValue(const nlohmann::json& value, double& out, Trail& trail) {
  if (value.is_null()) {
    out = std::numeric_limits<double>::quiet_NaN();
  } else if (value.is_number()) {
    out = value.get<double>();
  } else {
    trail.Expected("a number", value);
  }
}

void DecodeValue(const nlohmann::json& value, std::int64_t& out, Trail& trail) {
  const bool fits =
      value.is_number_integer() &&
      (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max());
  if (!fits) return trail.Expected("a whole number", value);
  out = value.get<std::int64_t>();
}

void DecodeValue(const nlohmann::json& value, EvidenceValue& out, Trail& trail) {
  if (value.is_string()) {
    DecodeValue(value, out.emplace<std::string>(), trail);
  } else if (value.is_number_integer()) {
    DecodeValue(value, out.emplace<std::int64_t>(), trail);
  } else {
    DecodeValue(value, out.emplace<double>(), trail);
  }
}

}  // namespace codec

namespace {

constexpr int kMaxWindowDepth = 8;
constexpr std::size_t kMaxValues = 4'000'000;

template <typename T>
nlohmann::json WithSchema(const T& value) {
  nlohmann::json object = codec::Encode(value);
  object["schema"] = kJsonSchema;
  return object;
}

template <typename T>
Result<T> FromJson(std::string_view text) {
  std::size_t values = 0;
  const auto document = codec::ParseDocument(text, [&](int depth, codec::ParseEvent, nlohmann::json&) {
    if (depth > kMaxWindowDepth)
      throw codec::TooMuch{fmt::format("nested more than {} levels deep", kMaxWindowDepth)};
    if (++values > kMaxValues) throw codec::TooMuch{"holds too many values"};
    return true;
  });
  if (!document) return tl::unexpected(document.error());
  if (auto wrong = codec::WrongSchema(*document)) return tl::unexpected(std::move(*wrong));
  T value{};
  codec::Trail trail;
  codec::Decode(*document, value, trail);
  if (trail.failed()) return tl::unexpected(*trail.error());
  return value;
}

}  // namespace

nlohmann::json ToJson(const Window& window) {
  return WithSchema(window);
}
nlohmann::json ToJson(const Request& request) {
  return WithSchema(request);
}
nlohmann::json ToJson(const Finding& finding) {
  return WithSchema(finding);
}
nlohmann::json ToJson(const WindowsTold& told) {
  return WithSchema(told);
}

Result<Window> WindowFromJson(std::string_view text) {
  return FromJson<Window>(text);
}
Result<Request> RequestFromJson(std::string_view text) {
  return FromJson<Request>(text);
}
Result<Finding> FindingFromJson(std::string_view text) {
  return FromJson<Finding>(text);
}
Result<WindowsTold> WindowsFromJson(std::string_view text) {
  return FromJson<WindowsTold>(text);
}

}  // namespace aftershock
