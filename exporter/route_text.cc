#include "exporter/route_text.h"

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::exporter {
namespace {

std::string Coloured(const TextStyle& style, int colour, const std::string& text) {
  return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : text;
}
constexpr int kRed = 31, kGreen = 32, kYellow = 33;

// As ibtracert names an end: "ca {0x…} port 1 lid 4 "host1"".
std::string EndText(const RoutePort& port) {
  return fmt::format("{} {} port {} lid {} \"{}\"", port.is_switch ? "switch" : "adapter",
                     ToString(port.guid), port.port, static_cast<unsigned>(port.lid), Printable(port.node));
}

std::string StepText(const RouteStep& step) {
  std::string link = step.state.empty() ? "not known" : step.state;
  if (!step.speed.empty()) link += " " + step.speed;
  if (!step.lane.empty()) link += " " + step.lane;
  return fmt::format("[{}] -> {} {} [{}] lid {} \"{}\"  {}", step.from.port,
                     step.to.is_switch ? "switch" : "adapter", ToString(step.to.guid), step.to.port,
                     static_cast<unsigned>(step.to.lid), Printable(step.to.node), link);
}

std::string StepsText(const std::vector<RouteStep>& steps, const TextStyle& style) {
  std::string out;
  for (const RouteStep& step : steps) {
    out += StepText(step) + '\n';
    for (const std::string& error : step.errors) out += "      " + Printable(error) + '\n';
    for (const std::string& finding : step.findings)
      out += "      " + Coloured(style, kYellow, Printable(finding)) + '\n';
  }
  return out;
}

}  // namespace

std::string RouteText(const Route& route, const TextStyle& style) {
  std::string out = "From " + EndText(route.from) + '\n' + StepsText(route.steps, style);
  out += "To " + EndText(route.to) + '\n';
  switch (route.ending) {
    case RouteEnding::kArrives:
      return out + Coloured(style, kGreen, fmt::format("arrives over {} links", route.steps.size())) + '\n';
    case RouteEnding::kBroken:
      return out + Coloured(style, kRed, "does not arrive: " + Printable(route.wrong)) + '\n';
    case RouteEnding::kUnknown:
      break;
  }
  return out + Coloured(style, kYellow, "not known: " + Printable(route.wrong)) + '\n';
}

std::string CyclesText(const RouteCycles& cycles, const TextStyle& style) {
  const int colour = cycles.verdict == Verdict::kOk        ? kGreen
                     : cycles.verdict == Verdict::kUnknown ? kYellow
                                                           : kRed;
  std::string out =
      fmt::format("{}: {}\n", Printable(cycles.plane), Coloured(style, colour, Printable(cycles.summary)));
  for (const RouteCycle& cycle : cycles.cycles) {
    if (cycle.steps.empty()) continue;
    out += fmt::format("\n{} from {} \"{}\"\n", cycle.forwarding ? "Packets circle" : "A cycle of credits",
                       ToString(cycle.steps.front().from.guid), Printable(cycle.steps.front().from.node));
    out += StepsText(cycle.steps, style);
  }
  return out;
}

}  // namespace aftershock::exporter
