#include "rules/fleet/silent.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "rules/accept.h"
#include "rules/found.h"

namespace aftershock::rules {
namespace {

constexpr std::array kThresholds{ThresholdSpec{"silent_seconds", 300, 0, 86400, "s",
                                               "A host that restarts is away for minutes, and nobody has to "
                                               "look; a window that names it waits at once."}};

std::string Silence(const FleetHost& host, SteadyTime now) {
  std::string text = host.heard
                         ? fmt::format("it was last heard {} ago", DurationText(ToSeconds(now - *host.heard)))
                         : "it was never heard";
  if (!host.why_silent.empty()) text += fmt::format(" ({})", host.why_silent);
  return text;
}

Subject SubjectOf(const FleetHost& host) {
  if (!host.nodes.empty()) return Subject::Host(host.nodes.front());
  return {SubjectKind::kHost, {}, 0, {}, NameOf(host)};
}

std::vector<std::string> NamesOf(const FleetReport& fleet, const Finding& finding) {
  std::vector<std::string> names{ToString(finding.subject)};
  for (const FleetHost& host : fleet.hosts) {
    if (SubjectOf(host) != finding.subject) continue;
    names.push_back(host.target);
    if (!host.name.empty()) names.push_back(host.name);
  }
  return names;
}

}  // namespace

const RuleSpec kHostSilent{
    .id = "host-silent",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "A host that is expected to report does not.",
    .looks_at =
        "Every host of hosts: in the configuration, by its monitor's /snapshot.json. What it told last is "
        "kept as "
        "it was. A host whose adapters are gone from the fabric is told as such, and this is folded under "
        "it.",
    .matters = "What happens on this host is not known: a membership that is lost there is lost silently.",
    .advice =
        "Look at its aftershock monitor (systemctl status aftershock, curl TARGET/healthz) and at the way to "
        "it; "
        "take it out of hosts:, or accept it, when it is away on purpose.",
    .thresholds = kThresholds};

std::vector<Finding> FindSilentHosts(const FleetReport& fleet, SteadyTime began, SteadyTime now,
                                     const Context& context) {
  std::vector<Finding> findings;
  if (!context.settings->Enabled(kHostSilent.id) || !fleet.read) return findings;
  const double grace = context.settings->Threshold(kHostSilent, "silent_seconds");
  for (const FleetHost& host : fleet.hosts) {
    if (Reports(host, fleet, now)) continue;
    const Duration silent = now - host.heard.value_or(began);
    if (ToSeconds(silent) < grace) continue;
    Finding finding = Found(*context.settings, kHostSilent, SubjectOf(host),
                            fmt::format("{} does not report: {}", NameOf(host), Silence(host, now)),
                            {{"target", host.target, ""}});
    for (const auto& [name, value] : host.labels) finding.evidence.push_back({name, value, ""});
    finding.since = context.now - std::chrono::duration_cast<std::chrono::milliseconds>(silent);
    findings.push_back(std::move(finding));
  }
  Accept(
      context.settings->accept, context.now, [&](const Finding& f) { return NamesOf(fleet, f); }, findings);
  return findings;
}

const FleetHost* FindHost(const FleetReport& fleet, const ScopeItem& item) {
  const Guid guid = item.subject.guid;
  if (guid != Guid{}) {
    const auto has = [&](const FleetHost& host) { return std::ranges::count(host.nodes, guid) != 0; };
    const auto found = std::ranges::find_if(fleet.hosts, has);
    if (found != fleet.hosts.end()) return &*found;
  }
  // By name only where GUIDs cannot tell.
  const auto found = std::ranges::find_if(fleet.hosts, [&](const FleetHost& host) {
    return !host.name.empty() && host.name == item.name && (guid == Guid{} || host.nodes.empty());
  });
  return found == fleet.hosts.end() ? nullptr : &*found;
}

std::vector<std::string> SilentInScope(const Window& window, const FleetReport& fleet, SteadyTime now) {
  std::vector<std::string> silent;
  std::vector<std::string> strangers;
  for (const FleetHost& host : fleet.hosts) {
    if (host.name.empty()) strangers.push_back(host.target);
  }
  for (const ScopeItem& item : window.scope) {
    if (item.subject.kind != SubjectKind::kHost && item.subject.kind != SubjectKind::kThisHost) continue;
    const FleetHost* host = FindHost(fleet, item);
    if (host == nullptr && !strangers.empty()) {
      silent.push_back(fmt::format("{} is none of the hosts that have reported; never heard of: {}",
                                   item.text, Listed(strangers)));
    } else if (host != nullptr && !Reports(*host, fleet, now)) {
      silent.push_back(fmt::format("{} does not report: {}", item.text, Silence(*host, now)));
    }
  }
  return silent;
}

std::vector<std::string> NotHeardSince(const Window& window, const FleetReport& fleet, SteadyTime closed,
                                       SteadyTime now) {
  std::vector<std::string> awaited;
  for (const ScopeItem& item : window.scope) {
    if (item.subject.kind != SubjectKind::kHost && item.subject.kind != SubjectKind::kThisHost) continue;
    const FleetHost* host = FindHost(fleet, item);
    if (host == nullptr || !Reports(*host, fleet, now) || *host->heard > closed) continue;
    awaited.push_back(fmt::format("{} has to report once after the window was closed", item.text));
  }
  return awaited;
}

}  // namespace aftershock::rules
