#include "app/times.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace aftershock::app {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  milliseconds length;
};
constexpr std::array kUnits{
    Unit{"h", std::chrono::hours(1)},
    Unit{"min", std::chrono::minutes(1)},
    Unit{"s", std::chrono::seconds(1)},
    Unit{"ms", milliseconds(1)},
};
constexpr double kMaxMilliseconds = 10.0 * 365 * 24 * 3600 * 1000;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Takes exactly `digits` digits off the front.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool Take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> TakeDate(std::string_view& text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !Take(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  const auto date = std::chrono::year(*year) / *month / *day;
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

// "hh:mm", as of a clock or an offset.
std::optional<std::chrono::minutes> TakeHoursAndMinutes(std::string_view& text) {
  const auto hours = TakeNumber(text, 2);
  if (!hours || *hours > 23 || !Take(text, ':')) return std::nullopt;
  const auto minutes = TakeNumber(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

// ".123456" cut to milliseconds; nothing there is nothing.
std::optional<milliseconds> TakeFraction(std::string_view& text) {
  if (!Take(text, '.')) return milliseconds(0);
  if (text.empty() || !IsDigit(text.front())) return std::nullopt;
  int value = 0;
  for (int scale = 100; !text.empty() && IsDigit(text.front()); scale /= 10, text.remove_prefix(1)) {
    value += (text.front() - '0') * scale;
  }
  return milliseconds(value);
}

std::optional<std::chrono::minutes> TakeOffset(std::string_view& text) {
  if (Take(text, 'Z')) return std::chrono::minutes(0);
  const bool west = Take(text, '-');
  if (!west && !Take(text, '+')) return std::nullopt;
  const auto offset = TakeHoursAndMinutes(text);
  return offset && west ? -*offset : offset;
}

// "1.5h" off the front, in milliseconds, in the unit `first_unit` or a smaller one.
std::optional<double> TakeSpan(std::string_view& text, std::size_t& first_unit) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  // from_chars also reads "inf", "nan" and a minus sign.
  if (error != std::errc() || !IsDigit(text.front())) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
  for (std::size_t i = first_unit; i < kUnits.size(); ++i) {
    if (text.substr(0, letters) != kUnits[i].name) continue;
    text.remove_prefix(letters);
    first_unit = i + 1;
    return value * static_cast<double>(kUnits[i].length.count());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  double ms = 0;
  for (std::size_t unit = 0; !text.empty();) {
    const auto span = TakeSpan(text, unit);
    if (!span) return std::nullopt;
    ms += *span;
  }
  if (!(ms <= kMaxMilliseconds)) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(ms));
}

std::string FormatDuration(Duration duration) {
  // More of a unit than that is better told with the next one.
  constexpr std::int64_t kMostOfOne = 600;
  auto rest = std::chrono::duration_cast<milliseconds>(duration);
  if (rest.count() == 0) return "0s";
  for (const Unit& unit : kUnits) {
    const auto count = rest / unit.length;
    if (rest % unit.length == milliseconds(0) && count < kMostOfOne)
      return fmt::format("{}{}", count, unit.name);
  }
  std::string text;
  for (const Unit& unit : kUnits) {
    const auto count = rest / unit.length;
    rest -= count * unit.length;
    if (count != 0) text += fmt::format("{}{}", count, unit.name);
  }
  return text;
}

std::optional<WallTime> ParseTime(std::string_view text) {
  const auto date = TakeDate(text);
  if (!date) return std::nullopt;
  if (text.empty()) return WallTime(*date);
  if (!Take(text, 'T')) return std::nullopt;
  const auto minutes = TakeHoursAndMinutes(text);
  if (!minutes || !Take(text, ':')) return std::nullopt;
  const auto seconds = TakeNumber(text, 2);
  if (!seconds || *seconds > 60) return std::nullopt;
  const auto fraction = TakeFraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return WallTime(*date) + *minutes + std::chrono::seconds(*seconds) + *fraction - *offset;
}

}  // namespace aftershock::app
