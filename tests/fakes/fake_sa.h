// A subnet administrator's records. Plain data; tests change what they like, at any time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "model/host.h"
#include "model/ipoib.h"

namespace aftershock::fake {

inline constexpr std::uint16_t kNoRecords = 0x0300;

struct FakeSa {
  std::map<Gid, GroupRecord> groups;      // by MGID
  std::set<std::pair<Gid, Gid>> members;  // MGID, PortGID
  std::set<Gid> ports;                    // that it knows paths between
  std::map<Gid, Lid> lids;                // of ports, for the paths to them
  std::uint64_t sa_key = 0x5a;            // who knows it is told all members at once
  bool cuts_tables = false;               // of a table only the first MAD arrives, as in the simulator

  void Join(const Gid& group, const Gid& port);
  void Forget(const Gid& group, const Gid& port) { members.erase({group, port}); }
};

// The IPv4 broadcast group of a P_Key as OpenSM makes it.
GroupRecord BroadcastGroupRecord(std::uint16_t p_key);

}  // namespace aftershock::fake
