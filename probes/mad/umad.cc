#include "probes/mad/umad.h"

#include <endian.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

extern "C" {
#include <infiniband/umad.h>
}

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

struct ClassSpec {
  MgmtClass id;
  int version;
};
constexpr std::array kClasses{ClassSpec{MgmtClass::kSubnDirected, 1}, ClassSpec{MgmtClass::kSubnLid, 1},
                              ClassSpec{MgmtClass::kPerf, 1}, ClassSpec{MgmtClass::kSubnAdm, 2}};
constexpr std::uint8_t kNoRmpp = 0, kRmpp = 1;
// All members of the largest subnet are 48 thousand records of 56 octets.
constexpr int kMostOfTable = 4 << 20;
constexpr int kPermissiveLid = 0xffff;
constexpr std::uint16_t kFullMember = 0xffff, kLimitedMember = 0x7fff;  // P_Keys of the default partition

constexpr std::string_view kNoDevice = "no InfiniBand device: is the adapter's driver loaded? see ibstat";

std::string PortName(const std::string& device, int port) {
  return device + ":" + std::to_string(port);
}

std::string SystemSays(int error) {
  return std::generic_category().message(error);
}

struct DeviceListFree {
  void operator()(umad_device_node* list) const { umad_free_ca_device_list(list); }
};

std::vector<std::string> DeviceNames() {
  const std::unique_ptr<umad_device_node, DeviceListFree> list(umad_get_ca_device_list());
  std::vector<std::string> names;
  for (const auto* node = list.get(); node; node = node->next) names.emplace_back(node->ca_name);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::uint16_t> DefaultPKeyIndex(const umad_port_t& port) {
  const std::span table(port.pkeys, port.pkeys ? port.pkeys_size : 0);
  for (const std::uint16_t p_key : {kFullMember, kLimitedMember}) {
    const auto found = std::ranges::find(table, p_key);
    if (found != table.end()) return static_cast<std::uint16_t>(found - table.begin());
  }
  return std::nullopt;
}

HcaPort FromUmad(const umad_port_t& port) {
  return {.device = port.ca_name,
          .port = port.portnum,
          .state = static_cast<PortState>(port.state),
          .phys_state = static_cast<PhysState>(port.phys_state),
          .link_layer = port.link_layer,
          .port_guid = static_cast<Guid>(be64toh(port.port_guid)),
          .gid_prefix = be64toh(port.gid_prefix),
          .lid = static_cast<Lid>(port.base_lid),
          .sm_lid = static_cast<Lid>(port.sm_lid),
          .rate_gbps = port.rate,
          .default_p_key_index = DefaultPKeyIndex(port)};
}

bool AppendPorts(const std::string& device, std::vector<HcaPort>& ports) {
  umad_ca_t ca{};
  if (umad_get_ca(device.c_str(), &ca) < 0) return false;
  for (int i = 0; i <= ca.numports; ++i) {
    if (ca.ports[i]) ports.push_back(FromUmad(*ca.ports[i]));
  }
  umad_release_ca(&ca);
  return true;
}

// Asked before the library is: it prints when this file is missing. Through open(), the one way that a
// simulated sysfs shares with the real one.
bool UmadLoaded() {
  const int fd = ::open(IB_UMAD_ABI_DIR "/" IB_UMAD_ABI_FILE, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

std::string DeviceFile(const std::string& device, int port) {
  char path[64] = "";
  if (umad_get_issm_path(device.c_str(), port, path, sizeof path) < 0) return "/dev/infiniband/umad*";
  std::string file = path;
  if (const auto at = file.rfind("issm"); at != std::string::npos) file.replace(at, 4, "umad");
  return file;
}

Error WhyNotOpened(int result, int error, const std::string& device, int port) {
  const std::string name = PortName(device, port);
  if (result == -EINVAL) {
    return {Errc::kAbsent, name + " has no umad device: is the ib_umad module loaded (modprobe ib_umad)?"};
  }
  const std::string file = DeviceFile(device, port);
  switch (error) {
    case EACCES:
    case EPERM:
      return {Errc::kDenied, "no permission on " + file +
                                 ": add the user to the group that owns it, or give it one with a udev rule"};
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return {Errc::kAbsent,
              file + " of " + name + " does not exist: does udev run, does the container have it?"};
    default:
      return {Errc::kInternal, "cannot open " + file + " of " + name + ": " + SystemSays(error)};
  }
}

Result<HcaPort> FindPort(const std::string& device, int port) {
  auto ports = ListPorts();
  if (!ports) return tl::unexpected(std::move(ports.error()));
  const auto found = std::find_if(ports->begin(), ports->end(),
                                  [&](const HcaPort& p) { return p.device == device && p.port == port; });
  if (found == ports->end()) return Fail(Errc::kAbsent, "no port " + PortName(device, port) + ": see ibstat");
  return *found;
}

}  // namespace

bool HcaPort::IsInfiniBand() const {
  return link_layer == "InfiniBand" ||
         link_layer == "IB";  // the library's word where the kernel does not say
}

Result<std::vector<HcaPort>> ListPorts() {
  const auto devices = DeviceNames();
  if (devices.empty()) return Fail(Errc::kAbsent, std::string(kNoDevice));
  std::vector<HcaPort> ports;
  const bool any = std::count_if(devices.begin(), devices.end(),
                                 [&](const auto& device) { return AppendPorts(device, ports); }) != 0;
  if (!any)
    return Fail(Errc::kMalformed,
                "cannot read the ports of " + devices.front() + " in /sys/class/infiniband");
  return ports;
}

// libibumad's header, and the MAD behind it; an arrival may be several, put together.
struct UmadTransport::Buffers {
  struct alignas(8) Packet {
    std::array<std::uint8_t, sizeof(ib_user_mad) + kMadSize> octets{};
  };
  Packet out;
  std::vector<std::uint64_t> in = std::vector<std::uint64_t>(Words(kMadSize));

  static std::size_t Words(std::size_t mad_size) {
    return (sizeof(ib_user_mad) + mad_size + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
  }
  int Room() const { return static_cast<int>(in.size() * sizeof(std::uint64_t) - sizeof(ib_user_mad)); }
};

UmadTransport::UmadTransport(int fd, std::uint16_t p_key_index)
    : fd_(fd), p_key_index_(p_key_index), buffers_(std::make_unique<Buffers>()) {}

UmadTransport::~UmadTransport() {
  umad_close_port(fd_);
}

Result<std::unique_ptr<UmadTransport>> UmadTransport::Open(const std::string& device, int port,
                                                           std::uint16_t p_key_index, bool tables) {
  const auto found = FindPort(device, port);
  if (!found) return tl::unexpected(found.error());
  return Open(*found, p_key_index, tables);
}

Result<std::unique_ptr<UmadTransport>> UmadTransport::OpenInDefaultPartition(const std::string& device,
                                                                             int port) {
  const auto found = FindPort(device, port);
  if (!found) return tl::unexpected(found.error());
  return Open(*found, found->default_p_key_index.value_or(0), /*tables=*/false);
}

Result<std::unique_ptr<UmadTransport>> UmadTransport::Open(const HcaPort& port, std::uint16_t p_key_index,
                                                           bool tables) {
  const std::string name = PortName(port.device, port.port);
  if (!port.IsInfiniBand()) {
    return Fail(Errc::kUnsupported,
                name + " is " + port.link_layer + ", not InfiniBand: choose another port");
  }
  if (!UmadLoaded()) return Fail(Errc::kAbsent, "the ib_umad module is not loaded: modprobe ib_umad");
  errno = 0;
  const int fd = umad_open_port(port.device.c_str(), port.port);
  if (fd < 0) return tl::unexpected(WhyNotOpened(fd, errno, port.device, port.port));
  std::unique_ptr<UmadTransport> transport(new UmadTransport(fd, p_key_index));
  if (auto registered = transport->Register(name, tables); !registered)
    return tl::unexpected(std::move(registered.error()));
  return transport;
}

Result<void> UmadTransport::Register(const std::string& port_name, bool tables) {
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    const ClassSpec& spec = kClasses[i];
    const std::uint8_t rmpp = tables && spec.id == MgmtClass::kSubnAdm ? kRmpp : kNoRmpp;
    agents_[i] = umad_register(fd_, static_cast<int>(spec.id), spec.version, rmpp, nullptr);
    if (agents_[i] >= 0) continue;
    return Fail(
        Errc::kUnsupported,
        fmt::format(
            "{} takes no requests of management class {:#04x}: a virtual function? use the physical one",
            port_name, static_cast<unsigned>(spec.id)));
  }
  return {};
}

Result<void> UmadTransport::Send(const RequestMad& mad, std::chrono::milliseconds timeout) {
  const auto spec = std::find_if(kClasses.begin(), kClasses.end(),
                                 [&](const ClassSpec& s) { return s.id == mad.mgmt_class(); });
  if (spec == kClasses.end()) return Fail(Errc::kInternal, "not a management class of ours");
  void* packet = buffers_->out.octets.data();
  const bool smp = CountedAs(mad.mgmt_class()) == MadClass::kSmp;
  if (const auto* to = std::get_if<LidAddress>(&mad.address())) {
    umad_set_addr(packet, static_cast<int>(to->lid), smp ? 0 : static_cast<int>(to->qp), to->sl,
                  smp ? 0 : static_cast<int>(to->q_key));
  } else {
    umad_set_addr(packet, kPermissiveLid, 0, 0, 0);
  }
  umad_set_pkey(packet, p_key_index_);
  std::memcpy(umad_get_mad(packet), mad.bytes().data(), kMadSize);
  const int agent = agents_[static_cast<std::size_t>(spec - kClasses.begin())];
  const int refused =
      umad_send(fd_, agent, packet, kMadSize, static_cast<int>(timeout.count()), /*retries=*/0);
  if (refused == 0) return {};
  const bool denied = errno == EACCES || errno == EPERM;
  return Fail(denied ? Errc::kDenied : Errc::kInternal, "the kernel refused a MAD: " + SystemSays(errno));
}

// 0, or a negative errno. An arrival that does not fit stays where it is until there is room for it.
int UmadTransport::Read(int& length) {
  for (;;) {
    length = buffers_->Room();
    const int error = std::min(umad_recv(fd_, buffers_->in.data(), &length, /*timeout_ms=*/0), 0);
    if (error != -ENOSPC || length <= buffers_->Room() || length > kMostOfTable) return error;
    buffers_->in.resize(Buffers::Words(static_cast<std::size_t>(length)));
  }
}

Result<bool> UmadTransport::Receive(Arrival& arrival, std::chrono::milliseconds wait) {
  if (wait.count() > 0 && umad_poll(fd_, static_cast<int>(wait.count())) == -ETIMEDOUT) return false;
  // What poll() says besides is not clear (interrupted, or gone); reading is. An empty queue is an error to
  // the library.
  int length = 0;
  if (const int error = Read(length); error < 0) {
    if (error == -EAGAIN || error == -EINTR) return false;
    return Fail(Errc::kInternal, "the InfiniBand port is gone: " + SystemSays(-error));
  }
  void* packet = buffers_->in.data();
  const ib_mad_addr_t& from = *umad_get_mad_addr(packet);
  const std::span whole(static_cast<const std::uint8_t*>(umad_get_mad(packet)),
                        static_cast<std::size_t>(std::clamp(length, 0, buffers_->Room())));
  arrival.length = std::min(whole.size(), kMadSize);
  arrival.source = static_cast<Lid>(be16toh(from.lid));
  arrival.source_qp = be32toh(from.qpn);
  arrival.send_status = umad_status(packet);
  arrival.bytes.fill(0);
  std::copy_n(whole.begin(), arrival.length, arrival.bytes.begin());
  arrival.table.clear();
  if (whole.size() > kMadSize) arrival.table.assign(whole.begin() + wire::kSaDataOffset, whole.end());
  return true;
}

}  // namespace aftershock::mad
