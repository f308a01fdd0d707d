// Messages of netlink built octet by octet, and read from hexadecimal digits.
#pragma once

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "probes/host/netlink_attributes.h"

namespace aftershock::host {

class Build {
 public:
  Build() = default;
  template <typename Header>
  explicit Build(const Header& header) {
    Append(&header, sizeof header);
  }

  template <typename T>
  Build& Number(std::uint16_t type, T value) {
    return Raw(type, &value, sizeof value);
  }
  Build& Text(std::uint16_t type, std::string_view text) {
    const std::string with_end(text);
    return Raw(type, with_end.c_str(), with_end.size() + 1);
  }
  Build& Octets(std::uint16_t type, Bytes octets) { return Raw(type, octets.data(), octets.size()); }
  Build& Nest(std::uint16_t type, const Build& inside) {
    return Raw(static_cast<std::uint16_t>(type | NLA_F_NESTED), inside.octets_.data(), inside.octets_.size());
  }
  // An attribute whose length says what the caller wants, whatever follows.
  Build& Claiming(std::uint16_t type, std::uint16_t length) {
    const nlattr header{length, type};
    return Append(&header, sizeof header);
  }

  operator Bytes() const { return octets_; }  // NOLINT(google-explicit-constructor): a test's argument
  const std::vector<std::uint8_t>& octets() const { return octets_; }

 private:
  Build& Raw(std::uint16_t type, const void* data, std::size_t size) {
    Claiming(type, static_cast<std::uint16_t>(sizeof(nlattr) + size));
    Append(data, size);
    octets_.resize((octets_.size() + 3) / 4 * 4);
    return *this;
  }
  Build& Append(const void* data, std::size_t size) {
    const std::size_t at = octets_.size();
    octets_.resize(at + size);
    if (size != 0) std::memcpy(octets_.data() + at, data, size);
    return *this;
  }

  std::vector<std::uint8_t> octets_;
};

inline std::vector<std::uint8_t> FromHex(std::string_view digits) {
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    octets.push_back(static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return octets;
}

// What follows the netlink header of a recorded message.
inline std::vector<std::uint8_t> PayloadOf(std::string_view recorded) {
  const auto octets = FromHex(recorded);
  const auto messages = SplitMessages(octets);
  if (messages.size() != 1) return {};
  return {messages.front().payload.begin(), messages.front().payload.end()};
}

inline ifinfomsg LinkHeader(int index, std::uint16_t hardware = 32, unsigned flags = 0) {
  ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_type = hardware;
  header.ifi_flags = flags;
  return header;
}

}  // namespace aftershock::host
