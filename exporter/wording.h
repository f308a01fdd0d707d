// Lines that the text report and the page for people share. Internal to exporter.
#pragma once

#include <string>
#include <string_view>

#include "model/report.h"

namespace aftershock::exporter {

// "critical", "warning", "note"; "unknown" for what could not be seen and is not critical for other reasons.
std::string_view Word(const Finding& finding);

// "symbol errors 4711 errors in 10 s; rate 1.2e-12 per bit"
std::string EvidenceLine(const Finding& finding);

// "1,234"
std::string Grouped(std::uint64_t number);
// "1 finding", "2 findings"
std::string Count(std::uint64_t number, std::string_view noun);

// "3 findings (1 critical, 2 warnings), 12 notes"
std::string CountLine(const Report& report);
// "152 nodes, 384 ports answered of 384"; what did not answer or cannot be read is named too.
std::string CoverageLine(const Coverage& coverage);

}  // namespace aftershock::exporter
