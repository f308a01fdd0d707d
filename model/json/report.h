// The object that `check --format json` prints and the exporter serves as /report.json.
//
// {schema, made, verdict, findings: […], coverage, sweep, planes: […] where there are several, host where
// this process looks at it}. With several planes, coverage and MADs are sums, `started` is the earliest and
// `duration_seconds` the longest. What is not known is null, never 0: a plane that was never swept has
// neither coverage nor sweep. `host` is {hostname, verdict, taken, duration_seconds, coverage: [{part,
// error}], mads}; a part without an error was looked at.
//
// Threading: pure functions. Units: seconds; times are RFC 3339 in UTC.
#pragma once

#include <span>

#include <nlohmann/json.hpp>

#include "model/finding.h"
#include "model/report.h"

namespace aftershock {

// All text in it is valid UTF-8, so that dump() does not throw.
nlohmann::json ToJson(const Report& report);
// Its list of findings.
nlohmann::json FindingsJson(std::span<const Finding> findings);

}  // namespace aftershock
