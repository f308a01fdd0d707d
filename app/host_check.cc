#include "app/host_check.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/stopping.h"
#include "base/printable.h"
#include "probes/host/host_probe.h"
#include "rules/judge.h"

namespace aftershock::app {
namespace {

// Of the slack, for what a look takes beyond its deadline.
constexpr Duration kMargin = std::chrono::milliseconds(300);

}  // namespace

HostRole OpenHostForCheck(const Config& config, const Clock& clock) {
  auto probe = std::make_shared<host::HostProbe>(
      host::HostProbeOptions{
          .sysfs = config.host.sysfs, .probes = config.host.probes, .pace = host::Pace::kBurst},
      clock);
  return {
      [probe](SteadyTime deadline, std::stop_token stop) { return probe->Look(deadline, std::move(stop)); },
      clock, config.settings, config.HostStaleAfter()};
}

const HostResult& LookTwice(HostRole& host, Duration window, const Clock& clock, std::stop_token stop) {
  const Duration limit = kHostCheckSlack - kMargin;
  const SteadyTime second = clock.Steady() + window;
  // The first look may use the time until the second begins, where there is such.
  host.Look(window > Duration::zero() ? std::min(limit, window) : limit, stop);
  if (window > Duration::zero() && WaitUntil(second, stop)) host.Look(limit, stop);
  return host.result();
}

Report ReportOfUnseenHost(const std::string& why, const Clock& clock, const Settings& settings) {
  constexpr std::string_view kRule = "host-not-visible";
  const RuleSpec* rule = rules::FindRule(kRule);
  Finding finding;
  finding.rule = kRule;
  finding.severity = rule == nullptr ? Severity::kWarning : settings.SeverityOf(*rule);
  finding.unknown = true;
  finding.subject = Subject::ThisHost();
  finding.summary = fmt::format("This host could not be looked at: {}.", Printable(why));
  finding.advice = "Nothing is known about this host: remove the cause and look again.";
  Report report;
  report.made = clock.Wall();
  finding.since = report.made;
  report.verdict = Verdict::kUnknown;
  report.findings.push_back(std::move(finding));
  return report;
}

}  // namespace aftershock::app
