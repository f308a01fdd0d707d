#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exporter/plan_text.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

// Less than one of the slices in which traffic is summed says little of an hour.
constexpr double kLittle = 300;

std::string Hosts(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", Count(count, "host"), count == 1 ? one : many);
}

}  // namespace

std::string PlanHeadline(const Plan& plan) {
  const auto count = [](const auto& list, const auto& wanted) {
    return static_cast<std::size_t>(std::ranges::count_if(list, wanted));
  };
  const std::size_t cut = count(plan.hosts, &PlanHost::cut_off), weaker = count(plan.hosts, LosesRedundancy),
                    over = count(plan.loads, [](const PlanLoad&load) { return load.overloaded; }),
                    no_sm =
                        count(plan.planes, [](const PlanPlane&plane) { return plane.sm == SmFate::kNone; });
  std::vector<std::string> parts;
  if (cut != 0) parts.push_back(Hosts(cut, "is cut off", "are cut off"));
  const std::size_t astray =
      count(plan.hosts, [](const PlanHost& host) { return host.misses_target && !host.cut_off; });
  if (astray != 0) parts.push_back(Hosts(astray, "loses every way there", "lose every way there"));
  if (over != 0) parts.push_back(fmt::format("{} overloaded", Grouped(over)));
  if (no_sm != 0) parts.emplace_back("no subnet manager stays");
  if (parts.empty() && !plan.gaps.empty()) parts.emplace_back("not enough is known to say");
  if (cut == 0)
    parts.emplace_back(plan.gaps.empty() ? "nobody is cut off" : "nobody that was seen is cut off");
  if (weaker != 0) parts.push_back(Hosts(weaker, "loses redundancy", "lose redundancy"));
  if (plan.load_known == LoadKnown::kNo) parts.emplace_back("the load is not known");
  if (plan.load_known != LoadKnown::kNo && plan.load_seconds < kLittle)
    parts.push_back(fmt::format("the load was measured for {:.0f} s only", plan.load_seconds));
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace aftershock::exporter
