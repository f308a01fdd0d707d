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

#include "app/console.h"

namespace aftershock::app {
namespace {

// How long a claimed answer may take to be written.
constexpr Duration kWriting = std::chrono::seconds(1);
constexpr unsigned char kClaim = 0xff;  // no exit code of ours

void Tell(int fd, unsigned char octet) {
  std::ignore = ::write(fd, &octet, 1);
}

[[noreturn]] void Work(int answer, const SupervisedWork& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  int code = EXIT_FAILURE;
  try {
    code = work([answer] { Tell(answer, kClaim); });
  } catch (const std::exception&) {
    std::_Exit(EXIT_FAILURE);  // without an answer
  }
  std::cout.flush();
  std::cerr.flush();
  // Whoever reads what we wrote waits for its end, and we may not come to ours.
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  Tell(answer, static_cast<unsigned char>(code));
  std::_Exit(code);
}

// The next octet that the child writes, when it comes within the limit.
std::optional<unsigned char> Next(int fd, Duration limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    unsigned char octet = 0;
    if (::read(fd, &octet, 1) != 1) return std::nullopt;
    return octet;
  }
}

// The child's exit code; nullopt: it did not answer, and has not begun to.
std::optional<int> Answer(int fd, Duration limit) {
  const auto first = Next(fd, limit);
  if (first != kClaim) return first;
  return Next(fd, kWriting).value_or(kExitUnknown);
}

}  // namespace

std::optional<int> RunSupervised(Duration limit, const SupervisedWork& work) {
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
