// What happened to the interfaces, from what the kernel says they are now: each difference to what was known
// becomes one event, once, in the order in which the kernel told.
//
// Two sources tell: messages one by one, and full reads. A full read may be older than messages that came
// while it was under way, so of those links the messages count:
//
//   const auto read = changes.BeginRead();  … read, then take the messages that came …  changes.Merge(read,
//   …)
//
// Threading: none; the owner locks.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "model/host_event.h"
#include "probes/host/link_message.h"

namespace aftershock::host {

class LinkChanges {
 public:
  using Events = std::vector<HostEvent>;
  using ReadId = std::uint64_t;

  // `link_type`: ARPHRD_* of the links whose events are told.
  explicit LinkChanges(std::uint16_t link_type) : link_type_(link_type) {}

  // RTM_NEWLINK. A link that is new is told as added, then by all that it is beyond a link just made.
  Events Changed(const LinkMessage& message);
  // RTM_DELLINK.
  Events Gone(const LinkMessage& message);

  // Every read that began ends with one of the two. The first Merge learns what there is, and tells nothing.
  ReadId BeginRead();
  Events Merge(ReadId read, std::span<const LinkMessage> all);
  void AbandonRead(ReadId read);

  // Before the first Merge messages mean nothing.
  bool ready() const { return ready_; }

 private:
  Events Take(const LinkMessage& message, bool new_here);
  Events RemoveMissing(ReadId read, std::span<const LinkMessage> all);
  Events Compare(const LinkMessage& before, LinkMessage& after) const;
  Events Removed(int index, HostEventKind kind);
  bool ToldSince(int index, ReadId read) const;
  std::string NameOf(int index) const;

  const std::uint16_t link_type_;
  bool ready_ = false;
  std::map<int, LinkMessage> links_;  // of link_type_
  std::map<int, std::string> names_;  // of all interfaces: a master may be of another type until it has a leg
  std::uint64_t told_ = 0;            // messages so far
  std::map<int, std::uint64_t> told_at_;  // by index; kept for links that are gone while a read is under way
  std::multiset<ReadId> reads_;           // under way: told_ when they began
};

}  // namespace aftershock::host
