// cpp-httplib's server with what a monitor needs beyond it: it says why it cannot listen, ends at once, and
// is held up by no client.
//
// Out of the box httplib binds with SO_REUSEPORT (a second instance would silently share the port), waits for
// open connections when it stops, lets a client take as long as it likes if only a byte arrives now and then,
// and listens no more after an accept() that failed. The socket is therefore bound here, and each connection
// is a Stream of ours with deadlines, which Close() can cut off.
//
// Internal to exporter. Written against httplib 0.11: process_request() and Stream are its protected
// interface. Threading: Bind(), then Serve() in one thread; Close() from any other.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include <httplib.h>

#include "base/result.h"
#include "exporter/listen_address.h"

namespace aftershock::exporter {

class HttpListener final : public httplib::Server {
 public:
  HttpListener();
  ~HttpListener() override;

  // Listens, and returns the port. An empty host is every address of IPv6 and IPv4, or of IPv4 where there is
  // no IPv6.
  Result<int> Bind(const ListenAddress& address);
  // Answers requests until Close().
  void Serve();
  // Cuts off what is open and makes Serve() return.
  void Close();

 private:
  bool process_and_close_socket(socket_t sock) override;
  bool Enter(socket_t sock);
  void Leave(socket_t sock);

  int listening_ = -1;
  std::mutex mutex_;
  std::condition_variable closed_;
  bool closing_ = false;     // under mutex_
  std::set<socket_t> open_;  // connections, under mutex_
};

}  // namespace aftershock::exporter
