// One InfiniBand device, open for its asynchronous events. verbs_device.cc is the only file that knows
// libibverbs.
//
// Threading: Take from one thread; the last holder closes the device, which may block as long as a driver
//            does.
// Errors:    kAbsent    no ib_uverbs, no provider, no device node
//            kDenied    the device node may not be opened
//            kInternal  anything else that the kernel says
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "model/host_event.h"
#include "probes/host/verbs_present.h"

struct ibv_context;
struct ibv_device;

namespace aftershock::host {

class VerbsDevice {
 public:
  VerbsDevice(PresentDevice identity, ibv_context* context)
      : identity_(std::move(identity)), context_(context) {}
  ~VerbsDevice();
  VerbsDevice(const VerbsDevice&) = delete;
  VerbsDevice& operator=(const VerbsDevice&) = delete;

  const PresentDevice& identity() const { return identity_; }
  // Readable when an event waits.
  int fd() const;

  enum class Next {
    kEvent,    // in `event`
    kOther,    // an event that is of no device or port
    kNothing,  // none waits
    kGone,     // there will be none any more
  };
  // Takes the next event without waiting, and acknowledges it.
  Next Take(HostEvent& event);

 private:
  PresentDevice identity_;
  ibv_context* context_;
};
using VerbsDevicePtr = std::shared_ptr<VerbsDevice>;

// The devices that verbs knows at this moment.
class VerbsDeviceList {
 public:
  VerbsDeviceList();
  ~VerbsDeviceList();
  VerbsDeviceList(const VerbsDeviceList&) = delete;
  VerbsDeviceList& operator=(const VerbsDeviceList&) = delete;

  Result<VerbsDevicePtr> Open(const PresentDevice& identity) const;

 private:
  ibv_device** list_;  // ends with nullptr; nullptr: there is no list
};

}  // namespace aftershock::host
