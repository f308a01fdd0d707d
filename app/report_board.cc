#include "app/report_board.h"

#include <algorithm>
#include <utility>

#include "rules/pairs/judge_pairs.h"

namespace aftershock::app {

namespace {

void AddHost(const HostResult& host, Report& report) {
  report.host = host.report;
  report.host->findings = host.findings;
  report.verdict = std::max(report.verdict, host.report.verdict);
  if (host.report.snapshot != nullptr) {
    const HostSnapshot& seen = *host.report.snapshot;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(seen.duration);
    report.made = std::max(report.made, seen.taken + took);
  }
  report.findings.insert(report.findings.end(), host.findings.begin(), host.findings.end());
}

void AddPairs(const PairResult& pairs, Report& report) {
  report.pairs = pairs.report;
  report.made = std::max(report.made, pairs.made);
  report.findings.insert(report.findings.end(), pairs.findings.begin(), pairs.findings.end());
  rules::FoldPairs(*report.pairs, report.findings);
  // Of what the fabric's verdict knew, only that can be folded here which weighs no more than its cause.
  report.verdict = std::max(report.verdict, Judge(report.findings));
  for (const PairReport& pair : report.pairs->pairs) report.verdict = std::max(report.verdict, pair.verdict);
}

void AddFleet(const FleetResult& fleet, Report& report) {
  report.made = std::max(report.made, fleet.made);
  report.findings.insert(report.findings.end(), fleet.findings.begin(), fleet.findings.end());
  report.verdict = std::max(report.verdict, Judge(fleet.findings));
}

}  // namespace

Report Combine(const Report* fabric, const HostResult* host, const PairResult* pairs,
               const FleetResult* fleet) {
  Report report;
  report.verdict = Verdict::kOk;
  if (fabric != nullptr) report = *fabric;
  if (host != nullptr) AddHost(*host, report);
  if (pairs != nullptr) AddPairs(*pairs, report);
  if (fleet != nullptr) AddFleet(*fleet, report);
  if (host != nullptr || pairs != nullptr || fleet != nullptr) SortFindings(report.findings);
  return report;
}

ReportPtr ReportBoard::Last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void ReportBoard::ExpectFabric(Report unswept) {
  const std::lock_guard lock(making_);
  fabric_ = std::make_shared<const Report>(std::move(unswept));
}

void ReportBoard::ExpectPairs(PairsReport unasked) {
  const std::lock_guard lock(making_);
  pairs_ = PairResult{std::move(unasked), {}, {}};
}

void ReportBoard::ExpectHost(HostReport unseen) {
  const std::lock_guard lock(making_);
  host_ = HostResult{std::move(unseen), {}};
}

ReportPtr ReportBoard::Renew() {
  Report made = Combine(fabric_.get(), host_ ? &*host_ : nullptr, pairs_ ? &*pairs_ : nullptr,
                        fleet_ ? &*fleet_ : nullptr);
  if (amend_) amend_(made);
  auto report = std::make_shared<const Report>(std::move(made));
  on_report_(*report);
  const std::lock_guard lock(mutex_);
  return std::exchange(last_, std::move(report));
}

void ReportBoard::PublishFabric(ReportPtr fabric) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(making_);
  std::swap(fabric_, fabric);
  old = Renew();
}

void ReportBoard::PublishHost(HostResult host) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(making_);
  host_ = std::move(host);
  old = Renew();
}

void ReportBoard::PublishPairs(PairResult pairs) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(making_);
  pairs_ = std::move(pairs);
  old = Renew();
}

void ReportBoard::PublishFleet(FleetResult fleet) {
  ReportPtr old;  // destroyed last
  const std::lock_guard lock(making_);
  fleet_ = std::move(fleet);
  old = Renew();
}

}  // namespace aftershock::app
