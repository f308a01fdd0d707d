#include "probes/host/queue_message.h"

#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>

#include <catch2/catch.hpp>

#include "netlink_build.h"
#include "recorded_messages.h"

namespace aftershock::host {
namespace {

constexpr std::uint32_t kMq = 0x8001'0000;

QueueMessage Queue(std::uint32_t handle, std::uint32_t parent, std::uint64_t packets) {
  return {.index = 2, .handle = handle, .parent = parent, .backlog = {packets, packets * 100}};
}

TEST_CASE("A recorded queue without backlog waits for nothing", "[host][queue]") {
  const auto queue = ParseQueueMessage(PayloadOf(recorded::kQueue));
  REQUIRE(queue);
  CHECK(queue->index == 2);
  CHECK(queue->parent == TC_H_ROOT);
  CHECK(queue->backlog.packets == 0);
}

TEST_CASE("A recorded queue cut off anywhere is none", "[host][queue]") {
  const auto payload = PayloadOf(recorded::kQueue);
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const std::vector<std::uint8_t> cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
    const auto queue = ParseQueueMessage(cut);
    if (queue) CHECK(queue->backlog.packets == 0);
  }
}

TEST_CASE("A queue tells its packets and octets, and none when the figures are short", "[host][queue]") {
  tcmsg header{};
  header.tcm_ifindex = 2;
  const gnet_stats_queue figures{.qlen = 5, .backlog = 700};
  const auto with = [&](const Build& inside) { return Build(header).Nest(TCA_STATS2, inside); };
  const auto queue = ParseQueueMessage(with(Build().Number(TCA_STATS_QUEUE, figures)));
  REQUIRE(queue);
  CHECK(queue->backlog.packets == 5);
  CHECK(queue->backlog.bytes == 700);
  CHECK_FALSE(ParseQueueMessage(with(Build().Number(TCA_STATS_QUEUE, figures.qlen))));
  CHECK_FALSE(ParseQueueMessage(with(Build())));
  CHECK_FALSE(ParseQueueMessage(Build(header)));
}

TEST_CASE("What waits below mq is counted once", "[host][queue]") {
  const QueueMessage queues[] = {Queue(kMq, TC_H_ROOT, 7), Queue(0, kMq | 1, 3), Queue(0, kMq | 2, 4)};
  CHECK(SumBacklogs(queues).at(2).packets == 7);
  CHECK(SumBacklogs(queues).at(2).bytes == 700);
}

TEST_CASE("What waits below mq without a handle is counted once", "[host][queue]") {
  const QueueMessage queues[] = {Queue(0, TC_H_ROOT, 7), Queue(0, 1, 3), Queue(0, 2, 4)};
  CHECK(SumBacklogs(queues).at(2).packets == 7);
}

TEST_CASE("What mq does not count as its own is counted below it", "[host][queue]") {
  const QueueMessage queues[] = {Queue(kMq, TC_H_ROOT, 0), Queue(0, kMq | 1, 3), Queue(0, kMq | 2, 4)};
  CHECK(SumBacklogs(queues).at(2).packets == 7);
}

TEST_CASE("A discipline between root and leaf is not counted beside its leaves", "[host][queue]") {
  const QueueMessage queues[] = {Queue(0x1'0000, TC_H_ROOT, 0), Queue(0x2'0000, 0x1'0001, 5),
                                 Queue(0x3'0000, 0x2'0001, 2), Queue(0x4'0000, 0x2'0002, 3)};
  CHECK(SumBacklogs(queues).at(2).packets == 5);
}

TEST_CASE("Nothing waits at the ingress, and an interface without figures has none", "[host][queue]") {
  const QueueMessage queues[] = {Queue(0xffff'0000, TC_H_INGRESS, 9)};
  CHECK(SumBacklogs(queues).empty());
}

}  // namespace
}  // namespace aftershock::host
