// The octets of netlink, taken apart: messages in a buffer, attributes in a message (netlink(7),
// rtnetlink(7)).
//
// Nothing is believed before its length is checked: an attribute that claims more octets than there are makes
// the whole set of attributes empty, and a value of another length than its kind has is no value. Where an
// attribute comes twice, the last one counts, as in the kernel's own parser.
//
// Threading: pure functions; everything returned points into the octets given.
// Units:     numbers are in the machine's byte order, as the kernel writes them.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace aftershock::host {

using Bytes = std::span<const std::uint8_t>;

struct NetlinkMessage {
  std::uint16_t type = 0;   // RTM_*, NLMSG_*
  std::uint16_t flags = 0;  // NLM_F_*
  std::uint32_t sequence = 0;
  Bytes payload;
};
// The messages before the first one that is longer than what is left, or shorter than its own header.
std::vector<NetlinkMessage> SplitMessages(Bytes buffer);

// The `size` octets at the front as a plain C structure; nullopt: there are fewer.
template <typename T>
std::optional<T> Front(Bytes data) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (data.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, data.data(), sizeof value);
  return value;
}

class Attributes {
 public:
  Attributes() = default;
  explicit Attributes(Bytes data);
  // What follows a header of this many octets; broken where there are fewer.
  static Attributes Behind(Bytes payload, std::size_t header);

  // An attribute was cut off: none is believed.
  bool broken() const { return broken_; }
  std::optional<Bytes> Find(std::uint16_t type) const;
  // Of exactly this size.
  template <std::integral T>
  std::optional<T> Number(std::uint16_t type) const {
    const auto value = Find(type);
    return value && value->size() == sizeof(T) ? Front<T>(*value) : std::nullopt;
  }
  // A C structure that newer kernels may have made longer.
  template <typename T>
  std::optional<T> Structure(std::uint16_t type) const {
    const auto value = Find(type);
    return value ? Front<T>(*value) : std::nullopt;
  }
  // Up to its end or the first NUL; empty: there is none, or it is longer than `max`.
  std::string Text(std::uint16_t type, std::size_t max) const;
  // The attributes inside of one; none where there is no such one.
  Attributes Nested(std::uint16_t type) const;

 private:
  Bytes data_;
  bool broken_ = false;
};

}  // namespace aftershock::host
