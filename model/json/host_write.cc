#include "model/json/host.h"
#include "model/json/host_fields.h"
#include "model/json/report.h"
#include "model/json/snapshot.h"
#include "model/json/writer.h"

namespace aftershock {

nlohmann::json ToJson(const HostSnapshot& snapshot) {
  nlohmann::json object = codec::Encode(snapshot);
  object["schema"] = kJsonSchema;
  nlohmann::json counts = nlohmann::json::array();
  for (const auto& [key, count] : snapshot.event_counts) {
    counts.push_back(codec::Encode(codec::EventCount{key.first, key.second, count}));
  }
  if (!counts.empty()) object["event_counts"] = std::move(counts);
  return object;
}

nlohmann::json ToJson(const HostReport& report, WallTime served, bool fresh) {
  nlohmann::json object = ToJson(*report.snapshot);
  object["verdict"] = ToString(report.verdict);
  object["findings"] = FindingsJson(report.findings);
  object["served"] = FormatTime(served);
  object["fresh"] = fresh;
  return object;
}

}  // namespace aftershock
