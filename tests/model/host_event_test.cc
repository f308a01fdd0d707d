#include "model/host_event.h"

#include <catch2/catch.hpp>
#include <set>

namespace aftershock {

TEST_CASE("Every kind of event has a name of its own, in snake_case", "[model][unit]") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kHostEventKindCount; ++i) {
    const auto name = ToString(static_cast<HostEventKind>(i));
    CAPTURE(name);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
    CHECK(name != "unknown");
    CHECK(names.insert(name).second);
  }
}

TEST_CASE("Verbs' events are displayed as operators know them, the rest as they are", "[model][unit]") {
  CHECK(ToString(HostEventKind::kClientReregister) == "client_reregister");
  CHECK(DisplayName(HostEventKind::kClientReregister) == "CLIENT_REREGISTER");
  CHECK(DisplayName(HostEventKind::kDeviceFatal) == "DEVICE_FATAL");
  CHECK(DisplayName(HostEventKind::kHcaAdded) == "hca_added");
  CHECK(ToString(HostEventKind::kNetlinkOverrun) == "netlink_overrun");
}

TEST_CASE("A kind that does not exist is unknown", "[model][hostile]") {
  CHECK(ToString(static_cast<HostEventKind>(255)) == "unknown");
}

}  // namespace aftershock
