#include "probes/fleet/cut_off.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace aftershock::fleet {
namespace {

constexpr std::chrono::milliseconds kLookEvery{20};

// 0 where the kernel does not tell, as of a socket that is not connected.
std::uint64_t Received(int sock) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(sock, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_received;
}

}  // namespace

CutOff::CutOff(SteadyTime deadline, std::uint64_t most_bytes)
    : deadline_(deadline), most_bytes_(most_bytes), thread_([this](std::stop_token stop) { Watch(stop); }) {}

CutOff::~CutOff() {
  thread_.request_stop();
  thread_.join();
  Let();
}

void CutOff::Let() {
  if (sock_ >= 0) close(sock_);
  sock_ = -1;
}

void CutOff::Take(int sock) {
  const std::lock_guard lock(mutex_);
  Let();
  sock_ = fcntl(sock, F_DUPFD_CLOEXEC, 0);
}

CutOff::Why CutOff::why() const {
  const std::lock_guard lock(mutex_);
  // Whoever else gave up at that time did so for this reason.
  if (why_ == Why::kNot && std::chrono::steady_clock::now() >= deadline_) return Why::kLate;
  return why_;
}

void CutOff::Watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, kLookEvery, [] { return false; });
    if (why_ == Why::kNot && std::chrono::steady_clock::now() >= deadline_) why_ = Why::kLate;
    if (why_ == Why::kNot && sock_ >= 0 && Received(sock_) > most_bytes_) why_ = Why::kLarge;
    if (why_ != Why::kNot && sock_ >= 0) ::shutdown(sock_, SHUT_RDWR);
  }
}

}  // namespace aftershock::fleet
