#include "model/settings.h"

#include <algorithm>
#include <stdexcept>

namespace aftershock {

bool Settings::Enabled(std::string_view rule) const {
  const auto it = rules.find(rule);
  return it == rules.end() || it->second.enabled;
}

Severity Settings::SeverityOf(const RuleSpec& rule) const {
  const auto it = rules.find(rule.id);
  return it == rules.end() ? rule.severity : it->second.severity.value_or(rule.severity);
}

double Settings::Threshold(const RuleSpec& rule, std::string_view key) const {
  if (const auto it = rules.find(rule.id); it != rules.end()) {
    if (const auto set = it->second.thresholds.find(key); set != it->second.thresholds.end())
      return set->second;
  }
  const auto spec = std::ranges::find(rule.thresholds, key, &ThresholdSpec::key);
  if (spec == rule.thresholds.end())
    throw std::logic_error("rule without that threshold: " + std::string(key));
  return spec->fallback;
}

}  // namespace aftershock
