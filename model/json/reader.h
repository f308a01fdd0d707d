// JSON to plain data, by the field lists of fields.h, believing nothing. Internal to model/json.
#pragma once

#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "model/json/fields.h"
#include "model/json/table_text.h"

namespace aftershock::codec {

// Where in the document the reader is, and the first thing that was wrong.
class Trail {
 public:
  class Step {
   public:
    Step(Trail& trail, std::string_view name) : trail_(trail) { trail.steps_.push_back({name, 0}); }
    Step(Trail& trail, std::size_t index) : trail_(trail) { trail.steps_.push_back({{}, index}); }
    ~Step() { trail_.steps_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Trail& trail_;
  };

  // Keeps the first error only: the others are often its consequences.
  void Fail(std::string_view what);
  // "a number is expected, not \"abc\""
  void Expected(std::string_view what, const nlohmann::json& found);
  bool failed() const { return error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Place {
    std::string_view name;  // empty: an element of a list
    std::size_t index;
  };
  std::vector<Place> steps_;
  std::optional<Error> error_;
};

std::uint64_t DecodeWhole(const nlohmann::json& value, std::uint64_t max, Trail& trail);
void DecodeValue(const nlohmann::json& value, bool& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::string& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, Guid& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, Lid& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, LinkSpeed& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, SpeedSet& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, WallTime& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, Duration& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, Peer& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::array<std::uint8_t, 16>& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::vector<std::uint8_t>& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::vector<Port>& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::vector<std::uint16_t>& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::vector<SmSeen>& out, Trail& trail);
void DecodeValue(const nlohmann::json& value, std::vector<PathSample>& out, Trail& trail);
void DecodeCounters(const nlohmann::json& object, CounterValues& out, Trail& trail);

template <typename T>
void Decode(const nlohmann::json& value, T& out, Trail& trail);
template <typename T>
void Decode(const nlohmann::json& value, std::optional<T>& out, Trail& trail);
template <typename T>
void Decode(const nlohmann::json& value, std::shared_ptr<const T>& out, Trail& trail);

// Fills one object. What the JSON does not have keeps its default; what it has and nobody knows is skipped.
class Reader {
 public:
  Reader(const nlohmann::json& object, Trail& trail) : object_(object), trail_(trail) {}

  template <typename T>
  void operator()(std::string_view name, T& value) {
    const auto it = object_.find(name);
    if (it == object_.end()) return;
    const Trail::Step step(trail_, name);
    Decode(*it, value, trail_);
  }
  template <typename T>
  void Required(std::string_view name, T& value) {
    if (!object_.contains(name)) {
      const Trail::Step step(trail_, name);
      trail_.Fail("is missing");
    }
    (*this)(name, value);
  }
  void Hex(std::string_view name, std::uint64_t& value) {
    Guid hex{value};
    (*this)(name, hex);
    value = static_cast<std::uint64_t>(hex);
  }
  template <typename Body>
  void Group(std::string_view name, const Body& body) {
    const Trail::Step step(trail_, name);
    const auto it = object_.find(name);
    if (it == object_.end() || !it->is_object()) return trail_.Fail("is not an object");
    Reader inner(*it, trail_);
    body(inner);
  }
  void Counters(CounterValues& counters) { DecodeCounters(object_, counters, trail_); }
  template <typename T>
  void Outcome(std::string_view name, std::string_view error_name, std::optional<Result<T>>& outcome) {
    if (object_.contains(error_name)) {
      Error error;
      (*this)(error_name, error);
      outcome = tl::unexpected(std::move(error));
    } else if (object_.contains(name)) {
      T value{};
      (*this)(name, value);
      outcome = std::move(value);
    }
  }

 private:
  const nlohmann::json& object_;
  Trail& trail_;
};

// Enumerations are read by the same names they are written by; the code is at most 255.
template <typename E>
void DecodeNamed(const nlohmann::json& value, E& out, Trail& trail) {
  if (!value.is_string()) return trail.Expected("a name", value);
  const auto& text = value.get_ref<const std::string&>();
  for (unsigned code = 0; code <= std::numeric_limits<std::uint8_t>::max(); ++code) {
    if (std::string_view(ToString(static_cast<E>(code))) == text) {
      out = static_cast<E>(code);
      return;
    }
  }
  trail.Expected("one of the known names", value);
}

template <typename T>
void Decode(const nlohmann::json& value, std::optional<T>& out, Trail& trail) {
  Decode(value, out.emplace(), trail);
}

template <typename T>
void Decode(const nlohmann::json& value, std::shared_ptr<const T>& out, Trail& trail) {
  auto read = std::make_shared<T>();
  DecodeValue(value, *read, trail);
  out = std::move(read);
}

template <typename T>
void Decode(const nlohmann::json& value, T& out, Trail& trail) {
  if constexpr (requires { DecodeValue(value, out, trail); }) {
    DecodeValue(value, out, trail);
  } else if constexpr (std::unsigned_integral<T>) {
    out = static_cast<T>(DecodeWhole(value, std::numeric_limits<T>::max(), trail));
  } else if constexpr (std::is_enum_v<T>) {
    DecodeNamed(value, out, trail);
  } else {
    if (!value.is_object()) return trail.Expected("an object", value);
    Reader reader(value, trail);
    Fields(reader, out);
  }
}

}  // namespace aftershock::codec
