#include "rules/windows/journal_failing.h"

#include <fmt/format.h>

#include "rules/found.h"

namespace aftershock::rules {

const RuleSpec kJournalFailing{
    .id = "journal-failing",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "The journal cannot be written.",
    .looks_at = "Every write of the monitor to its journal.",
    .matters =
        "What is seen now is not remembered: windows stand still, their gate answers UNKNOWN, and changes "
        "cannot be told from what was there before.",
    .advice =
        "Look at the disk (df), the journal's folder and its permissions, and at aftershock journal verify.",
    .thresholds = {}};

Finding JournalFailing(const Settings& settings, const std::string& why) {
  return Found(settings, kJournalFailing, Subject::Fabric(),
               fmt::format("The monitor could not write its journal: {}", why), {});
}

}  // namespace aftershock::rules
