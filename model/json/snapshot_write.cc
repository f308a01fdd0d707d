#include <ostream>

#include "model/json/snapshot.h"
#include "model/json/writer.h"

namespace aftershock {
namespace codec {

nlohmann::json EncodeSpeeds(SpeedSet speeds) {
  nlohmann::json names = nlohmann::json::array();
  for (const SpeedSpec& spec : kSpeeds) {
    if (speeds.Has(spec.speed)) names.push_back(spec.name);
  }
  return names;
}

void Writer::Counters(const CounterValues& counters) {
  nlohmann::json values = nlohmann::json::object();
  nlohmann::json saturated = nlohmann::json::array();
  nlohmann::json resets = nlohmann::json::object();
  for (const CounterSpec& spec : aftershock::Counters()) {
    if (counters.Has(spec.id)) values.emplace(spec.name, counters[spec.id]);
    if (counters.Saturated(spec.id)) saturated.push_back(spec.name);
  }
  for (const auto& [counter, count] : counters.resets()) resets.emplace(Spec(counter).name, count);
  if (!values.empty()) object_.emplace("counters", std::move(values));
  if (!saturated.empty()) object_.emplace("saturated", std::move(saturated));
  if (!resets.empty()) object_.emplace("resets", std::move(resets));
}

}  // namespace codec

namespace {

nlohmann::json Head(const FabricSnapshot& snapshot) {
  return {{"schema", kJsonSchema},
          {"local", codec::Encode(snapshot.local)},
          {"sweep", codec::Encode(snapshot.sweep)},
          {"sm", codec::Encode(snapshot.sm)},
          {"sms", codec::EncodeList(snapshot.sms)},
          {"sa", codec::Encode(snapshot.sa)}};
}

}  // namespace

nlohmann::json ToJson(const FabricSnapshot& snapshot) {
  nlohmann::json object = Head(snapshot);
  object["nodes"] = codec::EncodeList(snapshot.nodes);
  return object;
}

void WriteJson(const FabricSnapshot& snapshot, std::ostream& out) {
  std::string head = Head(snapshot).dump();
  head.pop_back();  // the closing brace comes after the nodes
  out << head << ",\n\"nodes\":[";
  std::string_view separator = "\n";
  for (const Node& node : snapshot.nodes) {
    out << separator << codec::Encode(node).dump();
    separator = ",\n";
  }
  out << "\n]}\n";
}

}  // namespace aftershock
