// The HCA ports of this machine, through libibumad and the kernel's ib_umad module
// (Documentation/infiniband/user_mad.rst, umad_*(3)). The only file that knows libibumad.
//
// Threading: ListPorts and Open from any one thread at a time; a transport is used by one thread.
// Errors:    kAbsent       no device, no such port, or ib_umad is not loaded
//            kDenied       /dev/infiniband/umadN may not be opened
//            kUnsupported  the port's link layer is not InfiniBand, or it has no access to the subnet's
//            management
// Each says in one clause what to do. The library's own warnings are not provoked.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/attributes.h"
#include "model/ids.h"
#include "probes/mad/transport.h"

namespace aftershock::mad {

// As sysfs says; a port of another link layer (RoCE) is listed too.
struct HcaPort {
  std::string device;  // "mlx5_0"
  int port = 0;        // 0: a switch's own
  PortState state = PortState::kNoChange;
  PhysState phys_state = PhysState::kNoChange;
  std::string link_layer;
  Guid port_guid{};
  std::uint64_t gid_prefix = 0;
  Lid lid{};
  Lid sm_lid{};
  std::uint32_t rate_gbps = 0;
  // Where its P_Key table holds the default partition's key, as full or else as limited member; nullopt:
  // nowhere.
  std::optional<std::uint16_t> default_p_key_index;

  bool IsInfiniBand() const;
};

// By device name, then port.
Result<std::vector<HcaPort>> ListPorts();

class UmadTransport final : public Transport {
 public:
  // `tables`: the SA may be asked for some, which come in several MADs; the kernel puts them together.
  static Result<std::unique_ptr<UmadTransport>> Open(const std::string& device, int port,
                                                     std::uint16_t p_key_index, bool tables = false);
  // In the default partition, where SM and SA listen (IBA 10.9.2); at index 0 where the port is not in it.
  static Result<std::unique_ptr<UmadTransport>> OpenInDefaultPartition(const std::string& device, int port);
  ~UmadTransport() override;

  Result<void> Send(const RequestMad& mad, std::chrono::milliseconds timeout) override;
  Result<bool> Receive(Arrival& arrival, std::chrono::milliseconds wait) override;

 private:
  struct Buffers;
  UmadTransport(int fd, std::uint16_t p_key_index);
  static Result<std::unique_ptr<UmadTransport>> Open(const HcaPort& port, std::uint16_t p_key_index,
                                                     bool tables);
  Result<void> Register(const std::string& port_name, bool tables);
  int Read(int& length);

  int fd_;
  std::uint16_t p_key_index_;
  std::array<int, 4> agents_{};  // one per class, in the order of kClasses
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace aftershock::mad
