// `pairs:` of the configuration: redundancy groups, and who is in them.
//
// Errors: kInvalid, with file, line and key: a group without a name or with another's, a group of one, more
// that must live than there are members, a member that stands in two groups or twice in one. Whether a
// member is in a fabric is known only with a fabric: rules/pairs say it.
#pragma once

#include <vector>

#include "app/yaml_reader.h"
#include "base/result.h"
#include "model/pairs.h"

namespace aftershock::app {

Result<void> ReadPairs(const YamlValue& value, std::vector<PairGroup>& groups);

// The tables of their keys: of a group, and of a member.
const std::vector<YamlField<PairGroup>>& PairFields();
const std::vector<YamlField<PairMember>>& PairMemberFields();

}  // namespace aftershock::app
