#include "probes/host/netlink_attributes.h"

#include <linux/netlink.h>

#include <algorithm>

namespace aftershock::host {
namespace {

// Both headers, and whatever follows them, start at a multiple of four.
constexpr std::size_t Aligned(std::size_t length) {
  return (length + 3) & ~std::size_t{3};
}

// Takes the attribute at the front off; nullopt: what is there is none.
struct Attribute {
  std::uint16_t type = 0;
  Bytes value;
};
std::optional<Attribute> TakeAttribute(Bytes& data) {
  const auto header = Front<nlattr>(data);
  if (!header || header->nla_len < sizeof(nlattr) || header->nla_len > data.size()) return std::nullopt;
  const Attribute attribute{static_cast<std::uint16_t>(header->nla_type & NLA_TYPE_MASK),
                            data.subspan(sizeof(nlattr), header->nla_len - sizeof(nlattr))};
  data = data.subspan(std::min(data.size(), Aligned(header->nla_len)));
  return attribute;
}

}  // namespace

std::vector<NetlinkMessage> SplitMessages(Bytes buffer) {
  std::vector<NetlinkMessage> messages;
  for (;;) {
    const auto header = Front<nlmsghdr>(buffer);
    if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > buffer.size()) return messages;
    messages.push_back({header->nlmsg_type, header->nlmsg_flags, header->nlmsg_seq,
                        buffer.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr))});
    buffer = buffer.subspan(std::min(buffer.size(), Aligned(header->nlmsg_len)));
  }
}

Attributes::Attributes(Bytes data) {
  Bytes rest = data;
  while (!rest.empty() && !broken_) broken_ = !TakeAttribute(rest);
  if (!broken_) data_ = data;
}

Attributes Attributes::Behind(Bytes payload, std::size_t header) {
  const std::size_t start = Aligned(header);
  if (payload.size() >= start) return Attributes(payload.subspan(start));
  Attributes none;
  none.broken_ = true;
  return none;
}

std::optional<Bytes> Attributes::Find(std::uint16_t type) const {
  std::optional<Bytes> found;
  Bytes rest = data_;
  while (const auto attribute = TakeAttribute(rest)) {
    if (attribute->type == type) found = attribute->value;
  }
  return found;
}

std::string Attributes::Text(std::uint16_t type, std::size_t max) const {
  const auto value = Find(type);
  if (!value) return {};
  const auto end = std::find(value->begin(), value->end(), std::uint8_t{0});
  if (static_cast<std::size_t>(end - value->begin()) > max) return {};
  return {value->begin(), end};
}

Attributes Attributes::Nested(std::uint16_t type) const {
  const auto value = Find(type);
  return value ? Attributes(*value) : Attributes();
}

}  // namespace aftershock::host
