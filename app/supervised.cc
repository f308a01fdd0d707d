#include "app/supervised.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <system_error>
#include <tuple>

namespace aftershock::app {
namespace {

[[noreturn]] void Work(int answer, const std::function<int()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  int code = EXIT_FAILURE;
  try {
    code = work();
  } catch (const std::exception&) {
    std::_Exit(EXIT_FAILURE);  // without an answer
  }
  std::cout.flush();
  std::cerr.flush();
  // Whoever reads what we wrote waits for its end, and we may not come to ours.
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  const auto octet = static_cast<unsigned char>(code);
  std::ignore = ::write(answer, &octet, 1);
  std::_Exit(code);
}

// The child's exit code, when it gives one before the limit is over.
std::optional<int> Answer(int fd, Duration limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    unsigned char code = 0;
    if (::read(fd, &code, 1) != 1) return std::nullopt;
    return code;
  }
}

}  // namespace

std::optional<int> RunSupervised(Duration limit, const std::function<int()>& work) {
  std::array<int, 2> answer{};
  if (::pipe2(answer.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  std::cout.flush();
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    ::close(answer[0]);
    Work(answer[1], work);
  }
  ::close(answer[1]);
  std::signal(SIGINT, SIG_IGN);  // a terminal sends it to both of us, and the child says what there is to say
  const auto code = Answer(answer[0], limit);
  ::close(answer[0]);
  if (!code) ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, WNOHANG);
  return code;
}

}  // namespace aftershock::app
