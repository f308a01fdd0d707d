// What happens to the interfaces, from the kernel to the timeline: messages of RTNLGRP_LINK as they come, and
// the differences that a full read shows.
//
// RTNLGRP_NEIGH is not listened to: neighbours come and go by the thousand when a fabric is in trouble, and
// would fill the buffer in which the links' own messages wait. Neighbours are read in full at each look.
//
// Threading: Serve runs on a thread of its own until Stop; ReadLinks on any other. The lock is never held
// while the kernel is asked for a dump, which may take as long as it likes; taking the messages that have
// come does not block.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "probes/host/link_changes.h"
#include "probes/host/netlink_socket.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

class LinkListener {
 public:
  // Listens, but knows nothing before the first ReadLinks. `timeline` must live until Stop.
  static Result<std::shared_ptr<LinkListener>> Make(Timeline& timeline, std::uint16_t link_type,
                                                    int receive_buffer);
  ~LinkListener();

  // All links; before it returns, all events that led there are told. The first call tells none.
  Result<std::vector<LinkMessage>> ReadLinks(NetlinkSocket& socket);

  void Serve();
  // No event is told from now on. False: Serve waits for the kernel and may do so for ever.
  bool Stop();

 private:
  LinkListener(Timeline& timeline, std::uint16_t link_type, NetlinkSocket socket, int wake);

  // REQUIRES mutex_, these three.
  void TakeMessages();
  void TakeMessage(const NetlinkMessage& message);
  void Tell(const LinkChanges::Events& events);

  bool ReadAgain();
  void Wait(int timeout_ms);

  std::mutex mutex_;
  Timeline* timeline_;          // guarded by mutex_; null: stopped
  LinkChanges changes_;         // guarded by mutex_
  NetlinkSocket socket_;        // guarded by mutex_, but for its descriptor
  std::uint64_t overruns_ = 0;  // guarded by mutex_
  bool read_again_ = false;     // guarded by mutex_; messages were lost
  bool reading_ = false;        // guarded by mutex_; Serve asks the kernel
  bool deaf_ = false;           // guarded by mutex_; the socket is broken: only full reads tell
  const int wake_;              // an eventfd
};

}  // namespace aftershock::host
