#include "app/umad_entrance.h"

#include <atomic>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "app/ports.h"
#include "probes/mad/umad.h"

namespace aftershock::app {

// The transport that the probes hold on to, while the one behind it may be replaced by the sweep's thread.
class UmadEntrance::Door final : public mad::Transport {
 public:
  bool IsOpen() const { return Behind() != nullptr && !broken_; }
  // Two at once would compete for the port's answers.
  void Close() { Replace(nullptr); }
  void Replace(std::shared_ptr<mad::UmadTransport> transport) {
    const std::lock_guard lock(mutex_);
    transport_ = std::move(transport);
    broken_ = false;
  }

  Result<void> Send(const mad::RequestMad& mad, std::chrono::milliseconds timeout) override {
    const auto transport = Behind();
    return transport ? transport->Send(mad, timeout) : Closed();
  }
  // Only this side tells: a MAD may be refused for its own sake.
  Result<bool> Receive(mad::Arrival& arrival, std::chrono::milliseconds wait) override {
    const auto transport = Behind();
    if (!transport) return Closed();
    auto received = transport->Receive(arrival, wait);
    if (!received) broken_ = true;
    return received;
  }

 private:
  static tl::unexpected<Error> Closed() { return Fail(Errc::kInternal, "the InfiniBand port is not open"); }

  std::shared_ptr<mad::UmadTransport> Behind() const {
    const std::lock_guard lock(mutex_);
    return transport_;
  }

  mutable std::mutex mutex_;
  std::shared_ptr<mad::UmadTransport> transport_;  // guarded by mutex_
  std::atomic<bool> broken_ = false;
};

UmadEntrance::UmadEntrance(PortName port, const Clock& clock, fabric::SweepOptions options,
                           std::uint16_t p_key_index)
    : port_(std::move(port)),
      clock_(clock),
      options_(std::move(options)),
      p_key_index_(p_key_index),
      door_(std::make_unique<Door>()),
      shared_(std::make_unique<mad::SharedPort>(*door_)) {}

UmadEntrance::~UmadEntrance() = default;

Result<void> UmadEntrance::Open() {
  if (door_->IsOpen()) return {};
  const auto found = mad::ListPorts();
  if (!found) return tl::unexpected(found.error());
  const mad::HcaPort* hca_port = FindPort(*found, port_);
  if (hca_port == nullptr) return tl::unexpected(NoSuchPort(port_, *found));
  guid_ = hca_port->port_guid;
  door_->Close();
  auto transport = mad::UmadTransport::Open(port_.device, port_.port, p_key_index_,
                                            /*tables=*/options_.sa_key != 0);
  if (!transport) return tl::unexpected(transport.error());
  door_->Replace(std::move(*transport));
  if (!probe_) {
    const LocalPort local{port_.device, port_.port, guid_, hca_port->lid, hca_port->sm_lid};
    probe_.emplace(shared_->First(), local, clock_, options_);
  }
  return {};
}

Result<FabricSnapshotPtr> UmadEntrance::Sweep(std::stop_token stop,
                                              const fabric::ProgressCallback& progress) {
  if (auto open = Open(); !open) return tl::unexpected(open.error());
  return probe_->Sweep(std::move(stop), progress);
}

std::optional<fabric::Doorway> UmadEntrance::Beside() {
  return fabric::Doorway{Name(), guid_, port_.port, &shared_->Second()};
}

}  // namespace aftershock::app
