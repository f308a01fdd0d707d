// Any octets as netlink's messages and attributes: what comes out is always a value that the rest of the
// house can hold, and no octet outside the input is read.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../base/utf8.h"
#include "probes/host/interface_table.h"
#include "probes/host/link_changes.h"
#include "probes/host/link_message.h"
#include "probes/host/neighbour_message.h"
#include "probes/host/queue_message.h"

namespace aftershock::host {
namespace {

constexpr std::uint16_t kInfiniBand = 32;

void Require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

void CheckName(const std::string& name) {
  Require(IsUtf8(name) && !name.empty() && name.size() <= 15 * 4, "a name is short and UTF-8");
  Require(std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
          "a name has no control characters");
}

void CheckLink(Bytes payload, LinkChanges& changes) {
  const auto message = ParseLinkMessage(payload);
  if (!message) return;
  const IpoibLink& link = message->link;
  CheckName(link.name);
  Require(link.index > 0 && link.parent >= 0 && link.master >= 0, "indexes are positive");
  Require(link.parent != link.index, "a link is not its own parent");
  Require(!ToString(link.oper_state).empty(), "every state has a name");
  Require(!link.address || link.address->qpn < 1u << 24, "a queue pair number has 24 bits");
  if (message->leg && message->leg->mii_status) {
    Require(!ToString(*message->leg->mii_status).empty(), "every MII status has a name");
  }
  Require(message->bond.has_value() == (message->kind == "bond"), "a bond is of its kind");
  changes.Changed(*message);
  Require(changes.Changed(*message).empty(), "what is known is not told again");
  const Interfaces all = MakeInterfaces(std::span(&*message, 1), kInfiniBand, {}, {});
  Require(all.links.size() <= 1 && all.bonds.empty(), "one message is at most one link");
  if (message->moved) changes.Gone(*message);
}

void CheckNeighbour(Bytes payload) {
  const auto neighbour = ParseNeighbourMessage(payload, 100);
  if (!neighbour) return;
  Require(neighbour->link > 0 && !neighbour->ip.empty(), "a neighbour has an interface and an address");
  Require(!neighbour->confirmed_ago || *neighbour->confirmed_ago >= Duration::zero(),
          "ages are not negative");
}

void CheckQueues(std::span<const NetlinkMessage> messages) {
  std::vector<QueueMessage> queues;
  Backlog most;
  for (const NetlinkMessage& message : messages) {
    const auto queue = ParseQueueMessage(message.payload);
    if (!queue) continue;
    queues.push_back(*queue);
    most.packets += queue->backlog.packets;
  }
  for (const auto& [index, backlog] : SumBacklogs(queues)) {
    Require(index > 0 && backlog.packets <= most.packets, "nothing is counted twice");
  }
}

void CheckAll(Bytes data) {
  LinkChanges changes(kInfiniBand);
  changes.Merge(changes.BeginRead(), {});
  // As it comes: one payload, and a buffer of messages.
  CheckLink(data, changes);
  CheckNeighbour(data);
  const auto messages = SplitMessages(data);
  for (const NetlinkMessage& message : messages) {
    CheckLink(message.payload, changes);
    CheckNeighbour(message.payload);
  }
  CheckQueues(messages);
}

}  // namespace
}  // namespace aftershock::host

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  aftershock::host::CheckAll({data, size});
  return 0;
}
