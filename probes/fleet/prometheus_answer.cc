#include "probes/fleet/prometheus_answer.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace aftershock::fleet {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 6;
// A label is a key and a value; few series have more than twenty of them.
constexpr std::size_t kMaxValues = kMostSamples * 24;
constexpr std::size_t kMostShown = 200;

struct TooMuch {};

std::string Short(const std::string& text) {
  return Printable(text.substr(0, kMostShown));
}

Result<json> Parse(std::string_view text) {
  std::size_t values = 0;
  try {
    return json::parse(text, [&](int depth, json::parse_event_t, json&) {
      if (depth > kMaxDepth || ++values > 2 * kMaxValues) throw TooMuch{};
      return true;
    });
  } catch (const TooMuch&) {
    return Fail(Errc::kMalformed, "larger or deeper than an answer of Prometheus");
  } catch (const json::exception&) {
    return Fail(Errc::kMalformed, "not an answer of Prometheus: not JSON, or cut off");
  }
}

const std::string* TextAt(const json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() ? nullptr : it->get_ptr<const std::string*>();
}

// Why this answer is not to be relied upon; none: it is whole.
std::optional<std::string> Complaint(const json& answer) {
  if (!answer.is_object()) return "not an answer of Prometheus";
  const std::string* status = TextAt(answer, "status");
  if (status == nullptr) return "not an answer of Prometheus: it has no \"status\"";
  if (*status != "success") {
    const std::string* error = TextAt(answer, "error");
    return fmt::format("it says {}: {}", Short(*status), error == nullptr ? "no reason" : Short(*error));
  }
  const auto warnings = answer.find("warnings");
  if (warnings == answer.end() || warnings->is_null()) return std::nullopt;
  if (warnings->is_array() && warnings->empty()) return std::nullopt;
  const std::string* first = warnings->is_array() ? (*warnings)[0].get_ptr<const std::string*>() : nullptr;
  return fmt::format("its answer may not be all of it: {}", first == nullptr ? "a warning" : Short(*first));
}

// "[1435781451.781, "1"]"
bool ReadValue(const json& pair, Sample& sample) {
  if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_string()) return false;
  sample.at = pair[0].get<double>();
  const auto& text = pair[1].get_ref<const std::string&>();
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), end, sample.value);
  return read.ec == std::errc() && read.ptr == end && std::isfinite(sample.at);
}

bool ReadLabels(const json& metric, Sample& sample) {
  if (!metric.is_object()) return false;
  for (const auto& [name, value] : metric.items()) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) return false;
    sample.labels.emplace(Printable(name), Printable(*text));
  }
  return true;
}

}  // namespace

Result<std::vector<Sample>> SamplesFromJson(std::string_view text) {
  const auto answer = Parse(text);
  if (!answer) return tl::unexpected(answer.error());
  if (auto why = Complaint(*answer)) return Fail(Errc::kMalformed, std::move(*why));
  const auto wrong = [] {
    return Fail(Errc::kMalformed, "not an answer of Prometheus: no vector of samples");
  };
  const auto data = answer->find("data");
  if (data == answer->end() || !data->is_object()) return wrong();
  const std::string* type = TextAt(*data, "resultType");
  const auto result = data->find("result");
  if (type == nullptr || *type != "vector" || result == data->end() || !result->is_array()) return wrong();
  if (result->size() > kMostSamples)
    return Fail(Errc::kMalformed, fmt::format("more than {} samples", kMostSamples));
  std::vector<Sample> samples;
  samples.reserve(result->size());
  for (const json& item : *result) {
    Sample& sample = samples.emplace_back();
    const auto metric = item.is_object() ? item.find("metric") : item.end();
    const auto value = item.is_object() ? item.find("value") : item.end();
    if (!item.is_object() || metric == item.end() || value == item.end() || !ReadLabels(*metric, sample) ||
        !ReadValue(*value, sample))
      return wrong();
  }
  return samples;
}

}  // namespace aftershock::fleet
