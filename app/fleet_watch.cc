#include "app/fleet_watch.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/http_access.h"
#include "base/printable.h"
#include "probes/fleet/ask_all.h"
#include "rules/fleet/silent.h"
#include "rules/fleet/told.h"

namespace aftershock::app {
namespace {

// 5,000 hosts that take 50 ms each are read within 8 s.
constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kMostFindings = 64;  // of a host, the worst

std::vector<ToldFinding> FindingsOf(const HostTold& told, const std::string& name) {
  std::vector<ToldFinding> findings;
  std::set<std::string> recurring;
  for (const Finding& finding : told.findings) {
    if (finding.recurs) recurring.insert(Key(finding));
  }
  for (Finding finding : told.findings) {
    // What recurred may be explained here by a window, and what was folded under it need not be.
    if (finding.because && recurring.contains(*finding.because)) finding.because.reset();
    if (!HasWeight(finding) || findings.size() == kMostFindings) continue;
    ToldFinding& kept = findings.emplace_back();
    if (finding.since) kept.stood = std::max(told.served - *finding.since, std::chrono::milliseconds(0));
    kept.finding = rules::Retell(finding, told.snapshot, name);
    kept.finding.since.reset();
    kept.served = told.served;
  }
  return findings;
}

// The port GUIDs, which are what a host is; without any, its name.
std::string IdentityOf(const HostImage& host) {
  std::vector<Guid> guids;
  for (const HcaImage& hca : host.hcas) {
    for (const Guid guid : hca.port_guids) {
      if (guid != Guid{}) guids.push_back(guid);
    }
  }
  std::ranges::sort(guids);
  std::string identity;
  for (const Guid guid : guids) identity += ToString(guid);
  return identity.empty() ? "name " + host.hostname : identity;
}

std::string FirstGuid(const HostImage& host) {
  for (const HcaImage& hca : host.hcas) {
    if (!hca.port_guids.empty()) return ToString(hca.port_guids.front());
  }
  return "no port";
}

}  // namespace

FleetWatch::FleetWatch(const HostsConfig& config, HostTargets targets, const Clock& clock,
                       const Settings& settings, std::shared_ptr<spdlog::logger> log, Ask ask)
    : config_(config),
      targets_(std::move(targets)),
      clock_(clock),
      settings_(settings),
      log_(std::move(log)),
      ask_(std::move(ask)),
      began_(clock.Steady()) {
  std::vector<FleetHost> hosts;
  for (const HostTarget& target : targets_.targets()) {
    FleetHost& host = hosts.emplace_back();
    host.target = target.url.Text();
    host.labels = target.labels;
    host.why_silent = "it was not asked so far";
  }
  Publish(std::move(hosts), false);
}

const FleetResult& FleetWatch::Round(std::stop_token stop) {
  for (const std::string& complaint : targets_.Renew())
    log_->error("{}; its hosts stay as they were", complaint);
  std::vector<Answer> answers = AskEach(stop);
  if (stop.stop_requested()) return result_;
  std::vector<FleetHost> hosts;
  const auto& targets = targets_.targets();
  for (std::size_t i = 0; i < targets.size(); ++i)
    hosts.push_back(Renewed(targets[i], std::move(answers[i])));
  Name(hosts);
  last_.clear();
  for (const FleetHost& host : hosts) last_.emplace(host.target, host);
  Publish(std::move(hosts), true);
  return result_;
}

std::vector<FleetWatch::Answer> FleetWatch::AskEach(const std::stop_token& stop) {
  const auto& targets = targets_.targets();
  std::vector<Answer> answers(targets.size());
  const auto access = AccessOf(config_.http);
  if (!access) {
    for (Answer& answer : answers) answer.told = tl::unexpected(access.error());
    return answers;
  }
  fleet::AskAll(targets.size(), kAtOnce, std::chrono::steady_clock::now() + config_.interval, stop,
                [&](std::size_t i) {
                  answers[i].told = ask_(targets[i].url, *access);
                  answers[i].heard = clock_.Steady();
                });
  return answers;
}

FleetHost FleetWatch::Renewed(const HostTarget& target, Answer answer) {
  FleetHost host;
  if (const auto before = last_.find(target.url.Text()); before != last_.end()) host = before->second;
  host.target = target.url.Text();
  host.labels = target.labels;
  if (!answer.told) {
    host.why_silent = "its turn did not come within the round";
    return host;
  }
  if (!*answer.told) {
    host.why_silent = answer.told->error().what;
    return host;
  }
  const HostTold& told = **answer.told;
  if (!told.fresh) {
    host.why_silent = "its monitor has not looked at it lately";
    return host;
  }
  host.why_silent.clear();
  host.heard = answer.heard;
  host.verdict = told.verdict;
  host.name = told.snapshot.hostname.empty() ? host.target : told.snapshot.hostname;
  auto image = ImageOf(told.snapshot);
  host.nodes.clear();
  for (const HcaImage& hca : image.hcas) {
    if (hca.node_guid != Guid{}) host.nodes.push_back(hca.node_guid);
  }
  host.findings = FindingsOf(told, host.name);
  host.image = std::make_shared<const HostImage>(std::move(image));
  return host;
}

// Of several hosts that call themselves the same, the first has the name, and others their first port with
// it.
void FleetWatch::Name(std::vector<FleetHost>& hosts) {
  std::map<std::string, std::string> owner;
  for (FleetHost& host : hosts) {
    if (host.image == nullptr) continue;
    const std::string identity = IdentityOf(*host.image);
    const std::string name = host.image->hostname.empty() ? host.target : host.image->hostname;
    const auto [it, added] = owner.emplace(name, identity);
    const bool mine = added || it->second == identity;
    host.name = mine ? name : fmt::format("{} ({})", name, FirstGuid(*host.image));
  }
}

void FleetWatch::Publish(std::vector<FleetHost> hosts, bool read) {
  auto report = std::make_shared<FleetReport>();
  report->hosts = std::move(hosts);
  report->stale_after = 3 * config_.interval + config_.http.timeout;
  const SteadyTime now = clock_.Steady();
  if (read) report->read = now;
  result_.made = clock_.Wall();
  result_.findings = rules::FindSilentHosts(*report, began_, now, {result_.made, &settings_});
  result_.report = std::move(report);
}

}  // namespace aftershock::app
