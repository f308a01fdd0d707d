// `accept:` of the configuration: known findings stay listed and weigh nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/settings.h"
#include "rules/view.h"

namespace aftershock::rules {

// * is any run of characters, ? is one; everything else is itself. Linear in practice, and never recursive: a
// pattern cannot make it slow.
bool Matches(std::string_view pattern, std::string_view text);

// Everything that a subject pattern may match for a finding.
using SubjectNames = std::function<std::vector<std::string>(const Finding&)>;

// Marks what is accepted at `now`.
void Accept(const std::vector<AcceptSpec>& specs, WallTime now, const SubjectNames& names_of,
            std::vector<Finding>& findings);
// Marks what the configuration accepts and has not expired. A link may be named by the node at either end.
void Accept(const View& view, const std::vector<AcceptSpec>& specs, std::vector<Finding>& findings);

}  // namespace aftershock::rules
