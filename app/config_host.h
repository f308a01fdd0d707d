// `host:` of the configuration: how this host is looked at, and what it has to have.
//
// Errors: kInvalid, with file, line and key.
#pragma once

#include <vector>

#include "app/config.h"
#include "app/yaml_reader.h"

namespace aftershock::app {

// The tables of its keys: of the whole, of `expect`, and of an item of `probes`.
std::vector<YamlField<Config>> HostFields();
const std::vector<YamlField<HostExpectations>>& ExpectFields();
const std::vector<YamlField<host::ProbeTarget>>& ProbeFields();

}  // namespace aftershock::app
