#include "rules/found.h"

#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aftershock::rules {

Finding Found(const Settings& settings, const RuleSpec& rule, Subject subject, std::string summary,
              std::vector<Evidence> evidence) {
  Finding finding;
  finding.rule = rule.id;
  finding.severity = settings.SeverityOf(rule);
  finding.unknown = rule.unknown;
  finding.subject = std::move(subject);
  finding.summary = std::move(summary);
  finding.evidence = std::move(evidence);
  finding.advice = rule.advice;
  return finding;
}

void KeepSince(std::unordered_map<std::string, WallTime>& standing, bool complete, WallTime now,
               std::vector<Finding>& findings) {
  std::unordered_map<std::string, WallTime> current;
  current.reserve(findings.size());
  for (Finding& finding : findings) {
    std::string key = Key(finding);
    const auto known = standing.find(key);
    finding.since = known == standing.end() ? now : known->second;
    current.emplace(std::move(key), *finding.since);
  }
  if (!complete) current.merge(standing);
  standing = std::move(current);
}

std::string DurationText(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.3g} h", seconds / 3600);
}

std::string Listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  if (names.size() <= kMost) return fmt::format("{}", fmt::join(names, ", "));
  const std::span shown(names.data(), kMost);
  return fmt::format("{} and {} more", fmt::join(shown, ", "), names.size() - kMost);
}

}  // namespace aftershock::rules
