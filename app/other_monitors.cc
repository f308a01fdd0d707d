#include "app/other_monitors.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace aftershock::app {
namespace {

// The address of a port's name, and its length: an abstract one begins with a zero octet and ends with its
// length.
socklen_t Address(Guid port, sockaddr_un& address) {
  const std::string name = "aftershock/fabric/" + ToString(port);
  address = {};
  address.sun_family = AF_UNIX;
  std::ranges::copy(name, address.sun_path + 1);
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
}

int OpenSocket() {
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

std::optional<pid_t> HolderOf(Guid port) {
  sockaddr_un address{};
  const socklen_t length = Address(port, address);
  const int fd = OpenSocket();
  if (fd < 0) return std::nullopt;
  std::optional<pid_t> holder;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), length) == 0) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) holder = peer.pid;
  }
  ::close(fd);
  return holder;
}

}  // namespace

OtherMonitors::~OtherMonitors() {
  for (const auto& [port, fd] : claims_) ::close(fd);
}

void OtherMonitors::Claim(Guid port) {
  if (port == Guid{} || claims_.contains(port)) return;
  sockaddr_un address{};
  const socklen_t length = Address(port, address);
  const int fd = OpenSocket();
  if (fd < 0) return;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), length) == 0 && ::listen(fd, 64) == 0) {
    claims_[port] = fd;
  } else {
    ::close(fd);
  }
}

std::vector<OtherMonitors::Other> OtherMonitors::Look(const FabricSnapshot& snapshot) {
  Claim(snapshot.local.guid);
  for (const auto& [port, fd] : claims_) {  // those who asked have their answer with the connection
    for (int asker; (asker = ::accept(fd, nullptr, nullptr)) >= 0;) ::close(asker);
  }
  std::vector<Other> appeared;
  for (const Node& node : snapshot.nodes) {
    if (node.IsSwitch()) continue;
    for (const Port& port : node.ports) {
      if (port.guid == Guid{} || !port.Linked()) continue;
      const auto holder = HolderOf(port.guid);
      if (!holder || *holder == ::getpid()) {
        known_.erase(port.guid);
      } else if (std::exchange(known_[port.guid], *holder) != *holder) {
        appeared.push_back({port.guid, node.name, *holder});
      }
    }
  }
  return appeared;
}

}  // namespace aftershock::app
