// Windows, requests and findings as JSON, and back: what the journal keeps of them.
//
// Fields that have their default value are left out. The writer and the reader know the same; of a report's
// findings, which people and scripts read, model/json/report.h is the writer.
//
// Threading: pure functions. Units: seconds; times are RFC 3339 in UTC.
// Errors:    kMalformed    not JSON, or not what is asked for: says what and where ("scope[1].text: …").
//                          Durations are from 0 to three years.
//            kUnsupported  written by a newer aftershock
#pragma once

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "model/finding.h"
#include "model/window.h"

namespace aftershock {

// With "schema".
nlohmann::json ToJson(const Window& window);
nlohmann::json ToJson(const Request& request);
nlohmann::json ToJson(const Finding& finding);

// All that a monitor has announced, and by which clock.
struct WindowsTold {
  WallTime served{};
  std::vector<Window> windows;
};
nlohmann::json ToJson(const WindowsTold& told);

Result<Window> WindowFromJson(std::string_view text);
Result<Request> RequestFromJson(std::string_view text);
Result<Finding> FindingFromJson(std::string_view text);
Result<WindowsTold> WindowsFromJson(std::string_view text);

}  // namespace aftershock
