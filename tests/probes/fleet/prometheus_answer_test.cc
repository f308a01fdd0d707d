#include "probes/fleet/prometheus_answer.h"

#include <catch2/catch.hpp>

using namespace aftershock;
using Catch::Matchers::Contains;
using fleet::SamplesFromJson;

namespace {

std::string Vector(const std::string& result, const std::string& more = "") {
  return R"({"status":"success",)" + more + R"("data":{"resultType":"vector","result":[)" + result + "]}}";
}
const std::string kSample =
    R"({"metric":{"__name__":"up","instance":"node7:9917"},"value":[1435781451.781,"1"]})";

std::string Complaint(const std::string& text) {
  const auto samples = SamplesFromJson(text);
  REQUIRE_FALSE(samples);
  CHECK(samples.error().code == Errc::kMalformed);
  return samples.error().what;
}

}  // namespace

TEST_CASE("A vector is read, with its labels, time and value", "[fleet][prometheus]") {
  const auto samples = SamplesFromJson(Vector(kSample));
  REQUIRE(samples);
  REQUIRE(samples->size() == 1);
  CHECK((*samples)[0].labels.at("instance") == "node7:9917");
  CHECK((*samples)[0].at == Approx(1435781451.781));
  CHECK((*samples)[0].value == 1);
  CHECK(SamplesFromJson(Vector(""))->empty());
  CHECK(SamplesFromJson(Vector(kSample, R"("warnings":[],)")));
}

TEST_CASE("Values that are no finite numbers are still values", "[fleet][prometheus]") {
  for (const char* text : {"NaN", "+Inf", "-Inf", "1e9"}) {
    CAPTURE(text);
    CHECK(SamplesFromJson(Vector(R"({"metric":{},"value":[1,")" + std::string(text) + R"("]})")));
  }
}

TEST_CASE("What Prometheus complains about is told, and its answer not used", "[fleet][prometheus]") {
  CHECK_THAT(Complaint(R"({"status":"error","errorType":"timeout","error":"query timed out"})"),
             Contains("query timed out"));
  CHECK_THAT(Complaint(Vector(kSample, R"("warnings":["store x was not reached"],)")),
             Contains("may not be all of it") && Contains("store x was not reached"));
  CHECK_THAT(Complaint(Vector(kSample, R"("warnings":"odd",)")), Contains("may not be all of it"));
}

TEST_CASE("What is no vector of samples is refused, whatever it is", "[fleet][prometheus]") {
  for (const std::string& text :
       std::vector<std::string>{"",
                                "null",
                                "[]",
                                "{}",
                                "<html>",
                                R"({"status":7})",
                                R"({"status":"success"})",
                                R"({"status":"success","data":[]})",
                                R"({"status":"success","data":{"resultType":"matrix","result":[]}})",
                                R"({"status":"success","data":{"resultType":"vector"}})",
                                Vector("7"),
                                Vector(R"({"metric":{}})"),
                                Vector(R"({"metric":[],"value":[1,"1"]})"),
                                Vector(R"({"metric":{"a":1},"value":[1,"1"]})"),
                                Vector(R"({"metric":{},"value":[1,1]})"),
                                Vector(R"({"metric":{},"value":["1","1"]})"),
                                Vector(R"({"metric":{},"value":[1,"one"]})"),
                                Vector(R"({"metric":{},"value":[1,"1 "]})"),
                                Vector(kSample).substr(0, 60),
                                std::string(5000, '['),
                                Vector(kSample) + "x"}) {
    CAPTURE(text.substr(0, 80));
    Complaint(text);
  }
}

TEST_CASE("Labels are made printable", "[fleet][prometheus]") {
  const auto samples = SamplesFromJson(Vector(R"({"metric":{"instance":"a\u001b[2Jb"},"value":[1,"1"]})"));
  REQUIRE(samples);
  CHECK((*samples)[0].labels.at("instance").find('\x1b') == std::string::npos);
}
