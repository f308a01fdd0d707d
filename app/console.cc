#include "app/console.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace aftershock::app {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr int kDefaultWidth = 100;
constexpr int kNarrowest = 60;

void WriteToStandardError(const std::string& text) {
  std::fputs(text.c_str(), stderr);
}

}  // namespace

void ProtectStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // Read-only, so that writing to it still fails.
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) std::ignore = ::open("/dev/null", O_RDONLY);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void Say(std::string_view line) {
  WriteToStandardError(fmt::format("aftershock: {}\n", line));
}

int Complain(int exit_code, std::string_view line) {
  Say(line);
  return exit_code;
}

int Complain(int exit_code, std::string_view line, std::string_view format) {
  if (format == "json") {
    const nlohmann::json error{{"schema", 1}, {"exit_code", exit_code}, {"error", line}};
    std::cout << error.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n' << std::flush;
  }
  return Complain(exit_code, line);
}

int FinishOutput(int exit_code) {
  errno = 0;
  if (std::cout.flush().good()) return exit_code;
  const int error = errno;
  return Complain(kExitUnknown, fmt::format("cannot write to standard output{}{}", error == 0 ? "" : ": ",
                                            error == 0 ? "" : std::generic_category().message(error)));
}

bool ColourWanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

int OutputWidth() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultWidth;
  return std::max<int>(size.ws_col, kNarrowest);
}

ProgressLine::ProgressLine(const Clock& clock) : clock_(clock), terminal_(::isatty(STDERR_FILENO) == 1) {}

fabric::ProgressCallback ProgressLine::Callback() {
  if (!terminal_) return {};
  return [this](const fabric::Progress& progress) { Show(progress); };
}

void ProgressLine::Show(const fabric::Progress& progress) {
  const SteadyTime now = clock_.Steady();
  if (now < next_) return;
  next_ = now + kProgressEvery;
  shown_ = true;
  WriteToStandardError(fmt::format("\r\x1b[K{} nodes, {} linked ports, {} answers", progress.nodes,
                                   progress.ports, progress.answers));
}

void ProgressLine::Clear() {
  if (shown_) WriteToStandardError("\r\x1b[K");
  shown_ = false;
}

}  // namespace aftershock::app
