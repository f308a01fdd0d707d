#include "probes/host/verbs_device.h"

#include <fcntl.h>
#include <unistd.h>

extern "C" {
#include <infiniband/verbs.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace aftershock::host {
namespace {

struct EventSpec {
  ibv_event_type type;
  HostEventKind kind;
};
constexpr std::array kEvents{
    EventSpec{IBV_EVENT_PORT_ERR, HostEventKind::kPortErr},
    EventSpec{IBV_EVENT_PORT_ACTIVE, HostEventKind::kPortActive},
    EventSpec{IBV_EVENT_LID_CHANGE, HostEventKind::kLidChange},
    EventSpec{IBV_EVENT_SM_CHANGE, HostEventKind::kSmChange},
    EventSpec{IBV_EVENT_PKEY_CHANGE, HostEventKind::kPkeyChange},
    EventSpec{IBV_EVENT_GID_CHANGE, HostEventKind::kGidChange},
    EventSpec{IBV_EVENT_CLIENT_REREGISTER, HostEventKind::kClientReregister},
    EventSpec{IBV_EVENT_DEVICE_FATAL, HostEventKind::kDeviceFatal},
};

Error WhyNotOpened(const std::string& node, int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return {Errc::kDenied,
              "no permission on " + node + ": let the user read and write it, for example by a udev rule"};
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return {Errc::kAbsent, node + " does not exist: does udev run, does the container have it?"};
    default:
      return {Errc::kInternal, "cannot open " + node + ": " + std::generic_category().message(error)};
  }
}

// Asked before the library is: it waits five seconds for a node that cannot be opened.
Result<void> TryNode(const std::string& node) {
  const int fd = ::open(node.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return tl::unexpected(WhyNotOpened(node, errno));
  ::close(fd);
  return {};
}

}  // namespace

VerbsDevice::~VerbsDevice() {
  ibv_close_device(context_);
}

int VerbsDevice::fd() const {
  return context_->async_fd;
}

VerbsDevice::Next VerbsDevice::Take(HostEvent& event) {
  ibv_async_event raw{};
  bool failed = false;
  do {
    errno = 0;
    failed = ibv_get_async_event(context_, &raw) != 0;
  } while (failed && errno == EINTR);
  if (failed) return errno == EAGAIN ? Next::kNothing : Next::kGone;
  ibv_ack_async_event(&raw);
  const auto* spec = std::ranges::find(kEvents, raw.event_type, &EventSpec::type);
  if (spec == kEvents.end()) return Next::kOther;
  event = HostEvent{};
  event.kind = spec->kind;
  event.device = identity_.name;
  const int port = raw.element.port_num;
  const bool one_port = spec->kind != HostEventKind::kDeviceFatal && port > 0 &&
                        port <= std::numeric_limits<std::uint8_t>::max();
  if (one_port) event.port = static_cast<std::uint8_t>(port);
  return Next::kEvent;
}

VerbsDeviceList::VerbsDeviceList() : list_(ibv_get_device_list(nullptr)) {}

VerbsDeviceList::~VerbsDeviceList() {
  if (list_ != nullptr) ibv_free_device_list(list_);
}

Result<VerbsDevicePtr> VerbsDeviceList::Open(const PresentDevice& identity) const {
  ibv_device** found = list_;
  while (found != nullptr && *found != nullptr && identity.name != ibv_get_device_name(*found)) ++found;
  if (found == nullptr || *found == nullptr) {
    return Fail(Errc::kAbsent, "verbs does not know " + identity.name +
                                   ": load ib_uverbs, look for its /dev/infiniband/uverbs*, install the "
                                   "library of its provider (rdma-core)");
  }
  const std::string node = std::string("/dev/infiniband/") + (*found)->dev_name;
  if (auto usable = TryNode(node); !usable) return tl::unexpected(std::move(usable.error()));
  errno = 0;
  ibv_context* context = ibv_open_device(*found);
  if (context == nullptr) return tl::unexpected(WhyNotOpened(node, errno));
  auto device = std::make_shared<VerbsDevice>(identity, context);
  const int flags = ::fcntl(device->fd(), F_GETFL);
  if (flags < 0 || ::fcntl(device->fd(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return tl::unexpected(WhyNotOpened(node, errno));
  }
  return device;
}

}  // namespace aftershock::host
