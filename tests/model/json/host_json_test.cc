#include "model/json/host.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "model/json/report.h"
#include "model/json/snapshot.h"
#include "random_host.h"

namespace aftershock {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

// One adapter with one port, one link over it, one event.
HostSnapshot Small() {
  HostSnapshot host;
  host.hostname = "n1";
  host.parts = {{HostPart::kAdapters, {}}, {HostPart::kKernelLog, Error{Errc::kDenied, "not allowed"}}};
  Hca& hca = host.hcas.emplace_back();
  hca.name = "mlx5_0";
  HostPort& port = hca.ports.emplace_back();
  port.num = 1;
  port.gid = Gid{0xfe80000000000000, 0x11};
  port.p_keys = {0xffff, 0x8001};
  port.uplink = Fail(Errc::kTimeout, "no answer");
  IpoibLink& link = host.links.emplace_back();
  link.index = 4;
  link.address = IpoibAddress{0x80, 0x48, *port.gid};
  host.events.emplace_back().sequence = 1;
  host.event_counts[{HostEventKind::kSmChange, "mlx5_0:1"}] = 3;
  return host;
}

// The complaint about Small() with the value at `path` replaced.
std::string Complaint(const char* path, const nlohmann::json& value) {
  auto json = ToJson(Small());
  json[nlohmann::json::json_pointer(path)] = value;
  const auto host = HostSnapshotFromJson(json.dump());
  REQUIRE_FALSE(host);
  CHECK(host.error().code == Errc::kMalformed);
  return host.error().what;
}

}  // namespace

TEST_CASE("Everything of a host but the monotonic time survives the way through JSON", "[json][property]") {
  CHECK(rc::check("FromJson(ToJson(x)) is x", [] {
    const HostSnapshot host = RandomHost();
    const auto again = HostSnapshotFromJson(ToJson(host).dump());
    if (!again) RC_FAIL(again.error().what);
    RC_ASSERT(Same(host, *again));
    RC_ASSERT(again->taken_steady == SteadyTime{});
    for (const HostEvent& event : again->events) RC_ASSERT(event.at == SteadyTime{});
  }));
}

TEST_CASE("A host's JSON reads as sysfs and ip write", "[json][unit]") {
  const auto json = ToJson(Small());
  CHECK(json["schema"] == 1);
  CHECK(json["parts"][1]["part"] == "kernel_log");
  CHECK(json["parts"][1]["error"] == nlohmann::json{{"code", "denied"}, {"what", "not allowed"}});
  CHECK(json["hcas"][0]["ports"][0]["gid"] == "fe80:0000:0000:0000:0000:0000:0000:0011");
  CHECK(json["hcas"][0]["ports"][0]["uplink_error"]["code"] == "timeout");
  CHECK(json["links"][0]["address"] == "80:00:00:48:fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00:11");
  CHECK(json["event_counts"][0] ==
        nlohmann::json{{"kind", "sm_change"}, {"source", "mlx5_0:1"}, {"count", 3}});
}

TEST_CASE("A host's report has verdict and findings beside the facts, and is read as a snapshot",
          "[json][unit]") {
  HostReport report;
  report.snapshot = std::make_shared<const HostSnapshot>(Small());
  report.verdict = Verdict::kWarning;
  report.findings.emplace_back().rule = "ipoib-flapping";
  const auto json = ToJson(report, WallTime{}, true);
  CHECK(json["verdict"] == "warning");
  CHECK(json["findings"] == FindingsJson(report.findings));
  const auto again = HostSnapshotFromJson(json.dump());
  REQUIRE(again);
  CHECK(Same(*again, Small()));
}

TEST_CASE("Every truncation of a host's snapshot is an error that says so", "[json][hostile]") {
  const std::string whole = ToJson(Small()).dump();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto host = HostSnapshotFromJson(std::string_view(whole).substr(0, size));
    REQUIRE_FALSE(host);
    CHECK_THAT(host.error().what, StartsWith("truncated") || StartsWith("not JSON"));
  }
}

TEST_CASE("A host's snapshot with any byte changed is read or refused, and nothing else happens",
          "[json][hostile]") {
  CHECK(rc::check("no change of a byte throws", [] {
    static const std::string whole = ToJson(Small()).dump();
    std::string text = whole;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    }
    const auto host = HostSnapshotFromJson(text);
    RC_ASSERT(host.has_value() || !host.error().what.empty());
  }));
}

TEST_CASE("What is wrong with a host's snapshot is said with its place", "[json][unit]") {
  CHECK(Complaint("/links/0/index", -1) ==
        "links[0].index: a whole number from 0 to 2147483647 is expected, not -1");
  CHECK(Complaint("/links/0/address", "80:00") ==
        "links[0].address: an address of 20 octets is expected, not \"80:00\"");
  CHECK(Complaint("/links/0/address", "80:00:00:48:fe:80:00:00:00:00:00:00:00:00:00:00:00:00:00-11") != "");
  CHECK(Complaint("/hcas/0/ports/0/gid", "fe80::11") ==
        "hcas[0].ports[0].gid: a GID of eight groups is expected, not \"fe80::11\"");
  CHECK(Complaint("/hcas/0/ports/0/uplink_error/code", "tired") ==
        "hcas[0].ports[0].uplink_error.code: one of the known names is expected, not \"tired\"");
  CHECK(Complaint("/hcas/0/ports/0/p_keys/1", 65536) ==
        "hcas[0].ports[0].p_keys[1]: a whole number from 0 to 65535 is expected, not 65536");
  CHECK(Complaint("/events/0/kind", 4) == "events[0].kind: a name is expected, not 4");
  CHECK(Complaint("/event_counts/0/count", nullptr) ==
        "event_counts[0].count: a whole number from 0 to 18446744073709551615 is expected, not null");
  CHECK(Complaint("/parts", "all") == "parts: a list of at most 65536 elements is expected, not \"all\"");
  CHECK(Complaint("/hcas/0", true) == "hcas[0]: an object is expected, not true");
}

TEST_CASE("A field that a host's snapshot is nothing without is missed", "[json][unit]") {
  const auto [parent, name, complaint] = GENERATE(table<std::string, std::string, std::string>({
      {"", "hostname", "not a host's snapshot: it has no \"hostname\""},
      {"", "schema", "not a snapshot of aftershock: it has no \"schema\""},
      {"", "parts", "parts: is missing"},
      {"", "taken", "taken: is missing"},
      {"/links/0", "index", "links[0].index: is missing"},
      {"/parts/1/error", "code", "parts[1].error.code: is missing"},
  }));
  auto json = ToJson(Small());
  json[nlohmann::json::json_pointer(parent)].erase(name);
  const auto host = HostSnapshotFromJson(json.dump());
  REQUIRE_FALSE(host);
  CHECK(host.error().what == complaint);
}

TEST_CASE("A fabric's snapshot is no host's, nor the other way round", "[json][unit]") {
  const auto host = HostSnapshotFromJson(ToJson(FabricSnapshot()).dump());
  REQUIRE_FALSE(host);
  CHECK_THAT(host.error().what, StartsWith("not a host's snapshot"));
  CHECK_FALSE(SnapshotFromJson(ToJson(Small()).dump()));
}

TEST_CASE("A newer schema of a host's snapshot is said before its strange parts are", "[json][unit]") {
  auto json = ToJson(Small());
  json["schema"] = 2;
  json["links"] = 5;
  const auto host = HostSnapshotFromJson(json.dump());
  REQUIRE_FALSE(host);
  CHECK(host.error().code == Errc::kUnsupported);
}

TEST_CASE("What a later version adds to a host's snapshot is skipped", "[json][unit]") {
  auto json = ToJson(Small());
  json["colour"] = "blue";
  json["links"][0]["colour"] = {{"r", 1}};
  const auto host = HostSnapshotFromJson(json.dump());
  REQUIRE(host);
  CHECK(Same(*host, Small()));
}

TEST_CASE("Escape sequences in a host's names do not reach a terminal", "[json][hostile]") {
  auto json = ToJson(Small());
  json["links"][0]["name"] = "\x1b[2J";
  const auto host = HostSnapshotFromJson(json.dump());
  REQUIRE(host);
  CHECK(host->links[0].name == "\\x1b[2J");
}

TEST_CASE("Deep nesting, long lists and many values are refused", "[json][hostile]") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK_FALSE(HostSnapshotFromJson(deep));
  CHECK_FALSE(HostSnapshotFromJson(R"({"schema":1,"hostname":"x","links":)" + deep + "}"));
  CHECK_THAT(Complaint("/hcas/0/ports/0/p_keys", std::vector<int>(70'000, 1)), Contains("at most 65536"));
  CHECK_THAT(Complaint("/colour", std::vector<int>(1'100'000, 1)), Contains("more values than any host has"));
}

TEST_CASE("What a host's monitor tells is read, and what is missing or wrong in it is named",
          "[json][hostile]") {
  HostReport report;
  report.snapshot = std::make_shared<const HostSnapshot>(Small());
  Finding& finding = report.findings.emplace_back();
  finding.rule = "ipoib-not-member";
  finding.severity = Severity::kCritical;
  finding.subject = Subject::Interface("ib0");
  finding.since = WallTime{std::chrono::seconds(1000)};
  finding.accepted = "known";
  const nlohmann::json whole = ToJson(report, WallTime{std::chrono::seconds(2000)}, true);
  const auto told = HostToldFromJson(whole.dump());
  REQUIRE(told);
  CHECK(told->served == WallTime{std::chrono::seconds(2000)});
  CHECK(Key(told->findings.at(0)) == Key(finding));
  CHECK(told->findings[0].accepted == finding.accepted);
  CHECK_FALSE(told->findings[0].because);
  const auto complaint = [&](const char* path, const nlohmann::json& value) {
    nlohmann::json json = whole;
    json[nlohmann::json::json_pointer(path)] = value;
    const auto wrong = HostToldFromJson(json.dump());
    REQUIRE_FALSE(wrong);
    return wrong.error().what;
  };
  CHECK_THAT(complaint("/served", 7), StartsWith("served: "));
  CHECK_THAT(complaint("/fresh", "yes"), StartsWith("fresh: "));
  CHECK_THAT(complaint("/verdict", "fine"), StartsWith("verdict: "));
  CHECK_THAT(complaint("/findings", "none"), StartsWith("findings: is not a list"));
  CHECK_THAT(complaint("/findings/0", 7), StartsWith("findings[0]: "));
  CHECK_THAT(complaint("/findings/0/subject", "moon:1"), StartsWith("findings[0].subject: is not a subject"));
  CHECK_THAT(complaint("/findings/0/since", "soon"), StartsWith("findings[0].since: "));
  for (const char* key : {"served", "fresh", "verdict", "findings"}) {
    nlohmann::json json = whole;
    json.erase(key);
    CHECK_FALSE(HostToldFromJson(json.dump()));
  }
}

}  // namespace aftershock
