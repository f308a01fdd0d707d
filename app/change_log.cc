#include "app/change_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace aftershock::app {
namespace {

// A fabric that falls apart has thousands of findings; the report lists them, the log need not.
constexpr std::size_t kLinesPerReport = 50;

spdlog::level::level_enum LevelOf(Verdict verdict) {
  return verdict == Verdict::kOk ? spdlog::level::info : spdlog::level::warn;
}

}  // namespace

ChangeLog::ChangeLog(std::shared_ptr<spdlog::logger> log) : log_(std::move(log)) {}

void ChangeLog::Note(const Report& report) {
  std::set<std::string> now;
  std::vector<const Finding*> appeared;
  for (const Finding& finding : report.findings) {
    if (!HasWeight(finding)) continue;
    std::string key = Key(finding);
    if (!standing_.contains(key)) appeared.push_back(&finding);
    now.insert(std::move(key));
  }
  std::vector<std::string> gone;
  std::ranges::set_difference(standing_, now, std::back_inserter(gone));
  if (first_ || report.verdict != verdict_) {
    log_->log(LevelOf(report.verdict), "the verdict is {}", ToString(report.verdict));
  }
  for (std::size_t i = 0; i < std::min(appeared.size(), kLinesPerReport); ++i) {
    log_->warn("found: {} [{}]: {}", Key(*appeared[i]), ToString(appeared[i]->severity),
               appeared[i]->summary);
  }
  for (std::size_t i = 0; i < std::min(gone.size(), kLinesPerReport); ++i) log_->info("gone: {}", gone[i]);
  if (appeared.size() > kLinesPerReport || gone.size() > kLinesPerReport) {
    log_->warn("{} findings appeared and {} went; the report lists them", appeared.size(), gone.size());
  }
  first_ = false;
  verdict_ = report.verdict;
  standing_ = std::move(now);
}

}  // namespace aftershock::app
