// The events of a host, from the threads that receive them to the snapshot.
//
// Threading: any thread.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/host.h"

namespace aftershock::host {

class Timeline {
 public:
  // What is kept; older events are only counted.
  static constexpr std::size_t kCapacity = 4096;

  explicit Timeline(const Clock& clock) : clock_(clock) {}

  // Numbers the event and gives it its time.
  void Add(HostEvent event);
  // The events kept, the number of the last one and the counts, into the snapshot.
  void CopyTo(HostSnapshot& snapshot) const;
  // The sequence of the last event of one of these kinds at this port; 0: none. Kinds: a bit set, 1 << kind.
  std::uint64_t LastOf(std::uint32_t kinds, const HcaPortName& port) const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<HostEvent> events_;                                            // guarded by mutex_
  std::uint64_t seen_ = 0;                                                  // guarded by mutex_
  std::map<std::pair<HostEventKind, std::string>, std::uint64_t> counts_;   // guarded by mutex_
  std::map<std::pair<HostEventKind, HcaPortName>, std::uint64_t> last_of_;  // guarded by mutex_
};

}  // namespace aftershock::host
