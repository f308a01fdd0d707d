// link-degraded, link-ends-disagree and link-slower-than-siblings: what a link runs at.
#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "rules/fabric/rules.h"
#include "rules/fabric/table.h"
#include "rules/fabric/tiers.h"
#include "rules/pairs.h"

namespace aftershock::rules {
namespace {

// The best that both ends support and enable; nullopt: one of them does not say.
struct Best {
  std::uint8_t width_code;
  LinkSpeed speed;
};

std::optional<Best> BestOf(const Link& link) {
  const PortInfo& a = *link.a->info;
  const PortInfo& b = *link.b->info;
  const int widths = a.width_supported & a.width_enabled & b.width_supported & b.width_enabled;
  const auto speed = (a.speed_supported & a.speed_enabled & b.speed_supported & b.speed_enabled).Fastest();
  std::uint8_t widest = 0;
  for (int bit = 0; bit < 8; ++bit) {
    const auto code = static_cast<std::uint8_t>(widths & (1 << bit));
    if (WidthLanes(code) > WidthLanes(widest)) widest = code;
  }
  if (widest == 0 || !speed) return std::nullopt;
  return Best{widest, *speed};
}

std::string Runs(const Link& link) {
  return LinkName(link.a->info->width_active, link.a->info->speed_active);
}

double Gigabits(double bits) {
  return bits / 1e9;
}

Finding Slower(const View& view, const Link& link, double usual, std::string than, Severity at_most) {
  Finding finding =
      view.Found(kLinkSlowerThanSiblings, SubjectOf(link),
                 fmt::format("{} runs at {}, slower than {}", NameOf(link), Runs(link), than),
                 {{"data rate", Gigabits(link.DataRate()), "Gb/s"}, {"siblings", Gigabits(usual), "Gb/s"}});
  finding.severity = std::min(finding.severity, at_most);
  return finding;
}

// The most common rate and how many links have it; the faster one of equals.
std::pair<double, int> MostCommon(std::vector<double> rates) {
  std::ranges::sort(rates);
  std::pair<double, int> best{0, 0};
  for (auto it = rates.begin(); it != rates.end();) {
    const auto end = std::ranges::upper_bound(it, rates.end(), *it);
    if (end - it >= best.second) best = {*it, static_cast<int>(end - it)};
    it = end;
  }
  return best;
}

bool Comparable(const Link& link) {
  return link.Readable() && link.DataRate() > 0 && link.a_node != link.b_node;
}

using PairKey = std::pair<const Node*, const Node*>;
PairKey PairOf(const Link& link) {
  return std::minmax(link.a_node, link.b_node);
}

}  // namespace

bool IsDegraded(const Link& link) {
  if (!link.Readable()) return false;
  const std::optional<Best> best = BestOf(link);
  // Where the ends differ, that is link-ends-disagree's; an FDR10 link reads as QDR where the vendor's
  // attribute is not.
  const int lanes = std::max(WidthLanes(link.a->info->width_active), WidthLanes(link.b->info->width_active));
  if (!best || lanes == 0) return false;
  const LinkSpeed speed = std::max(link.a->info->speed_active, link.b->info->speed_active);
  return lanes < WidthLanes(best->width_code) || speed < best->speed;
}

std::vector<Finding> FindDegradedLinks(const View& view) {
  std::vector<Finding> findings;
  for (const Link& link : view.links()) {
    if (!IsDegraded(link)) continue;
    const Best best = *BestOf(link);
    const std::string could = LinkName(best.width_code, best.speed);
    findings.push_back(
        view.Found(kLinkDegraded, SubjectOf(link),
                   fmt::format("{} runs at {}, both ends could do {}", NameOf(link), Runs(link), could),
                   {{"data rate", Gigabits(link.DataRate()), "Gb/s"},
                    {"possible", Gigabits(DataBitsPerSecond(best.width_code, best.speed)), "Gb/s"}}));
  }
  return findings;
}

std::vector<Finding> FindDisagreeingEnds(const View& view) {
  std::vector<Finding> findings;
  for (const Link& link : view.links()) {
    const std::string what = Disagreement(link);
    if (what.empty()) continue;
    const Subject subject = SubjectOf(link);
    if (!Certain(view.state().ends_disagree, {subject.guid, subject.port}, *link.a, *link.b)) continue;
    findings.push_back(view.Found(kLinkEndsDisagree, subject,
                                  fmt::format("{}: the ends say {}", NameOf(link), what),
                                  {{"the ends say", what, ""}}));
  }
  return findings;
}

std::vector<Finding> FindSlowSiblings(const View& view) {
  std::map<PairKey, double> fastest;  // between two switches
  std::map<TierPair, std::vector<double>> between_tiers;
  const Tiers tiers(view.snapshot(), view.links());
  for (const Link& link : view.links()) {
    if (!Comparable(link)) continue;
    if (link.a_node->IsSwitch() && link.b_node->IsSwitch()) {
      double& rate = fastest[PairOf(link)];
      rate = std::max(rate, link.DataRate());
    }
    between_tiers[tiers.Of(link)].push_back(link.DataRate());
  }
  std::map<TierPair, std::pair<double, int>> usual;
  for (auto& [tier, rates] : between_tiers) usual[tier] = MostCommon(std::move(rates));

  std::vector<Finding> findings;
  const double min_links = view.Threshold(kLinkSlowerThanSiblings, "min_links");
  for (const Link& link : view.links()) {
    if (!Comparable(link) || IsDegraded(link)) continue;
    const auto parallel = fastest.find(PairOf(link));
    const auto& [rate, count] = usual.at(tiers.Of(link));
    if (parallel != fastest.end() && link.DataRate() < parallel->second) {
      findings.push_back(Slower(view, link, parallel->second, "a parallel cable between the same switches",
                                Severity::kCritical));
    } else if (link.DataRate() < rate && count >= min_links) {
      findings.push_back(Slower(view, link, rate, "most links between these tiers", Severity::kNote));
    }
  }
  return findings;
}

}  // namespace aftershock::rules
