#include "probes/host/dumps.h"

#include <linux/rtnetlink.h>
#include <unistd.h>

#include <utility>

#include "probes/host/neighbour_message.h"
#include "probes/host/queue_message.h"

namespace aftershock::host {
namespace {

template <typename T>
Bytes BytesOf(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

}  // namespace

Result<std::vector<LinkMessage>> DumpLinks(NetlinkSocket& socket) {
  const ifinfomsg header{};
  std::vector<LinkMessage> links;
  const auto take = [&](Bytes payload) {
    auto link = ParseLinkMessage(payload);
    if (link) links.push_back(std::move(*link));
    return link.has_value();
  };
  const auto dumped = socket.Dump({RTM_GETLINK, RTM_NEWLINK, BytesOf(header), [&] { links.clear(); }, take});
  if (!dumped) return tl::unexpected(dumped.error());
  return links;
}

std::map<int, Backlog> DumpBacklogs(NetlinkSocket& socket) {
  const tcmsg header{};
  std::vector<QueueMessage> queues;
  const auto take = [&](Bytes payload) {
    if (const auto queue = ParseQueueMessage(payload)) queues.push_back(*queue);
    return true;
  };
  const auto dumped =
      socket.Dump({RTM_GETQDISC, RTM_NEWQDISC, BytesOf(header), [&] { queues.clear(); }, take});
  return dumped ? SumBacklogs(queues) : std::map<int, Backlog>{};
}

Result<std::vector<Neighbour>> DumpNeighbours(NetlinkSocket& socket) {
  const ndmsg header{};
  const long ticks_per_second = ::sysconf(_SC_CLK_TCK);
  std::vector<Neighbour> neighbours;
  const auto take = [&](Bytes payload) {
    auto neighbour = ParseNeighbourMessage(payload, ticks_per_second);
    if (neighbour) neighbours.push_back(std::move(*neighbour));
    return true;
  };
  const auto dumped =
      socket.Dump({RTM_GETNEIGH, RTM_NEWNEIGH, BytesOf(header), [&] { neighbours.clear(); }, take});
  if (!dumped) return tl::unexpected(dumped.error());
  return neighbours;
}

}  // namespace aftershock::host
