#include "probes/host/link_listener.h"

#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "probes/host/dumps.h"

namespace aftershock::host {
namespace {

constexpr int kForever = -1;
constexpr int kRetryMs = 1000;  // after a full read that failed

}  // namespace

Result<std::shared_ptr<LinkListener>> LinkListener::Make(Timeline& timeline, std::uint16_t link_type,
                                                         int receive_buffer) {
  auto socket = NetlinkSocket::Open();
  if (!socket) return tl::unexpected(socket.error());
  if (const auto listening = socket->Listen(RTNLGRP_LINK, receive_buffer); !listening) {
    return tl::unexpected(listening.error());
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return Fail(Errc::kInternal, "no descriptor for an eventfd");
  return std::shared_ptr<LinkListener>(new LinkListener(timeline, link_type, std::move(*socket), wake));
}

LinkListener::LinkListener(Timeline& timeline, std::uint16_t link_type, NetlinkSocket socket, int wake)
    : timeline_(&timeline), changes_(link_type), socket_(std::move(socket)), wake_(wake) {}

LinkListener::~LinkListener() {
  ::close(wake_);
}

void LinkListener::Tell(const LinkChanges::Events& events) {
  for (const HostEvent& event : events) timeline_->Add(event);
}

void LinkListener::TakeMessage(const NetlinkMessage& message) {
  if (message.type != RTM_NEWLINK && message.type != RTM_DELLINK) return;
  const auto link = ParseLinkMessage(message.payload);
  if (link) Tell(message.type == RTM_NEWLINK ? changes_.Changed(*link) : changes_.Gone(*link));
}

// After an overrun the kernel still delivers what was queued before it, and drops all else until that is
// taken (netlink_overrun() in net/netlink/af_netlink.c). So the overrun is told last, and everything is read
// again after it.
void LinkListener::TakeMessages() {
  bool overrun = false;
  std::vector<std::uint8_t> buffer;
  while (timeline_ != nullptr && !deaf_) {
    const auto arrival = socket_.Receive(buffer);
    if (arrival == NetlinkSocket::Arrival::kNothing) break;
    overrun = overrun || arrival == NetlinkSocket::Arrival::kOverrun;
    deaf_ = arrival == NetlinkSocket::Arrival::kFailed;
    if (arrival != NetlinkSocket::Arrival::kMessages) continue;
    for (const NetlinkMessage& message : SplitMessages(buffer)) TakeMessage(message);
  }
  if (!overrun) return;
  HostEvent event;
  event.kind = HostEventKind::kNetlinkOverrun;
  timeline_->Add(std::move(event));
  ++overruns_;
  read_again_ = true;
  ::eventfd_write(wake_, 1);
}

Result<std::vector<LinkMessage>> LinkListener::ReadLinks(NetlinkSocket& socket) {
  std::unique_lock lock(mutex_);
  const std::uint64_t overruns = overruns_;
  const auto read = changes_.BeginRead();
  lock.unlock();
  auto links = DumpLinks(socket);
  lock.lock();
  if (!links || timeline_ == nullptr) {
    changes_.AbandonRead(read);
    return links;
  }
  if (!changes_.ready()) {
    // What came while it was read is told as a difference to it: nothing older is known.
    Tell(changes_.Merge(read, *links));
    TakeMessages();
    return links;
  }
  TakeMessages();
  if (overruns_ == overruns) {
    Tell(changes_.Merge(read, *links));
  } else {
    changes_.AbandonRead(read);  // it may be older than what was lost
  }
  return links;
}

// False: it did not come about.
bool LinkListener::ReadAgain() {
  auto socket = NetlinkSocket::Open();
  const bool done = socket && ReadLinks(*socket).has_value();
  const std::lock_guard lock(mutex_);
  reading_ = false;
  read_again_ = read_again_ || !done;
  return done;
}

void LinkListener::Wait(int timeout_ms) {
  bool deaf = false;
  {
    const std::lock_guard lock(mutex_);
    deaf = deaf_;
  }
  std::array<pollfd, 2> waiting{pollfd{wake_, POLLIN, 0},
                                pollfd{deaf ? -1 : socket_.descriptor(), POLLIN, 0}};
  ::poll(waiting.data(), waiting.size(), timeout_ms);
  eventfd_t count = 0;
  ::eventfd_read(wake_, &count);
}

void LinkListener::Serve() {
  for (;;) {
    bool read = false;
    {
      const std::lock_guard lock(mutex_);
      if (timeline_ == nullptr) return;
      TakeMessages();
      read = reading_ = std::exchange(read_again_, false);
    }
    Wait(read && !ReadAgain() ? kRetryMs : kForever);
  }
}

bool LinkListener::Stop() {
  const std::lock_guard lock(mutex_);
  timeline_ = nullptr;
  ::eventfd_write(wake_, 1);
  return !reading_;
}

}  // namespace aftershock::host
