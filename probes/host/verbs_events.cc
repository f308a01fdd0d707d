#include "probes/host/verbs_events.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "probes/host/verbs_device.h"
#include "probes/host/verbs_present.h"

namespace aftershock::host {
namespace {

HostEvent DeviceEvent(HostEventKind kind, const std::string& device) {
  HostEvent event;
  event.kind = kind;
  event.device = device;
  return event;
}

// What the listening thread, a Rescan that may hang and the owner share. Whoever is last closes it all.
class Shared {
 public:
  Shared(Timeline& timeline, std::string sysfs)
      : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), sysfs_(std::move(sysfs)), timeline_(&timeline) {}
  ~Shared() {
    if (wake_ >= 0) ::close(wake_);
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  void Rescan();
  void Listen();
  void End();
  std::optional<Error> Status() const;
  std::vector<std::string> Watched() const;

 private:
  void Tell(HostEvent event);
  void Wake() const;
  std::vector<PresentDevice> Update(std::vector<PresentDevice> present);
  void OpenAll(const std::vector<PresentDevice>& closed, std::optional<Error>& error);
  void Drain(const VerbsDevicePtr& device);
  void Forget(const VerbsDevicePtr& device);

  const int wake_;
  const std::string sysfs_;
  mutable std::mutex mutex_;
  std::map<std::string, VerbsDevicePtr> open_;  // guarded by mutex_
  std::vector<PresentDevice> present_;          // guarded by mutex_
  bool scanned_ = false;                        // guarded by mutex_
  bool ended_ = false;                          // guarded by mutex_
  // guarded by mutex_
  std::optional<Error> status_ = Error{Errc::kAbsent, "InfiniBand devices have not been looked for so far"};
  std::mutex telling_;
  Timeline* timeline_;  // guarded by telling_; nullptr: its owner has gone
};

void Shared::Tell(HostEvent event) {
  const std::lock_guard lock(telling_);
  if (timeline_ != nullptr) timeline_->Add(std::move(event));
}

void Shared::Wake() const {
  ::eventfd_write(wake_, 1);
}

void Shared::End() {
  {
    const std::lock_guard lock(telling_);
    timeline_ = nullptr;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  Wake();
}

std::optional<Error> Shared::Status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::vector<std::string> Shared::Watched() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, device] : open_) names.push_back(name);
  return names;
}

// Tells what came and went; those that are to be opened.
std::vector<PresentDevice> Shared::Update(std::vector<PresentDevice> present) {
  std::vector<HostEvent> news;
  std::vector<VerbsDevicePtr> gone;  // closed without the lock
  std::vector<PresentDevice> closed;
  {
    const std::lock_guard lock(mutex_);
    const auto in = [](const std::vector<PresentDevice>& list, const PresentDevice& device) {
      return std::ranges::any_of(list, [&](const PresentDevice& other) { return IsSame(other, device); });
    };
    for (const PresentDevice& device : present_) {
      if (!in(present, device)) news.push_back(DeviceEvent(HostEventKind::kHcaRemoved, device.name));
    }
    for (const PresentDevice& device : present) {
      if (scanned_ && !in(present_, device))
        news.push_back(DeviceEvent(HostEventKind::kHcaAdded, device.name));
    }
    for (auto it = open_.begin(); it != open_.end();) {
      const bool stays = in(present, it->second->identity());
      if (!stays) gone.push_back(std::move(it->second));
      it = stays ? std::next(it) : open_.erase(it);
    }
    std::ranges::copy_if(present, std::back_inserter(closed),
                         [&](const PresentDevice& device) { return !open_.contains(device.name); });
    present_ = std::move(present);
    scanned_ = true;
  }
  if (!gone.empty()) Wake();
  for (HostEvent& event : news) Tell(std::move(event));
  return closed;
}

// `error`: the first one, or one that says that access is denied, which a person can do something about.
void Shared::OpenAll(const std::vector<PresentDevice>& closed, std::optional<Error>& error) {
  const VerbsDeviceList list;
  for (const PresentDevice& identity : closed) {
    auto opened = list.Open(identity);
    if (!opened) {
      if (!error || opened.error().code == Errc::kDenied) error = std::move(opened.error());
      continue;
    }
    const std::lock_guard lock(mutex_);
    open_[identity.name] = std::move(*opened);
    Wake();
  }
}

void Shared::Rescan() {
  auto present = PresentDevices(sysfs_);
  std::optional<Error> error;
  if (present ? present->empty() : present.error().code == Errc::kAbsent) {
    error = Error{Errc::kAbsent, "no InfiniBand device"};
    present.emplace();
  } else if (!present) {
    const std::lock_guard lock(mutex_);
    status_ = std::move(present.error());
    return;
  }
  const std::vector<PresentDevice> closed = Update(std::move(*present));
  if (!closed.empty()) OpenAll(closed, error);
  const std::lock_guard lock(mutex_);
  status_ = std::move(error);
}

void Shared::Forget(const VerbsDevicePtr& device) {
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(device->identity().name);
  if (it != open_.end() && it->second == device) open_.erase(it);
}

void Shared::Drain(const VerbsDevicePtr& device) {
  for (;;) {
    HostEvent event;
    const VerbsDevice::Next next = device->Take(event);
    if (next == VerbsDevice::Next::kNothing) return;
    if (next == VerbsDevice::Next::kGone) return Forget(device);
    if (next == VerbsDevice::Next::kOther) continue;
    const bool fatal = event.kind == HostEventKind::kDeviceFatal;
    Tell(std::move(event));
    if (fatal) return Forget(device);
  }
}

void Shared::Listen() {
  for (;;) {
    std::vector<VerbsDevicePtr> devices;  // held until the next turn: no descriptor is another's meanwhile
    std::vector<pollfd> polled{{.fd = wake_, .events = POLLIN, .revents = 0}};
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;
      for (const auto& [name, device] : open_) devices.push_back(device);
    }
    for (const VerbsDevicePtr& device : devices) {
      polled.push_back({.fd = device->fd(), .events = POLLIN, .revents = 0});
    }
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;
    eventfd_t ignored = 0;
    if (polled[0].revents != 0) ::eventfd_read(wake_, &ignored);
    for (std::size_t i = 0; i < devices.size(); ++i) {
      if (polled[i + 1].revents != 0) Drain(devices[i]);
    }
  }
}

class LibibverbsEvents final : public VerbsEvents {
 public:
  LibibverbsEvents(Timeline& timeline, std::string sysfs)
      : shared_(std::make_shared<Shared>(timeline, std::move(sysfs))) {
    // Not joined: the thread may hang in the kernel while it closes a device.
    std::thread([shared = shared_] { shared->Listen(); }).detach();
  }
  ~LibibverbsEvents() override { shared_->End(); }

  void Rescan() override { shared_->Rescan(); }
  std::optional<Error> Status() const override { return shared_->Status(); }
  std::vector<std::string> Watched() const override { return shared_->Watched(); }

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace

std::unique_ptr<VerbsEvents> WatchVerbsEvents(Timeline& timeline, std::string sysfs) {
  return std::make_unique<LibibverbsEvents>(timeline, std::move(sysfs));
}

}  // namespace aftershock::host
