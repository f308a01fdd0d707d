#include "probes/host/neighbour_message.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <array>

namespace aftershock::host {
namespace {

std::string ParseIp(int family, const std::optional<Bytes>& octets) {
  const std::size_t size = family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  if ((family != AF_INET && family != AF_INET6) || !octets || octets->size() != size) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, octets->data(), text.data(), text.size()) != nullptr ? text.data() : "";
}

// The kernel counts from a moment of its own for entries that were never confirmed: those that have no
// address, and those that need no confirmation.
std::optional<Duration> ParseConfirmed(const Attributes& attributes, std::uint16_t state,
                                       long ticks_per_second) {
  constexpr std::uint16_t kNeverConfirmed = NUD_INCOMPLETE | NUD_NOARP | NUD_PERMANENT;
  constexpr std::uint32_t kFuture = 1u << 31;  // a difference below zero, cut to 32 bits
  const auto cache = attributes.Structure<nda_cacheinfo>(NDA_CACHEINFO);
  if (!cache || cache->ndm_confirmed >= kFuture || ticks_per_second <= 0) return std::nullopt;
  if ((state & kNeverConfirmed) != 0 || !attributes.Find(NDA_LLADDR)) return std::nullopt;
  return std::chrono::milliseconds(std::int64_t{cache->ndm_confirmed} * 1000 / ticks_per_second);
}

}  // namespace

std::optional<Neighbour> ParseNeighbourMessage(Bytes payload, long ticks_per_second) {
  const auto header = Front<ndmsg>(payload);
  if (!header || header->ndm_ifindex <= 0 || (header->ndm_flags & NTF_PROXY) != 0) return std::nullopt;
  const Attributes attributes = Attributes::Behind(payload, sizeof(ndmsg));
  Neighbour neighbour;
  neighbour.link = header->ndm_ifindex;
  neighbour.ip = ParseIp(header->ndm_family, attributes.Find(NDA_DST));
  if (neighbour.ip.empty()) return std::nullopt;
  neighbour.state = header->ndm_state;
  if (const auto address = attributes.Find(NDA_LLADDR)) neighbour.address = IpoibAddress::From(*address);
  neighbour.confirmed_ago = ParseConfirmed(attributes, neighbour.state, ticks_per_second);
  return neighbour;
}

}  // namespace aftershock::host
