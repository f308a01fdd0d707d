#include "probes/host/interfaces.h"

#include <thread>
#include <utility>

#include "probes/host/dumps.h"
#include "probes/host/interface_table.h"
#include "probes/host/link_listener.h"

namespace aftershock::host {
namespace {

constexpr int kReceiveBuffer = 1 << 20;

class Watch final : public InterfaceWatch {
 public:
  Watch(std::shared_ptr<LinkListener> listener, std::uint16_t link_type)
      : listener_(std::move(listener)),
        link_type_(link_type),
        thread_([shared = listener_] { shared->Serve(); }) {}

  // Nobody waits for a thread that hangs in the kernel; it owns what it touches.
  ~Watch() override {
    if (listener_->Stop()) {
      thread_.join();
    } else {
      thread_.detach();
    }
  }

  Result<Interfaces> Read() override {
    // A new socket for each read: nothing of one that failed half-way is left in it.
    auto socket = NetlinkSocket::Open();
    if (!socket) return tl::unexpected(socket.error());
    const auto links = listener_->ReadLinks(*socket);
    if (!links) return tl::unexpected(links.error());
    const auto backlogs = DumpBacklogs(*socket);
    return MakeInterfaces(*links, link_type_, backlogs, DumpNeighbours(*socket));
  }

 private:
  const std::shared_ptr<LinkListener> listener_;
  const std::uint16_t link_type_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<InterfaceWatch>> WatchInterfaces(Timeline& timeline, const InterfaceOptions& options) {
  const int receive_buffer = options.receive_buffer != 0 ? options.receive_buffer : kReceiveBuffer;
  auto listener = LinkListener::Make(timeline, options.link_type, receive_buffer);
  if (!listener) return tl::unexpected(listener.error());
  auto socket = NetlinkSocket::Open();
  if (!socket) return tl::unexpected(socket.error());
  if (const auto known = (*listener)->ReadLinks(*socket); !known) return tl::unexpected(known.error());
  return std::make_unique<Watch>(std::move(*listener), options.link_type);
}

}  // namespace aftershock::host
