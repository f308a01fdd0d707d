// P_Key tables from look to look: read anew only where an event says that they may have changed.
//
// Threading: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/host.h"
#include "probes/host/timeline.h"

namespace aftershock::host {

class PKeyCache {
 public:
  explicit PKeyCache(const Timeline& timeline) : timeline_(timeline) {}

  // Whether the tables of this adapter have to be read in this look: never read, an event at one of its ports
  // since, or `events_seen` is false and nobody would tell.
  bool Wants(const std::string& device, bool events_seen);
  // Keeps the tables of an adapter that were read, or puts the kept ones where they were not.
  void Apply(Hca& hca, bool were_read);

 private:
  struct Known {
    std::uint64_t event = 0;  // the last one of its ports before the tables were read
    std::map<std::uint8_t, std::vector<std::uint16_t>> tables;
  };
  std::uint64_t LastEvent(const std::string& device) const;

  const Timeline& timeline_;
  std::map<std::string, Known> known_;
};

}  // namespace aftershock::host
