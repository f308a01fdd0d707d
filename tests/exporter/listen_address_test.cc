#include "exporter/listen_address.h"

#include <catch2/catch.hpp>

namespace aftershock::exporter {

TEST_CASE("An address to listen on has a host, which may be empty, and a port", "[exporter][unit]") {
  const auto [text, host, port] = GENERATE(table<std::string, std::string, int>({
      {"127.0.0.1:9917", "127.0.0.1", 9917},
      {"[::1]:9917", "::1", 9917},
      {":9917", "", 9917},
      {"monitor.example:0", "monitor.example", 0},
      {"[fe80::1%eth0]:65535", "fe80::1%eth0", 65535},
  }));
  const auto address = ParseListenAddress(text);
  REQUIRE(address);
  CHECK(address->host == host);
  CHECK(address->port == port);
  CHECK(ToString(*address) == text);
}

TEST_CASE("What is not an address to listen on is refused", "[exporter][unit]") {
  const std::string text = GENERATE("", ":", "9917", "localhost", "localhost:", "localhost:http", ":65536",
                                    ":-1", ": 1", "::1:9917", "[::1]", "[]:1", "[::1:9917", "a]:1", ":1x");
  CAPTURE(text);
  const auto address = ParseListenAddress(text);
  REQUIRE_FALSE(address);
  CHECK(address.error().code == Errc::kInvalid);
}

}  // namespace aftershock::exporter
