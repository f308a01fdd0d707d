// The three standard streams: results go to standard output, words about them to standard error.
//
// Threading: any thread, but one at a time.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "probes/fabric/sweep.h"

namespace aftershock::app {

inline constexpr int kExitUnknown = 3;
// Said, with exit code 0, where there is nothing to look at.
inline constexpr std::string_view kNoInfiniBand = "no InfiniBand here";

// Without this a stream that the caller closed would be some other file by the time it is written to, and a
// reader that went away would end the process.
void ProtectStandardStreams();

// "aftershock: <line>" on standard error.
void Say(std::string_view line);
// As Say; returns the code, for `return`.
int Complain(int exit_code, std::string_view line);

// As Complain; with format "json" also {schema, exit_code, error} on standard output.
int Complain(int exit_code, std::string_view line, std::string_view format);

// Hands on what std::cout holds. What does not arrive makes an exit code kExitUnknown, with a line on
// standard error: a result that nobody got is none.
int FinishOutput(int exit_code);

// Colours are wanted on standard output: it is a terminal, and NO_COLOR (no-color.org) is not set.
bool ColourWanted();
// Columns of the terminal on standard output; 100 where it is none.
int OutputWidth();

// Shows on standard error how far a sweep is. Nothing where that is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(const Clock& clock);
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Empty where there is nobody to see it. Must not outlive this.
  fabric::ProgressCallback Callback();
  void Clear();

 private:
  void Show(const fabric::Progress& progress);

  const Clock& clock_;
  bool terminal_;
  bool shown_ = false;
  SteadyTime next_{};
};

}  // namespace aftershock::app
