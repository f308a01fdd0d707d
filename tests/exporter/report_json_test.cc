#include "model/json/report.h"

#include <catch2/catch.hpp>

#include "sample.h"

namespace aftershock {

TEST_CASE("A report's JSON has verdict, findings, coverage and sweep", "[json][unit]") {
  const auto json = ToJson(SampleReport());
  CHECK(json["schema"] == 1);
  CHECK(json["verdict"] == "critical");
  CHECK(json["findings"].size() == 8);
  CHECK(json["coverage"]["nodes"] == nlohmann::json{{"expected", 5}, {"answered", 5}, {"unanswered", 0}});
  CHECK(json["coverage"]["ports"]["unanswered"] == 1);
  CHECK(json["sweep"]["duration_seconds"] == 0.42);
  CHECK(json["sweep"]["mads"]["smp"]["sent"] == 1200);
  CHECK_FALSE(json.contains("planes"));
}

TEST_CASE("A finding's JSON has its evidence with units, and null for what it has not", "[json][unit]") {
  const auto finding = ToJson(SampleReport())["findings"][0];
  CHECK(finding["rule"] == "node-unresponsive");
  CHECK(finding["severity"] == "critical");
  CHECK(finding["unknown"] == true);
  CHECK(finding["subject"] == "switch:0x0002c90300a00002");
  CHECK(finding["evidence"][0] == nlohmann::json{{"name", "requests"}, {"value", 12}, {"unit", "MADs"}});
  CHECK(finding["since"] == "2011-03-14T01:43:20.250Z");
  CHECK(finding["because"].is_null());
  CHECK(finding["accepted"].is_null());
}

TEST_CASE("Several planes are summed, and listed one by one", "[json][unit]") {
  Report report = SampleReport();
  report.planes.push_back(report.planes[0]);
  report.planes[1].plane = "mlx5_1:1";
  const auto json = ToJson(report);
  CHECK(json["coverage"]["nodes"]["expected"] == 10);
  CHECK(json["sweep"]["mads"]["pma"]["timeouts"] == 2);
  REQUIRE(json["planes"].size() == 2);
  CHECK(json["planes"][1]["plane"] == "mlx5_1:1");
  CHECK(json["planes"][1]["coverage"]["nodes"]["expected"] == 5);
}

TEST_CASE("A plane that was never swept leaves null, not zero", "[json][unit]") {
  Report report = SampleReport();
  report.planes.push_back({"mlx5_1:1", nullptr, {}, {}, Verdict::kUnknown});
  const auto json = ToJson(report);
  CHECK(json["coverage"].is_null());
  CHECK(json["sweep"].is_null());
  CHECK(json["planes"][1]["coverage"].is_null());
  CHECK(json["planes"][1]["last_complete"].is_null());
}

TEST_CASE("Text that is not UTF-8 does not break a report's JSON", "[json][unit]") {
  Report report = SampleReport();
  report.findings[0].accepted = "caf\xe9\n";
  report.planes[0].plane = "\xff";
  CHECK_NOTHROW(ToJson(report).dump());
  CHECK(ToJson(report)["findings"][0]["accepted"] == "caf\\xe9\\x0a");
}

}  // namespace aftershock
