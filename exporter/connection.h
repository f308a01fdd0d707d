// One client's connection, for one request. Internal to exporter.
//
// A client has kRequestTime to send all of its request, and loses the connection when it takes nothing of the
// answer for kStallTime or has not taken all of it after kAnswerTime.
#pragma once

#include <array>
#include <chrono>

#include <httplib.h>

namespace aftershock::exporter {

class Connection final : public httplib::Stream {
 public:
  static constexpr std::chrono::seconds kRequestTime{5};
  static constexpr std::chrono::seconds kStallTime{5};
  static constexpr std::chrono::seconds kAnswerTime{60};

  // Does not own `sock`.
  explicit Connection(socket_t sock);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  // All of it, or -1.
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return sock_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  bool Wait(short events, Time deadline) const;

  socket_t sock_;
  Time request_deadline_;
  Time answer_deadline_;
  std::array<char, 4096> buffer_{};  // httplib reads its lines byte by byte
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace aftershock::exporter
