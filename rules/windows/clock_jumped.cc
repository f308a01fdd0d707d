#include "rules/windows/clock_jumped.h"

#include <fmt/format.h>

#include "rules/found.h"

namespace aftershock::rules {

const RuleSpec kClockJumped{
    .id = "clock-jumped",
    .severity = Severity::kNote,
    .unknown = false,
    .title = "The clock of this machine was set.",
    .looks_at =
        "The wall clock against the time since boot, at each sign of life in the journal. Told for an hour.",
    .matters =
        "Times on both sides of the jump do not compare: in logs, and between machines. Verifying and "
        "soaking "
        "are counted on a clock that does not jump, and lose nothing.",
    .advice = "Look at what sets the clock (chronyc tracking, timedatectl); it should slew, not step.",
    .thresholds = {}};

Finding ClockJumped(const Settings& settings, const std::string& how) {
  return Found(settings, kClockJumped, Subject::Fabric(), fmt::format("On this machine {}", how), {});
}

}  // namespace aftershock::rules
