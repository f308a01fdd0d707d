#include "namespace.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" {
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
}

#include <array>
#include <cerrno>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "netlink_build.h"

namespace aftershock::host {
namespace {

Build Named(const std::string& name, unsigned flags = 0, unsigned change = 0) {
  ifinfomsg header{};
  header.ifi_flags = flags;
  header.ifi_change = change;
  return Build(header).Text(IFLA_IFNAME, name);
}

Build Numbered(const std::string& name) {
  const auto index = static_cast<int>(::if_nametoindex(name.c_str()));
  if (index == 0) throw std::runtime_error("there is no " + name);
  return Build(LinkHeader(index, 0));
}

Build Entry(const std::string& name, const std::string& ip, unsigned state) {
  ndmsg header{};
  header.ndm_family = AF_INET;
  header.ndm_ifindex = static_cast<int>(::if_nametoindex(name.c_str()));
  header.ndm_state = static_cast<std::uint16_t>(state);
  in_addr address{};
  ::inet_pton(AF_INET, ip.c_str(), &address);
  return Build(header).Number(NDA_DST, address);
}

std::runtime_error System(const std::string& doing) {
  return std::runtime_error(doing + ": " + std::generic_category().message(errno));
}

}  // namespace

std::string Namespace::WhyNot() {
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return System("no network namespace for us").what();
  }
  try {
    const Namespace space;
    space.AddPair("a", "b");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

// A thread's namespace is left with it: the socket and the descriptor stay.
Namespace::Namespace() {
  std::exception_ptr error;
  std::thread([&] {
    try {
      Open();
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  if (error) std::rethrow_exception(error);
}

void Namespace::Open() {
  if (::unshare(CLONE_NEWNET) != 0) throw System("no network namespace");
  fd_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw System("no descriptor of a network namespace");
  socket_.reset(nl_socket_alloc());
  if (!socket_ || nl_connect(socket_.get(), NETLINK_ROUTE) < 0) throw System("no netlink");
}

Namespace::~Namespace() {
  if (fd_ >= 0) ::close(fd_);
}

void Namespace::Close::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

void Namespace::Enter() const {
  if (::setns(fd_, CLONE_NEWNET) != 0) throw System("cannot enter a network namespace");
}

int Namespace::Ask(int type, int flags, Bytes payload) const {
  std::vector<std::uint8_t> copy(payload.begin(), payload.end());
  const int sent = nl_send_simple(socket_.get(), type, flags | NLM_F_ACK, copy.data(), copy.size());
  return sent < 0 ? sent : nl_wait_for_ack(socket_.get());
}

void Namespace::Demand(int type, int flags, Bytes payload, const std::string& doing) const {
  const int error = Ask(type, flags, payload);
  if (error < 0) throw std::runtime_error(doing + ": " + nl_geterror(error));
}

void Namespace::AddPair(const std::string& name, const std::string& peer) const {
  const Build data = Build().Nest(VETH_INFO_PEER, Named(peer));
  const Build info = Build().Text(IFLA_INFO_KIND, "veth").Nest(IFLA_INFO_DATA, data);
  Demand(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, Named(name).Nest(IFLA_LINKINFO, info),
         "cannot make veth links");
}

bool Namespace::AddBridge(const std::string& name) const {
  const Build info = Build().Text(IFLA_INFO_KIND, "bridge");
  return Ask(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, Named(name).Nest(IFLA_LINKINFO, info)) == 0;
}

void Namespace::Delete(const std::string& name) const {
  Demand(RTM_DELLINK, 0, Named(name), "cannot delete " + name);
}

void Namespace::SetUp(const std::string& name, bool up) const {
  Demand(RTM_NEWLINK, 0, Named(name, up ? IFF_UP : 0, IFF_UP), "cannot set " + name + " up or down");
}

void Namespace::SetMtu(const std::string& name, unsigned mtu) const {
  Demand(RTM_NEWLINK, 0, Named(name).Number(IFLA_MTU, mtu), "cannot set the MTU of " + name);
}

void Namespace::Rename(const std::string& name, const std::string& to) const {
  Demand(RTM_NEWLINK, 0, Numbered(name).Text(IFLA_IFNAME, to), "cannot rename " + name);
}

void Namespace::SetMaster(const std::string& name, const std::string& master) const {
  const unsigned index = master.empty() ? 0 : ::if_nametoindex(master.c_str());
  Demand(RTM_NEWLINK, 0, Named(name).Number(IFLA_MASTER, index), "cannot set the master of " + name);
}

void Namespace::SetNeighbour(const std::string& name, const std::string& ip, unsigned state) const {
  constexpr std::array<std::uint8_t, 6> kAddress{2, 0, 0, 0, 0, 1};
  Demand(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, Entry(name, ip, state).Octets(NDA_LLADDR, kAddress),
         "cannot set a neighbour of " + name);
}

void Namespace::DeleteNeighbour(const std::string& name, const std::string& ip) const {
  Demand(RTM_DELNEIGH, 0, Entry(name, ip, 0), "cannot delete a neighbour of " + name);
}

void Namespace::Move(const std::string& name, const Namespace& to) const {
  Demand(RTM_NEWLINK, 0, Named(name).Number(IFLA_NET_NS_FD, to.fd_), "cannot move " + name);
}

}  // namespace aftershock::host
