// Asynchronous events of every InfiniBand device, through libibverbs (ibv_get_async_event(3)).
//
// A thread of its own waits for the events of all devices. A device is let go at its DEVICE_FATAL, so that
// nothing of ours keeps it from being removed, and opened again at the next Rescan that still, or again,
// finds it. One that went and came back between two of them is removed and added.
//
// Threading: Rescan from one thread, Status and Watched from any; Rescan may block as long as a driver does.
//            The destructor waits for nothing: a thread that hangs in the kernel ends when it is let go, and
//            touches the timeline no more.
// Errors:    kAbsent  no device or no ib_uverbs; kDenied  /dev/infiniband/uverbsN may not be opened
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

class VerbsEvents {
 public:
  virtual ~VerbsEvents() = default;
  // Opens devices that are new, forgets those that are gone; kHcaAdded and kHcaRemoved go to the timeline
  // (not for the devices of the first call).
  virtual void Rescan() = 0;
  // Why events of at least one device are not seen; nullopt: all are.
  virtual std::optional<Error> Status() const = 0;
  // The devices whose events are being received now. Any thread.
  virtual std::vector<std::string> Watched() const = 0;
};

// `timeline` must outlive it. `sysfs`: the folder where sysfs is mounted.
std::unique_ptr<VerbsEvents> WatchVerbsEvents(Timeline& timeline, std::string sysfs = "/sys");

}  // namespace aftershock::host
