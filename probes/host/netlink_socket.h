// A socket of rtnetlink (netlink(7), rtnetlink(7)). The only file that knows libnl.
//
// Threading: one thread at a time.
// Errors:    kAbsent       no netlink in this kernel, or kept away by a sandbox
//            kDenied       the kernel does not answer to us
//            kUnsupported  it does not know the question
//            kMalformed    the answer made no sense
//            kInternal     what is asked about kept changing, or the system refused
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "probes/host/netlink_attributes.h"

struct nl_sock;

namespace aftershock::host {

class NetlinkSocket {
 public:
  // In the network namespace of the calling thread, where it stays.
  static Result<NetlinkSocket> Open();

  // All answers to a dump request (RTM_GETLINK …; `header` is what follows the netlink header): take(payload)
  // for each of `answer_type`; false ends it with kMalformed. A dump that the kernel marks as interrupted by
  // a change is asked for again, after restart(). Blocks as long as the kernel's RTNL lock is held.
  struct Question {
    std::uint16_t type = 0, answer_type = 0;
    Bytes header;
    std::function<void()> restart;
    std::function<bool(Bytes)> take;
  };
  Result<void> Dump(const Question& question);

  // Messages of a group from now on, without waiting for one. `receive_buffer`: octets.
  Result<void> Listen(int group, int receive_buffer);
  enum class Arrival { kMessages, kNothing, kOverrun, kFailed };
  Arrival Receive(std::vector<std::uint8_t>& buffer);
  int descriptor() const;

 private:
  struct Close {
    void operator()(nl_sock* socket) const;
  };
  explicit NetlinkSocket(nl_sock* socket) : socket_(socket) {}
  enum class DumpEnd { kDone, kInterrupted };
  Result<DumpEnd> DumpOnce(const Question& question);

  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace aftershock::host
