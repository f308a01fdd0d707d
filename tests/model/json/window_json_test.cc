#include "model/json/window.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace aftershock;

namespace {

const WallTime kTime{std::chrono::milliseconds(1300067966535)};

Window Full() {
  Window window;
  window.id = 12;
  window.title = "exclude sw2";
  window.scope = {{"switch:sw2", {SubjectKind::kSwitch, Guid{2}, 0, "0,1,7", {}}, "sw2"},
                  {"pair:core", Subject::Pair("core"), ""}};
  window.expect = {{window.scope[0]}};
  window.hands_off = true;
  window.asked_by = "root@mgmt1 (pid 4711)";
  window.asked = kTime;
  window.despite = "";
  window.state = WindowState::kSoaking;
  window.opened = window.closed = window.ended = kTime;
  window.verify = std::chrono::minutes(3);
  window.soak = std::chrono::hours(24);
  window.soak_because = "neighbour entries age";
  window.watched = std::chrono::nanoseconds(1234567891);
  window.baseline = 7;
  window.transitions = {{WindowState::kPlanned, WindowState::kOpen, kTime, "monitor", "asked"}};
  window.findings = {{"rule subject", "summary", Severity::kNote, true, kTime, 0.25, "it fits"}};
  window.awaited = {"a", "b"};
  window.missing = {"host node7"};
  return window;
}

}  // namespace

TEST_CASE("A window survives the way through its text", "[model][json][unit]") {
  const auto back = WindowFromJson(ToJson(Full()).dump());
  REQUIRE(back);
  CHECK(*back == Full());
  CHECK(*WindowFromJson(ToJson(Window()).dump()) == Window());
}

TEST_CASE("A request survives the way through its text", "[model][json][unit]") {
  const Request request{3,        RequestKind::kExtend,  12,   "root", kTime, "why",
                        "host:n", std::chrono::hours(1), "no", true};
  CHECK(*RequestFromJson(ToJson(request).dump()) == request);
}

TEST_CASE("A finding survives the way through its text", "[model][json][unit]") {
  Finding finding{"link-lost", Severity::kCritical, true, Subject::Link({Guid{1}, 7}), "it is gone"};
  finding.evidence = {{"n", std::int64_t{-3}, "errors"}, {"x", 3.0, ""}, {"t", std::string("3"), ""}};
  finding.because = "rule subject";
  finding.explained = "w12 expects it";
  finding.window = "w12";
  const auto back = FindingFromJson(ToJson(finding).dump());
  REQUIRE(back);
  CHECK(ToJson(*back) == ToJson(finding));
  for (std::size_t i = 0; i < 3; ++i) CHECK(back->evidence[i].value == finding.evidence[i].value);
}

TEST_CASE("What no window can be is refused, and named", "[model][json][unit]") {
  nlohmann::json window = ToJson(Full());
  window["scope"][1]["subject"]["kind"] = "planet";
  CHECK(WindowFromJson(window.dump()).error().what ==
        "scope[1].subject.kind: one of the known names is expected, not \"planet\"");
  window = ToJson(Full());
  window["soak_seconds"] = -1;
  CHECK(WindowFromJson(window.dump()).error().code == Errc::kMalformed);
  window["schema"] = 2;
  CHECK(WindowFromJson(window.dump()).error().code == Errc::kUnsupported);
  CHECK(WindowFromJson("[]").error().code == Errc::kMalformed);
}

TEST_CASE("No change of a byte of a window does worse than an error", "[model][json][unit]") {
  CHECK(rc::check("it is read, or not", [] {
    std::string text = ToJson(Full()).dump();
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto window = WindowFromJson(text);
    RC_ASSERT(window || window.error().code != Errc::kInternal);
  }));
}
