#include "model/json/reader.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::codec {
namespace {

constexpr std::size_t kExcerptBytes = 40;
// A directed route has at most 64 entries, of which the first is not used (IBA 14.2.2.2).
constexpr std::size_t kMaxHops = 63;
constexpr std::size_t kMaxPorts = 256;       // of one node: the port number has eight bits
constexpr std::size_t kMaxPKeys = 1u << 16;  // a port numbers its P_Keys with sixteen bits
constexpr std::size_t kMaxSms = 1u << 16, kMaxPaths = 1u << 16;
constexpr double kMaxSeconds = 1e8;  // three years; also keeps nanoseconds exact in a double

// What a person recognises of a value, and never more of a hostile one.
std::string Excerpt(const nlohmann::json& value) {
  if (value.is_structured()) return fmt::format("an {}", value.type_name());
  if (!value.is_string()) return value.dump();
  const auto& text = value.get_ref<const std::string&>();
  return fmt::format("\"{}\"{}", Printable(text.substr(0, kExcerptBytes)),
                     text.size() > kExcerptBytes ? "…" : "");
}

const std::string* TextOf(const nlohmann::json& value, std::string_view what, Trail& trail) {
  if (const auto* text = value.get_ptr<const std::string*>()) return text;
  trail.Expected(what, value);
  return nullptr;
}

// Exactly `count` digits at `at`.
std::optional<unsigned> Digits(std::string_view text, std::size_t at, std::size_t count) {
  unsigned number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number;
}

// The form that FormatTime() writes, and no other: "2011-03-14T01:59:26.535Z".
std::optional<WallTime> ParseTime(std::string_view text) {
  static constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] != '0' && text[i] != kShape[i]) return std::nullopt;
  }
  const auto year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  const auto hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  const auto milli = Digits(text, 20, 3);
  if (!year || !month || !day || !hour || !minute || !second || !milli) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + std::chrono::milliseconds(*milli);
}

template <typename Each>
void DecodeNames(const nlohmann::json& value, Trail& trail, const Each& each) {
  if (!value.is_array()) return trail.Expected("a list of names", value);
  for (std::size_t i = 0; i < value.size() && !trail.failed(); ++i) {
    const Trail::Step step(trail, i);
    if (const std::string* name = TextOf(value[i], "a name", trail)) each(*name);
  }
}

}  // namespace

void Trail::Fail(std::string_view what) {
  if (error_) return;
  std::string path;
  for (const Place& place : steps_) {
    path += place.name.empty() ? fmt::format("[{}]", place.index)
                               : fmt::format("{}{}", path.empty() ? "" : ".", place.name);
  }
  error_ = Error{Errc::kMalformed, path.empty() ? std::string(what) : fmt::format("{}: {}", path, what)};
}

void Trail::Expected(std::string_view what, const nlohmann::json& found) {
  if (!error_) Fail(fmt::format("{} is expected, not {}", what, Excerpt(found)));
}

std::uint64_t DecodeWhole(const nlohmann::json& value, std::uint64_t max, Trail& trail) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= max) return value.get<std::uint64_t>();
  trail.Expected(fmt::format("a whole number from 0 to {}", max), value);
  return 0;
}

void DecodeValue(const nlohmann::json& value, bool& out, Trail& trail) {
  if (!value.is_boolean()) return trail.Expected("true or false", value);
  out = value.get<bool>();
}

void DecodeValue(const nlohmann::json& value, std::string& out, Trail& trail) {
  if (const std::string* text = TextOf(value, "text", trail)) out = Printable(*text);
}

void DecodeValue(const nlohmann::json& value, Guid& out, Trail& trail) {
  const std::string* text = TextOf(value, "hexadecimal text", trail);
  if (!text) return;
  const auto guid = ParseGuid(*text);
  if (!guid) return trail.Expected("up to 16 hexadecimal digits", value);
  out = *guid;
}

void DecodeValue(const nlohmann::json& value, Lid& out, Trail& trail) {
  out = static_cast<Lid>(DecodeWhole(value, std::numeric_limits<std::uint16_t>::max(), trail));
}

void DecodeValue(const nlohmann::json& value, LinkSpeed& out, Trail& trail) {
  const std::string* name = TextOf(value, "a link speed", trail);
  if (!name) return;
  const auto speed = ParseSpeed(*name);
  if (!speed) return trail.Expected("a link speed", value);
  out = *speed;
}

void DecodeValue(const nlohmann::json& value, SpeedSet& out, Trail& trail) {
  DecodeNames(value, trail, [&](const std::string& name) {
    const auto speed = ParseSpeed(name);
    if (!speed) return trail.Fail("is not a link speed");
    out.Add(*speed);
  });
}

void DecodeValue(const nlohmann::json& value, WallTime& out, Trail& trail) {
  const std::string* text = TextOf(value, "a time", trail);
  if (!text) return;
  const auto time = ParseTime(*text);
  if (!time) return trail.Expected("a time like 2011-03-14T01:59:26.535Z", value);
  out = *time;
}

void DecodeValue(const nlohmann::json& value, Duration& out, Trail& trail) {
  const double seconds = value.is_number() ? value.get<double>() : -1;
  if (!(seconds >= 0 && seconds <= kMaxSeconds)) return trail.Expected("a number of seconds", value);
  out = Duration(std::llround(seconds * static_cast<double>(Duration::period::den)));
}

void DecodeValue(const nlohmann::json& value, Peer& out, Trail& trail) {
  if (!value.is_array() || value.size() != 2) return trail.Expected("[node, port]", value);
  Decode(value[0], out.node, trail);
  Decode(value[1], out.port, trail);
}

void DecodeValue(const nlohmann::json& value, std::array<std::uint8_t, 16>& out, Trail& trail) {
  if (!value.is_array() || value.size() != out.size()) return trail.Expected("a list of 16 octets", value);
  for (std::size_t i = 0; i < out.size(); ++i) Decode(value[i], out[i], trail);
}

void DecodeValue(const nlohmann::json& value, std::vector<std::uint8_t>& out, Trail& trail) {
  if (!value.is_array() || value.size() > kMaxHops)
    return trail.Expected("a list of at most 63 ports", value);
  out.resize(value.size());
  for (std::size_t i = 0; i < out.size(); ++i) Decode(value[i], out[i], trail);
}

void DecodeValue(const nlohmann::json& value, std::vector<Port>& out, Trail& trail) {
  if (!value.is_array() || value.size() > kMaxPorts)
    return trail.Expected("a list of at most 256 ports", value);
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size() && !trail.failed(); ++i) {
    const Trail::Step step(trail, i);
    Decode(value[i], out.emplace_back(), trail);
    if (i > 0 && out[i].num <= out[i - 1].num) trail.Fail("the ports are not in the order of their numbers");
  }
}

namespace {

template <typename T>
void DecodeElements(const nlohmann::json& value, std::vector<T>& out, std::size_t most, Trail& trail) {
  if (!value.is_array() || value.size() > most) {
    return trail.Expected(fmt::format("a list of at most {} elements", most), value);
  }
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size() && !trail.failed(); ++i) {
    const Trail::Step step(trail, i);
    Decode(value[i], out.emplace_back(), trail);
  }
}

}  // namespace

void DecodeValue(const nlohmann::json& value, std::vector<std::uint16_t>& out, Trail& trail) {
  DecodeElements(value, out, kMaxPKeys, trail);
}

void DecodeValue(const nlohmann::json& value, std::vector<SmSeen>& out, Trail& trail) {
  DecodeElements(value, out, kMaxSms, trail);
}

void DecodeValue(const nlohmann::json& value, std::vector<PathSample>& out, Trail& trail) {
  DecodeElements(value, out, kMaxPaths, trail);
}

void DecodeCounters(const nlohmann::json& object, CounterValues& out, Trail& trail) {
  const auto numbers = [&](const char* name, std::uint64_t max, const auto& set) {
    const auto it = object.find(name);
    if (it == object.end()) return;
    const Trail::Step step(trail, name);
    if (!it->is_object()) return trail.Expected("an object", *it);
    for (const auto& [key, value] : it->items()) {
      const auto counter = ParseCounter(key);
      if (!counter) continue;
      const Trail::Step inner(trail, Spec(*counter).name);
      set(*counter, DecodeWhole(value, max, trail));
    }
  };
  numbers("counters", std::numeric_limits<std::uint64_t>::max(),
          [&](Counter c, std::uint64_t value) { out.Set(c, value); });
  numbers("resets", std::numeric_limits<std::uint32_t>::max(),
          [&](Counter c, std::uint64_t count) { out.SetResets(c, static_cast<std::uint32_t>(count)); });
  const auto saturated = object.find("saturated");
  if (saturated == object.end()) return;
  const Trail::Step step(trail, "saturated");
  DecodeNames(*saturated, trail, [&](const std::string& name) {
    if (const auto counter = ParseCounter(name)) out.SetSaturated(*counter, true);
  });
}

}  // namespace aftershock::codec
