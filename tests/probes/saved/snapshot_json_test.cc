#include "model/json/snapshot.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "random_snapshot.h"

namespace aftershock {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

// Two nodes, a switch and an adapter, and the cable between them.
nlohmann::json Small() {
  FabricSnapshot snapshot;
  snapshot.local.device = "mlx5_0";
  for (std::uint32_t i = 0; i < 2; ++i) {
    Node& node = snapshot.nodes.emplace_back();
    node.guid = Guid{i + 1};
    node.ports.resize(2);
    node.ports[0].num = 1;
    node.ports[0].peer = {1 - i, 1};
    node.ports[0].info.emplace().lid = Lid{7};
    node.ports[1].num = 2;
  }
  return ToJson(snapshot);
}

std::string Written(const FabricSnapshot& snapshot) {
  std::ostringstream out;
  WriteJson(snapshot, out);
  return out.str();
}

// The complaint about Small() with the value at `path` replaced.
std::string Complaint(const char* path, const nlohmann::json& value) {
  auto json = Small();
  json[nlohmann::json::json_pointer(path)] = value;
  const auto snapshot = SnapshotFromJson(json.dump());
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().code == Errc::kMalformed);
  return snapshot.error().what;
}

}  // namespace

TEST_CASE("Everything but the monotonic time survives the way through JSON", "[json][property]") {
  CHECK(rc::check("FromJson(ToJson(x)) is x", [] {
    const FabricSnapshot snapshot = RandomSnapshot();
    const auto again = SnapshotFromJson(ToJson(snapshot).dump());
    if (!again) RC_FAIL(again.error().what);
    RC_ASSERT(Same(snapshot, *again));
    RC_ASSERT(again->sweep.started_steady == SteadyTime{});
  }));
}

TEST_CASE("The text written node by node is the same object", "[json][property]") {
  CHECK(rc::check("WriteJson(x) is ToJson(x)", [] {
    const FabricSnapshot snapshot = RandomSnapshot();
    RC_ASSERT(nlohmann::json::parse(Written(snapshot)) == ToJson(snapshot));
  }));
}

TEST_CASE("Every truncation of a snapshot is an error that says so", "[json][hostile]") {
  const std::string whole = Small().dump();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto snapshot = SnapshotFromJson(std::string_view(whole).substr(0, size));
    REQUIRE_FALSE(snapshot);
    CHECK_THAT(snapshot.error().what, StartsWith("truncated") || StartsWith("not JSON"));
  }
}

TEST_CASE("A snapshot with any byte changed is read or refused, and nothing else happens",
          "[json][hostile]") {
  CHECK(rc::check("no change of a byte throws", [] {
    static const std::string whole = Small().dump();
    std::string text = whole;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    }
    const auto snapshot = SnapshotFromJson(text);
    RC_ASSERT(snapshot.has_value() || !snapshot.error().what.empty());
  }));
}

TEST_CASE("Any bytes are refused without a crash", "[json][hostile]") {
  CHECK(rc::check("random bytes are no snapshot",
                  [](const std::string& bytes) { RC_ASSERT_FALSE(SnapshotFromJson(bytes).has_value()); }));
}

TEST_CASE("What is wrong is said with its place", "[json][unit]") {
  CHECK(Complaint("/nodes/1/ports/0/info/lid", 70000) ==
        "nodes[1].ports[0].info.lid: a whole number from 0 to 65535 is expected, not 70000");
  CHECK(Complaint("/nodes/0/ports/0/info/lid", -1) ==
        "nodes[0].ports[0].info.lid: a whole number from 0 to 65535 is expected, not -1");
  CHECK(Complaint("/nodes/0/ports/0/info/lid", 1e300) ==
        "nodes[0].ports[0].info.lid: a whole number from 0 to 65535 is expected, not 1e+300");
  CHECK(Complaint("/nodes/0/name", nlohmann::json::array()) ==
        "nodes[0].name: text is expected, not an array");
  CHECK(Complaint("/nodes/0/guid", "xyz") ==
        "nodes[0].guid: up to 16 hexadecimal digits is expected, not \"xyz\"");
  CHECK(Complaint("/nodes/0/answer", "perhaps") ==
        "nodes[0].answer: one of the known names is expected, not \"perhaps\"");
  CHECK(Complaint("/nodes/0/ports/0/peer", {2, 1}) == "nodes[0].ports[0].peer: there is no node 2");
  CHECK(Complaint("/nodes/0", 5) == "nodes[0]: is not an object");
  CHECK(Complaint("/sweep/started", "yesterday") ==
        "sweep.started: a time like 2011-03-14T01:59:26.535Z is expected, not \"yesterday\"");
  CHECK(Complaint("/sweep/started", "2011-02-30T01:59:26.535Z") ==
        "sweep.started: a time like 2011-03-14T01:59:26.535Z is expected, not \"2011-02-30T01:59:26.535Z\"");
  CHECK(Complaint("/sweep/duration_seconds", -1) ==
        "sweep.duration_seconds: a number of seconds is expected, not -1");
  CHECK(Complaint("/sweep/coverage", true) == "sweep.coverage: an object is expected, not true");
}

TEST_CASE("What is wrong with a table is said without the table", "[json][hostile]") {
  const std::string linear = "nodes[0].tables.linear.table: two hexadecimal digits for each LID is expected";
  for (const nlohmann::json& text : {nlohmann::json("0"), nlohmann::json("0g"), nlohmann::json(5),
                                     nlohmann::json(std::string(2 * 0xc000 + 2, '0'))}) {
    CHECK_THAT(Complaint("/nodes/0/tables/linear/table", text), StartsWith(linear));
  }
  for (const nlohmann::json& groups :
       {nlohmann::json("x"), nlohmann::json{{"xyz", "1"}}, nlohmann::json{{"c0000", "1"}},
        nlohmann::json{{"c000", ""}}, nlohmann::json{{"c000", std::string(65, '1')}}}) {
    CHECK_THAT(Complaint("/nodes/0/tables/multicast/table", groups),
               Contains("an object of port sets by MLID is expected"));
  }
  const std::string row(16, '0');
  for (const nlohmann::json& rows :
       {nlohmann::json(1), nlohmann::json{{"0", nlohmann::json::object()}}, nlohmann::json{{row, 1}},
        nlohmann::json{{row, {{"256", "1"}}}}, nlohmann::json{{row, {{"1", 1}}}}}) {
    CHECK_THAT(Complaint("/nodes/0/tables/sl_to_vl/table", rows),
               Contains("an object of incoming ports by exit, by row is expected"));
  }
  CHECK_THAT(Complaint("/nodes/0/ports/0/partitions", {{"keys", std::vector<int>(70'000, 1)}}),
             Contains("a list of at most 65536 elements is expected"));
}

TEST_CASE("A table of five thousand LIDs takes ten thousand characters", "[json][unit]") {
  FabricSnapshot snapshot;
  Node& node = snapshot.nodes.emplace_back();
  node.tables.linear.table =
      std::make_shared<const LinearTable>(LinearTable{std::vector<std::uint8_t>(5'000, 17)});
  SlToVlTable by_pair;
  for (std::uint8_t in = 1; in <= 36; ++in) {
    for (std::uint8_t out = 1; out <= 36; ++out) by_pair.vl[{in, out}] = {};
  }
  node.tables.sl_to_vl.table = std::make_shared<const SlToVlTable>(by_pair);
  CHECK(Written(snapshot).size() < 12'000);
}

TEST_CASE("Nodes and ports out of order, or twice, are refused", "[json][unit]") {
  CHECK(Complaint("/nodes/0/guid", "0x3") == "nodes[1]: the nodes are not in the order of their GUIDs");
  CHECK(Complaint("/nodes/0/ports/1/num", 1) ==
        "nodes[0].ports[1]: the ports are not in the order of their numbers");
  CHECK(Complaint("/nodes/0/ports/0/num", 3) ==
        "nodes[0].ports[1]: the ports are not in the order of their numbers");
}

TEST_CASE("A field that a snapshot is nothing without is missed", "[json][unit]") {
  const auto [parent, name, complaint] = GENERATE(table<std::string, std::string, std::string>({
      {"/nodes/1", "guid", "nodes[1].guid: is missing"},
      {"/nodes/1/ports/1", "num", "nodes[1].ports[1].num: is missing"},
      {"", "sweep", "sweep: is missing"},
      {"/sweep/coverage", "nodes", "sweep.coverage.nodes: is not an object"},
      {"", "nodes", "not a snapshot of aftershock: it has no list of \"nodes\""},
      {"", "schema", "not a snapshot of aftershock: it has no \"schema\""},
  }));
  auto json = Small();
  json[nlohmann::json::json_pointer(parent)].erase(name);
  const auto snapshot = SnapshotFromJson(json.dump());
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().what == complaint);
}

TEST_CASE("JSON of something else is not ours", "[json][unit]") {
  for (const char* text :
       {"null", "5", "[]", "{}", "\"schema\"", R"([{"schema":1}])", R"({"schema":"1","nodes":[]})"}) {
    CAPTURE(text);
    const auto snapshot = SnapshotFromJson(text);
    REQUIRE_FALSE(snapshot);
    CHECK_THAT(snapshot.error().what, StartsWith("not a snapshot of aftershock"));
  }
}

TEST_CASE("A newer schema is said before its strange parts are", "[json][unit]") {
  auto json = Small();
  json["schema"] = 2;
  json["nodes"][0] = "a new kind of node";
  const auto snapshot = SnapshotFromJson(json.dump());
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().code == Errc::kUnsupported);
  CHECK(snapshot.error().what == "written by a newer aftershock: schema 2, known here up to 1");
}

TEST_CASE("What a later version adds is skipped", "[json][unit]") {
  auto json = Small();
  json["colour"] = "blue";
  json["nodes"][0]["ports"][0]["counters"] = {{"unheard_of", 5}, {"rcv_data", 6}};
  const auto snapshot = SnapshotFromJson(json.dump());
  REQUIRE(snapshot);
  CHECK(snapshot->nodes[0].ports[0].counters.Get(Counter::kRcvData) == 6u);
}

TEST_CASE("Escape sequences in a file's names do not reach a terminal", "[json][hostile]") {
  auto json = Small();
  json["nodes"][0]["name"] = "\x1b[2J";
  const auto snapshot = SnapshotFromJson(json.dump());
  REQUIRE(snapshot);
  CHECK(snapshot->nodes[0].name == "\\x1b[2J");
}

TEST_CASE("Deep nesting is refused, wherever it is", "[json][hostile]") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  for (const std::string& text : {deep, R"({"schema":1,"nodes":[)" + deep + "]}",
                                  R"({"schema":1,"nodes":[{"guid":"1","ports":)" + deep + "}]}",
                                  R"({"schema":1,"sweep":)" + deep + R"(,"nodes":[]})"}) {
    CHECK_FALSE(SnapshotFromJson(text));
  }
}

TEST_CASE("Ten megabytes of anything are refused", "[json][hostile]") {
  constexpr std::size_t kSize = 10'000'000;
  std::string zeros(kSize, '0');
  for (std::size_t i = 1; i < kSize; i += 2) zeros[i] = ',';
  zeros.back() = '0';
  const auto snapshot = SnapshotFromJson(R"({"schema":1,"nodes":[{"guid":"1","ports":[)" + zeros + "]}]}");
  REQUIRE_FALSE(snapshot);
  CHECK_FALSE(SnapshotFromJson(std::string(kSize, '[')));
  CHECK_FALSE(SnapshotFromJson(R"({"schema":1,"nodes":[],"local":")" + std::string(kSize, 'x')));
}

TEST_CASE("More ports than any node has are refused", "[json][hostile]") {
  nlohmann::json ports = nlohmann::json::array();
  for (int i = 0; i < 257; ++i) ports.push_back({{"num", i}});
  CHECK(Complaint("/nodes/0/ports", ports) ==
        "nodes[0].ports: a list of at most 256 ports is expected, not an array");
  CHECK_THAT(Complaint("/nodes/0/route", std::vector<int>(64, 1)),
             Contains("a list of at most 63 ports is expected"));
}

}  // namespace aftershock
