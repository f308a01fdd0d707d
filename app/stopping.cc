#include "app/stopping.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <system_error>
#include <tuple>

namespace aftershock::app {
namespace {

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  // nohup: a signal that is blocked is delivered although it is ignored.
  struct sigaction hangup {};
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  return set;
}

int Opened(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return fd;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  const sigset_t set = StopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = Opened(::signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
  done_ = Opened(::eventfd(0, EFD_CLOEXEC), "eventfd");
  listener_ = std::thread([this] { Listen(); });
}

StopOnSignal::~StopOnSignal() {
  ::eventfd_write(done_, 1);
  listener_.join();
  ::close(done_);
  ::close(signals_);
}

void StopOnSignal::Listen() {
  std::array<pollfd, 2> fds{pollfd{signals_, POLLIN, 0}, pollfd{done_, POLLIN, 0}};
  while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
  }
  if (fds[0].revents == 0) return;
  signalfd_siginfo info{};
  std::ignore = ::read(signals_, &info, sizeof info);
  const sigset_t set = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  source_.request_stop();
  // Stays, to be the thread that a second signal finds.
  while (::poll(&fds[1], 1, -1) < 0 && errno == EINTR) {
  }
}

bool WaitUntil(SteadyTime time, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace aftershock::app
