// Making findings of a rule's row, and remembering since when they stand: the same for every family.
//
// Pure functions, thread-safe.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "model/finding.h"
#include "model/settings.h"

namespace aftershock::rules {

// A finding of `rule` with its configured severity and the rule's advice.
Finding Found(const Settings& settings, const RuleSpec& rule, Subject subject, std::string summary,
              std::vector<Evidence> evidence);

// Sets `since` of each finding from `standing` (by Key), and forgets there what stands no more, unless the
// look did not get so far.
void KeepSince(std::unordered_map<std::string, WallTime>& standing, bool complete, WallTime now,
               std::vector<Finding>& findings);

// "90 s", "12 min", "3.5 h"
std::string DurationText(double seconds);

// "a, b, c", at most eight of them, "and 3 more".
std::string Listed(const std::vector<std::string>& names);

}  // namespace aftershock::rules
