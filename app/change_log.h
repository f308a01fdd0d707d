// Writes to the log what changed between one report and the next: the verdict, and findings that appear or
// go. A quiet fabric logs nothing, however often it is swept.
//
// Threading: one call at a time.
#pragma once

#include <spdlog/logger.h>
#include <memory>
#include <set>
#include <string>

#include "model/report.h"

namespace aftershock::app {

class ChangeLog {
 public:
  explicit ChangeLog(std::shared_ptr<spdlog::logger> log);
  void Note(const Report& report);

 private:
  std::shared_ptr<spdlog::logger> log_;
  bool first_ = true;
  Verdict verdict_ = Verdict::kUnknown;
  std::set<std::string> standing_;  // keys of the findings with weight
};

}  // namespace aftershock::app
