#include "exporter/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace aftershock::exporter {

Connection::Connection(socket_t sock)
    : sock_(sock),
      request_deadline_(std::chrono::steady_clock::now() + kRequestTime),
      answer_deadline_(request_deadline_ + kAnswerTime) {}

bool Connection::Wait(short events, Time deadline) const {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{sock_, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Connection::is_readable() const {
  return begin_ < end_ || Wait(POLLIN, request_deadline_);
}

bool Connection::is_writable() const {
  return Wait(POLLOUT, std::min(answer_deadline_, std::chrono::steady_clock::now() + kStallTime));
}

ssize_t Connection::read(char* data, size_t size) {
  if (begin_ == end_) {
    if (!is_readable()) return -1;
    const ssize_t got = recv(sock_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got <= 0) return got;
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
  }
  const std::size_t taken = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, taken);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t Connection::write(const char* data, size_t size) {
  for (std::size_t done = 0; done < size;) {
    if (!is_writable()) return -1;
    const ssize_t sent = send(sock_, data + done, size - done, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return -1;
    if (sent > 0) done += static_cast<std::size_t>(sent);
  }
  return static_cast<ssize_t>(size);
}

// Pages are the same for everybody, and nobody is logged.
void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}
void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace aftershock::exporter
