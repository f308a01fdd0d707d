#include "probes/host/probe_history.h"

#include <catch2/catch.hpp>

namespace aftershock::host {
namespace {

using namespace std::chrono_literals;
const ProbeKey kKey{ProbeKind::kArpUnicast, "10.1.0.2", "ib0"};

TEST_CASE("A result covers the last rounds and no more", "[host][probes]") {
  ProbeHistory history(3);
  history.Add(kKey, true, 9ms);
  history.Add(kKey, true, 1ms);
  history.Add(kKey, true, std::nullopt);
  history.Add(kKey, true, 3ms);
  const ProbeResult result = history.Result(kKey);
  CHECK(result.sent == 3);
  CHECK(result.answered == 2);
  CHECK(result.latency_min == Duration(1ms));
  CHECK(result.latency_mean == Duration(2ms));
  CHECK(result.latency_max == Duration(3ms));
}

TEST_CASE("What could not be sent is no loss", "[host][probes]") {
  ProbeHistory history(10);
  history.Add(kKey, false, std::nullopt);
  const ProbeResult result = history.Result(kKey);
  CHECK(result.sent == 0);
  CHECK_FALSE(result.latency_mean.has_value());
}

TEST_CASE("What is probed no more is forgotten", "[host][probes]") {
  ProbeHistory history(10);
  const ProbeKey other{ProbeKind::kArpUnicast, "10.1.0.2", "ib1"};
  history.Add(kKey, true, 1ms);
  history.Add(other, true, 1ms);
  history.Keep({other});
  CHECK(history.Result(kKey).sent == 0);
  CHECK(history.Result(other).sent == 1);
}

}  // namespace
}  // namespace aftershock::host
