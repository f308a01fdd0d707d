// What waits in the queueing disciplines of interfaces, by RTM_NEWQDISC (rtnetlink(7), linux/gen_stats.h).
//
// Threading: pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "model/host.h"
#include "probes/host/netlink_attributes.h"

namespace aftershock::host {

struct QueueMessage {
  int index = 0;  // of the interface
  std::uint32_t handle = 0, parent = 0;
  Backlog backlog;
};
// `payload`: what follows the netlink header. nullopt: it holds no figures, or made no sense.
std::optional<QueueMessage> ParseQueueMessage(Bytes payload);

// By interface. A discipline with others below it counts what waits there as its own, most of the time: mq
// did not for lockless children in some kernels. So the larger of the two counts: the root's, or that of all
// that have none below them.
std::map<int, Backlog> SumBacklogs(std::span<const QueueMessage> queues);

}  // namespace aftershock::host
