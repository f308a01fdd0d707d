#include "model/json/route.h"

#include "base/printable.h"

namespace aftershock {
namespace {

using nlohmann::json;

constexpr int kSchema = 1;

json Text(const std::string& text) {
  return text.empty() ? json() : json(Printable(text));
}

json Texts(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const std::string& text : texts) list.push_back(Printable(text));
  return list;
}

json PortOf(const RoutePort& port) {
  return {{"node", Printable(port.node)},
          {"guid", ToString(port.guid)},
          {"type", port.is_switch ? "switch" : "host"},
          {"port", port.port},
          {"lid", port.lid == Lid{} ? json() : json(static_cast<unsigned>(port.lid))}};
}

json StepsOf(const std::vector<RouteStep>& steps) {
  json list = json::array();
  for (const RouteStep& step : steps) {
    list.push_back({{"from", PortOf(step.from)},
                    {"to", PortOf(step.to)},
                    {"state", Text(step.state)},
                    {"speed", Text(step.speed)},
                    {"lane", Text(step.lane)},
                    {"errors", Texts(step.errors)},
                    {"findings", Texts(step.findings)}});
  }
  return list;
}

const char* Word(RouteEnding ending) {
  switch (ending) {
    case RouteEnding::kArrives:
      return "arrives";
    case RouteEnding::kBroken:
      return "broken";
    case RouteEnding::kUnknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace

json ToJson(std::span<const Route> routes) {
  json list = json::array();
  for (const Route& route : routes) {
    list.push_back({{"plane", Printable(route.plane)},
                    {"from", PortOf(route.from)},
                    {"to", PortOf(route.to)},
                    {"ending", Word(route.ending)},
                    {"wrong", Text(route.wrong)},
                    {"steps", StepsOf(route.steps)}});
  }
  return {{"schema", kSchema}, {"routes", std::move(list)}};
}

json ToJson(std::span<const RouteCycles> planes, Verdict verdict) {
  json list = json::array();
  for (const RouteCycles& plane : planes) {
    json cycles = json::array();
    for (const RouteCycle& cycle : plane.cycles) {
      cycles.push_back({{"kind", cycle.forwarding ? "packets" : "credits"}, {"steps", StepsOf(cycle.steps)}});
    }
    list.push_back({{"plane", Printable(plane.plane)},
                    {"verdict", ToString(plane.verdict)},
                    {"summary", Printable(plane.summary)},
                    {"cycles", std::move(cycles)}});
  }
  return {{"schema", kSchema}, {"verdict", ToString(verdict)}, {"planes", std::move(list)}};
}

}  // namespace aftershock
