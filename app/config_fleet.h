// `hosts:`, `windows:` and `prometheus:` of the configuration: other machines that are asked over HTTP.
//
// Errors: kInvalid, with file, line and key.
#pragma once

#include <vector>

#include "app/config.h"
#include "app/yaml_reader.h"

namespace aftershock::app {

const std::vector<YamlField<HostsConfig>>& HostsFields();
const std::vector<YamlField<WindowsConfig>>& WindowsFields();
const std::vector<YamlField<HttpConfig>>& PrometheusFields();

// The whole section. What belongs together has to be there together.
Result<void> ReadHosts(const YamlValue& value, Config& config);
Result<void> ReadWindows(const YamlValue& value, Config& config);
Result<void> ReadPrometheus(const YamlValue& value, Config& config);

}  // namespace aftershock::app
