#include "app/planes.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include <fmt/format.h>

namespace aftershock::app {

PlaneSet::PlaneSet(std::vector<std::unique_ptr<Entrance>> entrances, const Clock& clock,
                   const Settings& settings, Duration stale_after)
    : clock_(clock), stale_after_(stale_after) {
  planes_.reserve(entrances.size());
  for (auto& entrance : entrances) planes_.emplace_back(std::move(entrance), clock, settings);
}

ReportPtr PlaneSet::Sweep(std::stop_token stop, const fabric::ProgressCallback& progress,
                          const Publish& publish) {
  std::vector<PlaneResult> results;
  for (const Plane& plane : planes_) results.push_back(plane.result());
  std::mutex
      mutex;  // guards results while the round lasts, and lets progress and publish be called one at a time
  fabric::ProgressCallback one_at_a_time;
  if (progress) {
    one_at_a_time = [&](const fabric::Progress& p) {
      const std::lock_guard lock(mutex);
      progress(p);
    };
  }
  const auto sweep = [&](std::size_t i) {
    const PlaneResult& result = planes_[i].Sweep(stop, one_at_a_time);
    const std::lock_guard lock(mutex);
    results[i] = result;
    if (publish && !first_round_) publish(MakeReport(results));
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < planes_.size(); ++i) others.emplace_back(sweep, i);
    sweep(0);
  }
  MergePlanes();
  results.clear();
  for (const Plane& plane : planes_) results.push_back(plane.result());
  ReportPtr report = MakeReport(results);
  if (publish && first_round_) publish(report);
  first_round_ = false;
  return report;
}

void PlaneSet::MergePlanes() {
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    for (std::size_t j = planes_.size() - 1; j > i; --j) {
      if (!planes_[i].Reaches(planes_[j]) && !planes_[j].Reaches(planes_[i])) continue;
      planes_[i].Join(std::move(planes_[j]));
      planes_.erase(planes_.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
}

ReportPtr PlaneSet::MakeReport(const std::vector<PlaneResult>& results) const {
  auto report = std::make_shared<Report>();
  report->made = clock_.Wall();
  report->verdict = Verdict::kOk;
  report->stale_after = stale_after_;
  for (const auto& [plane, findings] : results) {
    report->planes.push_back(plane);
    report->verdict = std::max(report->verdict, plane.verdict);
    for (Finding finding : findings) {
      if (results.size() > 1) finding.summary = fmt::format("{}: {}", plane.plane, finding.summary);
      report->findings.push_back(std::move(finding));
    }
  }
  SortFindings(report->findings);
  return report;
}

Report ReportThatNothingIsKnown(const std::string& why, const Clock& clock, const Settings& settings) {
  Report report;
  report.made = clock.Wall();
  report.verdict = Verdict::kUnknown;
  Finding finding = CannotLook(why, settings);
  finding.since = report.made;
  report.findings.push_back(std::move(finding));
  return report;
}

}  // namespace aftershock::app
