// sa-silent, as the fabric shows it, and sa-slow.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "rules/host/table.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"

namespace aftershock::rules {
namespace {

// A master answers as busy until its first sweep has ended.
bool TookOverJustNow(const View& view) {
  const auto& moved = view.state().subnet.master_moved;
  if (!moved) return false;
  return ToSeconds(view.snapshot().sweep.started_steady - *moved) <
         view.Threshold(kSaSilent, "takeover_seconds");
}

}  // namespace

std::vector<Finding> FindSilentSa(const View& view) {
  const FabricSnapshot& snapshot = view.snapshot();
  const SaView& sa = snapshot.sa;
  if (view.OwnPortUnusable() || !Missing(sa.answer)) return {};
  if (sa.answer == Answer::kUnreachable && !snapshot.sweep.complete) return {};
  Finding finding =
      view.Found(kSaSilent, Subject::Fabric(),
                 fmt::format("The subnet's administration at LID {} does not answer as it should: {}",
                             static_cast<unsigned>(sa.lid), ToString(sa.answer)),
                 {{"asked for", "ClassPortInfo", ""}, {"answer", std::string(ToString(sa.answer)), ""}});
  if (TookOverJustNow(view)) finding.severity = Severity::kNote;
  return {std::move(finding)};
}

std::vector<Finding> FindSlowSa(const View& view) {
  const auto& all = view.state().subnet.sa_latencies;
  const auto count = static_cast<std::size_t>(view.Threshold(kSaSlow, "answers"));
  if (view.snapshot().sa.answer != Answer::kAnswered || all.size() < count) return {};
  const std::span last = std::span(all).last(count);
  const double least = ToSeconds(std::ranges::min(last));
  const double slow = view.Threshold(kSaSlow, "slow_seconds");
  if (least < slow) return {};
  return {view.Found(kSaSlow, Subject::Fabric(),
                     fmt::format("The subnet's administration at LID {} took {:.0f} ms and more for each of "
                                 "its last {} answers",
                                 static_cast<unsigned>(view.snapshot().sa.lid), 1000 * least, count),
                     {{"last answer took", ToSeconds(last.back()), "s"},
                      {"slowest of them", ToSeconds(std::ranges::max(last)), "s"},
                      {"slow is", slow, "s"}})};
}

}  // namespace aftershock::rules
