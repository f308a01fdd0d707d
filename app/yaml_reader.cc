#include "app/yaml_reader.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "app/text_file.h"
#include "app/times.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

// yaml-cpp's tag of a scalar in quotes (YAML 1.2, 6.9.1: the non-specific tag).
constexpr std::string_view kQuoted = "!";

template <typename T>
std::optional<T> WholeNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string Dotted(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

}  // namespace

YamlValue::YamlValue(std::shared_ptr<const YAML::Node> node, std::string file, std::string key, int line)
    : node_(std::move(node)), file_(std::move(file)), key_(std::move(key)), line_(line) {}

Result<YamlValue> YamlValue::Parse(const std::string& text, const std::string& file) {
  const std::string name = Printable(file);
  if (auto checked = CheckText(text, file); !checked) return tl::unexpected(checked.error());
  try {
    auto documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      return Fail(Errc::kInvalid, fmt::format("{}:{}: a second document; only one is read", name,
                                              documents[1].Mark().line + 1));
    }
    const YAML::Node root = documents.empty() ? YAML::Node(YAML::NodeType::Null) : documents.front();
    return YamlValue(std::make_shared<const YAML::Node>(root), name, "", 1);
  } catch (const YAML::Exception& e) {
    return Fail(Errc::kInvalid, fmt::format("{}:{}: not YAML: {}", name, e.mark.line + 1, Printable(e.msg)));
  }
}

std::string YamlValue::Where() const {
  return fmt::format("{}:{}: {}", file_, line_, key_);
}

tl::unexpected<Error> YamlValue::Wrong(std::string_view why) const {
  return Fail(Errc::kInvalid, fmt::format("{}{}", key_.empty() ? Where() : Where() + ": ", why));
}

Result<std::string> YamlValue::Scalar(std::string_view expected, bool may_be_quoted) const {
  if (node_->IsNull()) return Wrong(fmt::format("has no value; {} is expected", expected));
  if (!node_->IsScalar()) {
    return Wrong(fmt::format("is a {}; {} is expected", node_->IsMap() ? "map" : "list", expected));
  }
  if (!may_be_quoted && node_->Tag() == kQuoted) {
    return Wrong(fmt::format("is text in quotes; {} is expected", expected));
  }
  return node_->Scalar();
}

YamlValue YamlValue::At(std::string_view key) const {
  if (const auto entries = Map()) {
    for (const auto& [name, value] : *entries) {
      if (name == key) return value;
    }
  }
  return *this;
}

Result<std::string> YamlValue::TextOrEmpty() const {
  return Scalar("text", true);
}

Result<std::string> YamlValue::Text() const {
  auto text = TextOrEmpty();
  if (text && text->empty()) return Wrong("is empty; text is expected");
  return text;
}

Result<bool> YamlValue::Flag() const {
  const auto text = Scalar("true or false", false);
  if (!text) return tl::unexpected(text.error());
  if (*text != "true" && *text != "false") {
    return Wrong(fmt::format("\"{}\" is neither true nor false", Printable(*text)));
  }
  return *text == "true";
}

Result<std::int64_t> YamlValue::Integer(std::int64_t min, std::int64_t max) const {
  const std::string expected = fmt::format("a whole number from {} to {}", min, max);
  const auto text = Scalar(expected, false);
  if (!text) return tl::unexpected(text.error());
  const auto value = WholeNumber<std::int64_t>(*text);
  if (!value || *value < min || *value > max) {
    return Wrong(fmt::format("\"{}\" is not {}", Printable(*text), expected));
  }
  return *value;
}

Result<double> YamlValue::Number(double min, double max) const {
  const std::string expected = fmt::format("a number from {:g} to {:g}", min, max);
  const auto text = Scalar(expected, false);
  if (!text) return tl::unexpected(text.error());
  const auto value = WholeNumber<double>(*text);
  if (!value || !std::isfinite(*value) || *value < min || *value > max) {
    return Wrong(fmt::format("\"{}\" is not {}", Printable(*text), expected));
  }
  return *value;
}

Result<Duration> YamlValue::Time(Duration min, Duration max) const {
  const std::string expected = fmt::format("a time from {} to {}, with its unit (ms, s, min, h)",
                                           FormatDuration(min), FormatDuration(max));
  const auto text = Scalar(expected, true);
  if (!text) return tl::unexpected(text.error());
  const auto value = ParseDuration(*text);
  if (!value || *value < min || *value > max) {
    return Wrong(fmt::format("\"{}\" is not {}", Printable(*text), expected));
  }
  return *value;
}

Result<std::vector<YamlValue>> YamlValue::List() const {
  std::vector<YamlValue> items;
  if (node_->IsNull()) return items;
  if (!node_->IsSequence()) return Wrong("a list is expected");
  for (const auto& item : *node_) {
    items.push_back(YamlValue(std::make_shared<const YAML::Node>(item), file_,
                              fmt::format("{}[{}]", key_, items.size()), item.Mark().line + 1));
  }
  return items;
}

Result<std::vector<YamlValue::Entry>> YamlValue::Map() const {
  std::vector<Entry> entries;
  if (node_->IsNull()) return entries;
  if (!node_->IsMap()) return Wrong("a map of keys and values is expected");
  std::set<std::string> seen;
  for (const auto& item : *node_) {
    const int line = item.first.Mark().line + 1;
    if (!item.first.IsScalar()) return YamlValue(node_, file_, key_, line).Wrong("a key that is not a word");
    const std::string& key = item.first.Scalar();
    YamlValue value(std::make_shared<const YAML::Node>(item.second), file_, Dotted(key_, Printable(key)),
                    line);
    if (!seen.insert(key).second) return value.Wrong("stands here a second time");
    entries.emplace_back(key, std::move(value));
  }
  return entries;
}

}  // namespace aftershock::app
