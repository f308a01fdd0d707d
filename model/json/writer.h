// Plain data to JSON, by the field lists of fields.h. Internal to model/json.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "base/result.h"
#include "model/ipoib.h"
#include "model/json/fields.h"
#include "model/json/table_text.h"

namespace aftershock::codec {

// Declared before the classes that use them: arguments of namespace std do not bring this one into the
// look-up.
template <typename T>
nlohmann::json Encode(const T& value);
template <typename T>
nlohmann::json Encode(const std::optional<T>& value);
template <typename T>
nlohmann::json Encode(const std::vector<T>& values);
nlohmann::json Encode(const std::array<std::uint8_t, 16>& octets);
template <typename T>
nlohmann::json Encode(const std::shared_ptr<const T>& value);

// What stands in one of these is there, however little it holds.
template <typename T>
inline constexpr bool kMayBeEmpty = false;
template <typename T>
inline constexpr bool kMayBeEmpty<std::optional<T>> = true;

// Builds one object. Fields that have their default value, and objects of nothing else, are left out, unless
// they are Required().
class Writer {
 public:
  template <typename T>
  void operator()(std::string_view name, const T& value) {
    if (IsDefault(value)) return;
    nlohmann::json encoded = Encode(value);
    if constexpr (!std::equality_comparable<T> && !kMayBeEmpty<T>) {
      if (encoded.is_object() && encoded.empty()) return;
    }
    object_.emplace(std::string(name), std::move(encoded));
  }
  template <typename T>
  void Required(std::string_view name, const T& value) {
    object_.emplace(std::string(name), Encode(value));
  }
  void Hex(std::string_view name, std::uint64_t value) { (*this)(name, Guid{value}); }
  template <typename Body>
  void Group(std::string_view name, const Body& body) {
    Writer inner;
    body(inner);
    object_.emplace(std::string(name), inner.Take());
  }
  void Counters(const CounterValues& counters);
  // A value, or under the second name the Error that says why there is none.
  template <typename T>
  void Outcome(std::string_view name, std::string_view error_name, const std::optional<Result<T>>& outcome) {
    if (!outcome) return;
    if (*outcome) {
      Required(name, **outcome);
    } else {
      Required(error_name, outcome->error());
    }
  }
  nlohmann::json Take() { return std::move(object_); }

 private:
  template <typename T>
  static bool IsDefault(const T& value) {
    if constexpr (std::equality_comparable<T>) {
      return value == T{};
    } else {
      return false;
    }
  }
  template <typename T>
  static bool IsDefault(const std::optional<T>& value) {
    return !value;
  }
  template <typename T>
  static bool IsDefault(const std::vector<T>& value) {
    return value.empty();
  }

  nlohmann::json object_ = nlohmann::json::object();
};

nlohmann::json EncodeSpeeds(SpeedSet speeds);
template <typename T>
concept Listed = requires(const T& value, Writer& writer) {
  Fields(writer, value);
};
template <typename T>
concept Named = std::is_enum_v<T> && requires(T value) {
  ToString(value);
};

template <typename T>
nlohmann::json Encode(const std::optional<T>& value) {
  return value ? Encode(*value) : nlohmann::json();
}

template <typename T>
nlohmann::json Encode(const std::shared_ptr<const T>& value) {
  return value ? Encode(*value) : nlohmann::json();
}

template <typename T>
nlohmann::json EncodeList(const T& values) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& value : values) list.push_back(Encode(value));
  return list;
}
template <typename T>
nlohmann::json Encode(const std::vector<T>& values) {
  return EncodeList(values);
}
inline nlohmann::json Encode(const std::array<std::uint8_t, 16>& octets) {
  return EncodeList(octets);
}

template <typename T>
nlohmann::json Encode(const T& value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else if constexpr (std::same_as<T, Lid>) {
    return static_cast<std::uint16_t>(value);
  } else if constexpr (std::same_as<T, Gid> || std::same_as<T, IpoibAddress>) {
    return ToString(value);
  } else if constexpr (std::same_as<T, LinkSpeed>) {
    return Spec(value).name;
  } else if constexpr (std::same_as<T, SpeedSet>) {
    return EncodeSpeeds(value);
  } else if constexpr (Named<T>) {
    return ToString(value);
  } else if constexpr (std::same_as<T, std::string>) {
    return Printable(value);
  } else if constexpr (std::same_as<T, WallTime>) {
    return FormatTime(value);
  } else if constexpr (std::same_as<T, Duration>) {
    return ToSeconds(value);
  } else if constexpr (std::same_as<T, Peer>) {
    return {value.node, value.port};
  } else {
    static_assert(Listed<T>, "a type without a field list");
    Writer writer;
    Fields(writer, value);
    return writer.Take();
  }
}

}  // namespace aftershock::codec
