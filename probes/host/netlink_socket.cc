#include "probes/host/netlink_socket.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

extern "C" {
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
}

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>

namespace aftershock::host {
namespace {

constexpr int kDumpTries = 8;

struct FreeMemory {
  void operator()(unsigned char* memory) const { std::free(memory); }
};
struct FreeMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};

// What libnl says, a negative number of its own.
Error LibrarySays(int error, const std::string& doing) {
  const std::string what = doing + ": " + nl_geterror(error);
  switch (-error) {
    case NLE_PERM:
    case NLE_NOACCESS:
      return {Errc::kDenied, what};
    case NLE_AF_NOSUPPORT:
    case NLE_OPNOTSUPP:
    case NLE_PROTO_MISMATCH:
      return {Errc::kAbsent, what};
    default:
      return {Errc::kInternal, what};
  }
}

// What the kernel says in NLMSG_ERROR and NLMSG_DONE, a negative errno.
Error KernelSays(int error) {
  const std::string what = "netlink refuses to list: " + std::generic_category().message(-error);
  switch (-error) {
    case EPERM:
    case EACCES:
      return {Errc::kDenied, what};
    case EOPNOTSUPP:
    case EINVAL:
      return {Errc::kUnsupported, what};
    default:
      return {Errc::kInternal, what};
  }
}

// Octets, or libnl's negative error. A message of another process is thrown away: only port 0 is the kernel.
int ReceiveFromKernel(nl_sock* socket, std::vector<std::uint8_t>& buffer) {
  for (;;) {
    sockaddr_nl from{};
    unsigned char* memory = nullptr;
    const int size = nl_recv(socket, &from, &memory, nullptr);
    const std::unique_ptr<unsigned char, FreeMemory> owned(memory);
    if (size <= 0) return size;
    if (from.nl_pid != 0) continue;
    buffer.assign(memory, memory + size);
    return size;
  }
}

Result<std::uint32_t> Ask(nl_sock* socket, std::uint16_t type, Bytes header) {
  const std::unique_ptr<nl_msg, FreeMessage> message(nlmsg_alloc_simple(type, NLM_F_DUMP));
  if (!message) return Fail(Errc::kInternal, "no memory for a netlink message");
  std::vector<std::uint8_t> copy(header.begin(), header.end());
  if (const int error = nlmsg_append(message.get(), copy.data(), copy.size(), NLMSG_ALIGNTO); error < 0) {
    return tl::unexpected(LibrarySays(error, "cannot build a netlink message"));
  }
  nl_complete_msg(socket, message.get());
  if (const int error = nl_send(socket, message.get()); error < 0) {
    return tl::unexpected(LibrarySays(error, "cannot ask netlink"));
  }
  return nlmsg_hdr(message.get())->nlmsg_seq;
}

}  // namespace

void NetlinkSocket::Close::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

Result<NetlinkSocket> NetlinkSocket::Open() {
  NetlinkSocket socket(nl_socket_alloc());
  if (!socket.socket_) return Fail(Errc::kInternal, "no memory for a netlink socket");
  if (const int error = nl_connect(socket.socket_.get(), NETLINK_ROUTE); error < 0) {
    return tl::unexpected(LibrarySays(error, "cannot open netlink"));
  }
  return socket;
}

Result<NetlinkSocket::DumpEnd> NetlinkSocket::DumpOnce(const Question& question) {
  const auto sequence = Ask(socket_.get(), question.type, question.header);
  if (!sequence) return tl::unexpected(sequence.error());
  bool interrupted = false;
  std::vector<std::uint8_t> buffer;
  for (;;) {
    const int size = ReceiveFromKernel(socket_.get(), buffer);
    if (size < 0) return tl::unexpected(LibrarySays(size, "cannot read from netlink"));
    const auto messages = SplitMessages(buffer);
    if (messages.empty()) return Fail(Errc::kMalformed, "netlink's answer is cut off");
    for (const NetlinkMessage& message : messages) {
      if (message.sequence != *sequence) continue;
      interrupted = interrupted || (message.flags & NLM_F_DUMP_INTR) != 0;
      if (message.type == NLMSG_DONE || message.type == NLMSG_ERROR) {
        const int error = Front<std::int32_t>(message.payload).value_or(0);
        if (error < 0) return tl::unexpected(KernelSays(error));
        return interrupted ? DumpEnd::kInterrupted : DumpEnd::kDone;
      }
      if (message.type == question.answer_type && !question.take(message.payload)) {
        return Fail(Errc::kMalformed, "a message of netlink makes no sense");
      }
    }
  }
}

Result<void> NetlinkSocket::Dump(const Question& question) {
  for (int i = 0; i < kDumpTries; ++i) {
    question.restart();
    const auto end = DumpOnce(question);
    if (!end) return tl::unexpected(end.error());
    if (*end == DumpEnd::kDone) return {};
  }
  return Fail(Errc::kInternal, "what netlink lists kept changing while it was read");
}

Result<void> NetlinkSocket::Listen(int group, int receive_buffer) {
  nl_socket_disable_seq_check(socket_.get());
  // Beyond the limit of net.core.rmem_max where we may (CAP_NET_ADMIN).
  if (::setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0 &&
      ::setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0) {
    return Fail(Errc::kInternal, "cannot set a netlink socket's receive buffer");
  }
  int error = nl_socket_set_nonblocking(socket_.get());
  if (error >= 0) error = nl_socket_add_membership(socket_.get(), group);
  if (error < 0) return tl::unexpected(LibrarySays(error, "cannot listen to netlink"));
  return {};
}

NetlinkSocket::Arrival NetlinkSocket::Receive(std::vector<std::uint8_t>& buffer) {
  const int size = ReceiveFromKernel(socket_.get(), buffer);
  if (size > 0) return Arrival::kMessages;
  if (size == -NLE_AGAIN) return Arrival::kNothing;
  // libnl's word for ENOBUFS; ENOMEM, the other one, means that a message was lost too.
  return size == -NLE_NOMEM ? Arrival::kOverrun : Arrival::kFailed;
}

int NetlinkSocket::descriptor() const {
  return nl_socket_get_fd(socket_.get());
}

}  // namespace aftershock::host
