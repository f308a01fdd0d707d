// YAML values that know where they stand, so that every complaint names file, line and key.
//
// The only place that knows yaml-cpp. Stricter than YAML: one document, UTF-8 without control characters, no
// duplicate keys, no quoted numbers. Errors: kInvalid, always.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/suggest.h"
#include "base/clock.h"
#include "base/result.h"

namespace YAML {
class Node;
}

namespace aftershock::app {

class YamlValue {
 public:
  // `file` only names the text in errors.
  static Result<YamlValue> Parse(const std::string& text, const std::string& file);

  // "aftershock.yaml:12: fabric.interval"
  std::string Where() const;

  // "aftershock.yaml:12: fabric.interval: <why>"
  tl::unexpected<Error> Wrong(std::string_view why) const;

  // The value of a key of this map; itself where there is no such key. For errors found after reading.
  YamlValue At(std::string_view key) const;

  Result<std::string> Text() const;         // not empty
  Result<std::string> TextOrEmpty() const;  // "" for an empty one
  Result<bool> Flag() const;
  Result<std::int64_t> Integer(std::int64_t min, std::int64_t max) const;
  Result<double> Number(double min, double max) const;
  Result<Duration> Time(Duration min, Duration max) const;
  Result<std::vector<YamlValue>> List() const;  // nothing at all is an empty list
  using Entry = std::pair<std::string, YamlValue>;
  Result<std::vector<Entry>> Map() const;  // nothing at all is an empty map

 private:
  YamlValue(std::shared_ptr<const YAML::Node> node, std::string file, std::string key, int line);
  Result<std::string> Scalar(std::string_view expected, bool may_be_quoted) const;

  std::shared_ptr<const YAML::Node> node_;
  std::string file_;
  std::string key_;
  int line_;
};

// One key of a map and what becomes of its value.
template <typename T>
struct YamlField {
  std::string_view key;
  std::function<Result<void>(const YamlValue&, T&)> read;
};

// Reads a map by a table of its keys.
template <typename T>
Result<void> ReadMap(const YamlValue& value, const std::vector<YamlField<T>>& fields, T& target) {
  const auto entries = value.Map();
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& [key, entry] : *entries) {
    const YamlField<T>* field = nullptr;
    std::vector<std::string_view> known;
    for (const auto& candidate : fields) {
      known.push_back(candidate.key);
      if (candidate.key == key) field = &candidate;
    }
    if (field == nullptr) return entry.Wrong("unknown key" + DidYouMean(key, known));
    if (auto read = field->read(entry, target); !read) return read;
  }
  return {};
}

}  // namespace aftershock::app
