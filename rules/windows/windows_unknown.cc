#include "rules/windows/windows_unknown.h"

#include <fmt/format.h>

#include "rules/found.h"

namespace aftershock::rules {

const RuleSpec kWindowsUnknown{
    .id = "windows-unknown",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "Which changes are announced is not known here.",
    .looks_at =
        "The change windows of the monitor that windows.source names, and how long ago they were read.",
    .matters =
        "As long as it is so, no change of this host is told as unannounced, and none is explained by a "
        "window.",
    .advice = "Look at the monitor that windows.source names (curl URL/windows.json), and at the way to it.",
    .thresholds = {}};

Finding WindowsUnknown(const Settings& settings, const std::string& why) {
  return Found(settings, kWindowsUnknown, Subject::ThisHost(),
               fmt::format("Announced changes are not known here: {}", why), {});
}

}  // namespace aftershock::rules
