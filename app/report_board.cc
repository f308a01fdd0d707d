#include "app/report_board.h"

#include <algorithm>
#include <utility>

namespace aftershock::app {

Report Combine(const Report* fabric, const HostResult* host) {
  Report report;
  report.verdict = Verdict::kOk;
  if (fabric != nullptr) report = *fabric;
  if (host == nullptr) return report;
  report.host = host->report;
  report.host->findings = host->findings;
  report.verdict = std::max(report.verdict, host->report.verdict);
  if (host->report.snapshot != nullptr) {
    const HostSnapshot& seen = *host->report.snapshot;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(seen.duration);
    report.made = std::max(report.made, seen.taken + took);
  }
  report.findings.insert(report.findings.end(), host->findings.begin(), host->findings.end());
  SortFindings(report.findings);
  return report;
}

ReportPtr ReportBoard::Last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void ReportBoard::ExpectFabric(Report unswept) {
  const std::lock_guard lock(mutex_);
  fabric_ = std::make_shared<const Report>(std::move(unswept));
}

void ReportBoard::ExpectHost(HostReport unseen) {
  const std::lock_guard lock(mutex_);
  host_ = HostResult{std::move(unseen), {}};
}

ReportPtr ReportBoard::Renew() {
  auto report = std::make_shared<const Report>(Combine(fabric_.get(), host_ ? &*host_ : nullptr));
  on_report_(*report);
  return std::exchange(last_, std::move(report));
}

void ReportBoard::PublishFabric(ReportPtr fabric) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(mutex_);
  std::swap(fabric_, fabric);
  old = Renew();
}

void ReportBoard::PublishHost(HostResult host) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(mutex_);
  host_ = std::move(host);
  old = Renew();
}

}  // namespace aftershock::app
