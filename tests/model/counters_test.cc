#include "model/counters.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

namespace aftershock {
namespace {

bool IsSnakeCase(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

TEST_CASE("The table of counters stands in the order of its enumeration", "[model][unit]") {
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    CHECK(Counters()[i].id == static_cast<Counter>(i));
    CHECK(&Spec(static_cast<Counter>(i)) == &Counters()[i]);
  }
}

TEST_CASE("Every counter has names of its own", "[model][unit]") {
  std::set<std::string_view> names, iba_names;
  for (const CounterSpec& spec : Counters()) {
    CAPTURE(spec.name);
    CHECK(IsSnakeCase(spec.name));
    CHECK(names.insert(spec.name).second);
    CHECK(iba_names.insert(spec.iba_name).second);
    CHECK(ParseCounter(spec.name) == spec.id);
  }
}

TEST_CASE("A counter's metric is a counter of its own, and only discard details have none", "[model][unit]") {
  std::set<std::string_view> metrics;
  for (const CounterSpec& spec : Counters()) {
    CAPTURE(spec.name);
    CHECK(spec.metric.empty() == (spec.group == CounterGroup::kXmitDiscardDetails));
    if (spec.metric.empty()) continue;
    CHECK(IsSnakeCase(spec.metric));
    CHECK(spec.metric.starts_with("port_"));
    CHECK(spec.metric.ends_with("_total"));
    CHECK(metrics.insert(spec.metric).second);
  }
}

TEST_CASE("A counter's help is a sentence", "[model][unit]") {
  for (const CounterSpec& spec : Counters()) {
    CAPTURE(spec.name);
    CHECK(spec.help.ends_with('.'));
    CHECK((spec.help.front() >= 'A' && spec.help.front() <= 'Z'));
  }
}

TEST_CASE("Register widths are those that the IBA has", "[model][unit]") {
  const std::set<int> widths{4, 8, 16, 32};
  for (const CounterSpec& spec : Counters()) {
    CAPTURE(spec.name);
    const bool per_cast = spec.name.starts_with("unicast") || spec.name.starts_with("multicast");
    CHECK((per_cast ? spec.narrow_bits == 0 : widths.contains(spec.narrow_bits)));
  }
}

TEST_CASE("Only the data counters count 4-octet words", "[model][unit]") {
  for (const CounterSpec& spec : Counters()) {
    CAPTURE(spec.name);
    const bool data = spec.id == Counter::kXmitData || spec.id == Counter::kRcvData;
    CHECK(spec.scale == (data ? 4 : 1));
  }
}

TEST_CASE("An unknown counter name is nothing", "[model][unit]") {
  CHECK_FALSE(ParseCounter("").has_value());
  CHECK_FALSE(ParseCounter("LinkDownedCounter").has_value());
}

TEST_CASE("A counter that was not read is not zero", "[model][unit]") {
  CounterValues values;
  CHECK(values.Empty());
  CHECK_FALSE(values.Get(Counter::kLinkDowned).has_value());
  values.Set(Counter::kLinkDowned, 0);
  CHECK(values.Get(Counter::kLinkDowned) == std::uint64_t{0});
  CHECK_FALSE(values.Has(Counter::kXmitData));
  CHECK_FALSE(values.Empty());
}

TEST_CASE("Saturation is remembered per counter", "[model][unit]") {
  CounterValues values;
  CHECK_FALSE(values.AnySaturated());
  values.SetSaturated(Counter::kLinkDowned, true);
  CHECK(values.Saturated(Counter::kLinkDowned));
  CHECK_FALSE(values.Saturated(Counter::kRcvErrors));
  values.SetSaturated(Counter::kLinkDowned, false);
  CHECK_FALSE(values.AnySaturated());
}

TEST_CASE("Resets are kept sorted and without zeros", "[model][unit]") {
  CounterValues values;
  values.SetResets(Counter::kRcvErrors, 2);
  values.SetResets(Counter::kXmitData, 1);
  values.SetResets(Counter::kLinkDowned, 0);
  values.SetResets(Counter::kRcvErrors, 3);
  CHECK(values.resets() ==
        std::vector<std::pair<Counter, std::uint32_t>>{{Counter::kXmitData, 1}, {Counter::kRcvErrors, 3}});
  CHECK(values.Resets(Counter::kLinkDowned) == 0);
  values.SetResets(Counter::kXmitData, 0);
  CHECK(values.resets().size() == 1);
  CHECK(values.Resets(Counter::kRcvErrors) == 3);
}

}  // namespace aftershock
