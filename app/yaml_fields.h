// Fields of the configuration that are read straight into a member of what they configure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "app/yaml_reader.h"

namespace aftershock::app {

// Reads a value and hands it on.
template <typename Value>
Result<void> Store(Result<Value> value, auto&& store) {
  if (!value) return tl::unexpected(value.error());
  store(std::move(*value));
  return {};
}

template <typename T>
YamlField<T> TextField(std::string_view key, std::string T::*member) {
  return {key, [=](const YamlValue& v, T& t) {
            return Store(v.Text(), [&](std::string text) { t.*member = std::move(text); });
          }};
}

// As TextField, and "" takes the default back.
template <typename T>
YamlField<T> PathField(std::string_view key, std::string T::*member) {
  return {key, [=](const YamlValue& v, T& t) {
            return Store(v.TextOrEmpty(), [&](std::string text) { t.*member = std::move(text); });
          }};
}

template <typename T>
YamlField<T> TimeField(std::string_view key, auto T::*member, Duration min, Duration max) {
  return {key, [=](const YamlValue& v, T& t) {
            return Store(v.Time(min, max), [&](Duration time) {
              t.*member = std::chrono::duration_cast<std::remove_reference_t<decltype(t.*member)>>(time);
            });
          }};
}

template <typename T, typename Number>
YamlField<T> IntegerField(std::string_view key, Number T::*member, std::int64_t min, std::int64_t max) {
  return {key, [=](const YamlValue& v, T& t) {
            return Store(v.Integer(min, max), [&](std::int64_t n) { t.*member = static_cast<Number>(n); });
          }};
}

// A field of a part of T.
template <typename T, typename Part>
YamlField<T> In(Part T::*part, YamlField<Part> field) {
  return {field.key, [=](const YamlValue& v, T& t) { return field.read(v, t.*part); }};
}

}  // namespace aftershock::app
