// Where the exporter listens, as given with --listen.
//
// "127.0.0.1:9917", "[::1]:9917", "monitor.example:9917", ":9917" (every address, IPv6 and IPv4). Port 0 lets
// the system choose one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aftershock::exporter {

struct ListenAddress {
  std::string host;  // without brackets; empty: every address
  std::uint16_t port = 9917;
};

// kInvalid: says what is wrong with the text.
Result<ListenAddress> ParseListenAddress(std::string_view text);
std::string ToString(const ListenAddress& address);

}  // namespace aftershock::exporter
