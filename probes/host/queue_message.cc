#include "probes/host/queue_message.h"

#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <set>
#include <utility>

namespace aftershock::host {
namespace {

constexpr std::uint32_t Major(std::uint32_t handle) {
  return handle & TC_H_MAJ_MASK;
}

void Add(Backlog& to, const Backlog& what) {
  to.packets += what.packets;
  to.bytes += what.bytes;
}

}  // namespace

std::optional<QueueMessage> ParseQueueMessage(Bytes payload) {
  const auto header = Front<tcmsg>(payload);
  if (!header || header->tcm_ifindex <= 0) return std::nullopt;
  const Attributes figures = Attributes::Behind(payload, sizeof(tcmsg)).Nested(TCA_STATS2);
  const auto queue = figures.Structure<gnet_stats_queue>(TCA_STATS_QUEUE);
  if (!queue) return std::nullopt;
  return QueueMessage{header->tcm_ifindex, header->tcm_handle, header->tcm_parent,
                      Backlog{queue->qlen, queue->backlog}};
}

std::map<int, Backlog> SumBacklogs(std::span<const QueueMessage> queues) {
  std::set<std::pair<int, std::uint32_t>> parents;  // interface and major number
  for (const QueueMessage& queue : queues) parents.insert({queue.index, Major(queue.parent)});

  std::map<int, Backlog> roots, leaves;
  for (const QueueMessage& queue : queues) {
    if (queue.parent == TC_H_INGRESS) continue;
    if (queue.parent == TC_H_ROOT) {
      roots[queue.index] = queue.backlog;
    } else if (Major(queue.handle) == 0 || !parents.contains({queue.index, Major(queue.handle)})) {
      Add(leaves[queue.index], queue.backlog);
    }
  }
  for (const auto& [index, waiting] : leaves) {
    Backlog& sum = roots[index];
    sum = {std::max(sum.packets, waiting.packets), std::max(sum.bytes, waiting.bytes)};
  }
  return roots;
}

}  // namespace aftershock::host
