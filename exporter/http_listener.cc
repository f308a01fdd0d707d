#include "exporter/http_listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <semaphore>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"
#include "exporter/connection.h"

namespace aftershock::exporter {
namespace {

constexpr int kBacklog = 64;
constexpr std::size_t kThreads = 16;
// Connections accepted and not finished. Beyond that the kernel's backlog holds them, so that no crowd of
// clients uses up the descriptors of the process.
constexpr std::ptrdiff_t kConnections = 64;
constexpr std::chrono::milliseconds kRetry{100};  // after a failed accept()

class BoundedPool final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override {
    places_.acquire();
    pool_.enqueue([this, task = std::move(task)] {
      task();
      places_.release();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  std::counting_semaphore<kConnections> places_{kConnections};
  httplib::ThreadPool pool_{kThreads};
};

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<AddressList> Resolve(const char* host, const std::string& service, int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host, service.c_str(), &hints, &found); error != 0) {
    return Fail(Errc::kInvalid, gai_strerror(error));
  }
  return AddressList(found, &freeaddrinfo);
}

// A listening socket, or -1 and errno.
int Listen(const addrinfo& at, bool every_address) {
  const int sock = socket(at.ai_family, at.ai_socktype | SOCK_CLOEXEC, at.ai_protocol);
  if (sock < 0) return -1;
  const int on = 1;
  const int only_v6 = every_address ? 0 : 1;
  // Without SO_REUSEADDR a restart has to wait for the old connections' TIME_WAIT; it does not let two listen
  // at once.
  setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.ai_family == AF_INET6) setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
  if (bind(sock, at.ai_addr, at.ai_addrlen) == 0 && listen(sock, kBacklog) == 0) return sock;
  const int error = errno;
  close(sock);
  errno = error;
  return -1;
}

int PortOf(int sock) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXSERV> service{};
  getsockname(sock, reinterpret_cast<sockaddr*>(&address), &size);
  getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, nullptr, 0, service.data(), service.size(),
              NI_NUMERICSERV);
  return std::stoi(service.data());
}

Error CannotListen(const ListenAddress& address, int number) {
  const std::string where = Printable(ToString(address));
  if (number == EADDRINUSE) {
    return {Errc::kDenied,
            fmt::format(
                "cannot listen on {}: another program does, perhaps another aftershock; choose another port "
                "with --listen",
                where)};
  }
  const Errc code = number == EACCES          ? Errc::kDenied
                    : number == EADDRNOTAVAIL ? Errc::kInvalid
                                              : Errc::kInternal;
  return {code, fmt::format("cannot listen on {}: {}", where, std::generic_category().message(number))};
}

}  // namespace

HttpListener::HttpListener() {
  new_task_queue = [] { return new BoundedPool; };
  set_payload_max_length(1024);  // nobody has anything to send here
}

HttpListener::~HttpListener() {
  if (listening_ >= 0) close(listening_);
}

Result<int> HttpListener::Bind(const ListenAddress& address) {
  const bool every = address.host.empty();
  const std::string service = fmt::format("{}", address.port);
  int error = EADDRNOTAVAIL;
  // "::" with IPV6_V6ONLY off takes IPv4 too; where IPv6 is switched off the second round is left.
  for (const int family : every ? std::vector{AF_INET6, AF_INET} : std::vector{AF_UNSPEC}) {
    const auto list = Resolve(every ? nullptr : address.host.c_str(), service, family);
    if (!list && !every) {
      return Fail(Errc::kInvalid,
                  fmt::format("cannot listen on {}: {}", Printable(ToString(address)), list.error().what));
    }
    for (const addrinfo* at = list ? list->get() : nullptr; at; at = at->ai_next) {
      listening_ = Listen(*at, every);
      if (listening_ >= 0) {
        return PortOf(listening_);
      }
      error = errno;
      if (error == EADDRINUSE) return tl::unexpected(CannotListen(address, error));
    }
  }
  return tl::unexpected(CannotListen(address, error));
}

void HttpListener::Serve() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    // httplib closes what it accepts from when accept() fails (no memory, a signal): it gets a copy.
    const int copy = fcntl(listening_, F_DUPFD_CLOEXEC, 0);
    svr_sock_ = copy;
    lock.unlock();
    const bool left_open = listen_after_bind();
    if (copy >= 0 && left_open) close(copy);
    lock.lock();
    closed_.wait_for(lock, kRetry, [this] { return closing_; });
  }
}

void HttpListener::Close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const socket_t sock : open_) ::shutdown(sock, SHUT_RDWR);
    svr_sock_ = INVALID_SOCKET;
  }
  // Wakes accept(). The numbers are closed after it has returned, so that it never sees another's socket.
  ::shutdown(listening_, SHUT_RDWR);
  closed_.notify_all();
}

bool HttpListener::Enter(socket_t sock) {
  const std::lock_guard lock(mutex_);
  if (!closing_) open_.insert(sock);
  return !closing_;
}

// Before the number is closed, or Close() could cut off another's connection.
void HttpListener::Leave(socket_t sock) {
  const std::lock_guard lock(mutex_);
  open_.erase(sock);
}

bool HttpListener::process_and_close_socket(socket_t sock) {
  if (!Enter(sock)) {
    close(sock);
    return false;
  }
  bool served = false;
  {
    Connection connection(sock);
    bool closed = false;
    served = process_request(connection, /*close_connection=*/true, closed, [](httplib::Request& request) {
      // Pages are written as they are sent: neither compressed nor in parts.
      request.headers.erase("Accept-Encoding");
      request.ranges.clear();
    });
  }
  Leave(sock);
  ::shutdown(sock, SHUT_RDWR);
  close(sock);
  return served;
}

}  // namespace aftershock::exporter
