// What the host's rules remember from look to look, as plain data.
//
// Made and changed by rules/ only; the caller keeps it and hands it back. Keyed by names and GUIDs, so that a
// device that comes back is recognised; bounded by what the host has. Times are of the monotonic clock unless
// they are a WallTime; they mean nothing to another process, which is recognised by the look's number
// beginning again: of an earlier process only the adapters and `since` are kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "model/counters.h"
#include "model/host.h"
#include "model/ids.h"
#include "model/ipoib.h"
#include "model/state.h"

namespace aftershock {

// An InfiniBand adapter that was seen, by name.
struct HcaMemory {
  Guid node_guid{};  // 0: not known
  std::string pci_address;
  bool here = false;          // in the last look that saw the adapters
  bool this_process = false;  // seen by this process
};

// What leads to the subnet manager.
struct SmWay {
  Lid lid{};
  std::optional<std::uint8_t> sl;
};
struct SmWayChange {
  SmWay from, to;
  SteadyTime after{};    // the last look that saw the old one
  SteadyTime noticed{};  // the first that saw the new one
};
struct HostPortMemory {
  bool was_active = false;            // in this process
  std::optional<SmWay> way;           // when it was last seen Active
  SteadyTime way_read{};              // then
  std::optional<SmWayChange> change;  // that no event has followed so far
  // Its counters: the registers as last read, and what they add up to.
  CounterValues registers, counted;
  bool restarted = false;  // they all began again since the look before
};

// What an interface runs with, as far as it is known.
struct LinkSettings {
  std::optional<IpoibMode> mode;
  std::optional<std::uint32_t> mtu;
  std::optional<std::uint16_t> p_key;
};
// How an interface's queue moves while it has carrier.
struct TransmitMemory {
  std::uint64_t sent = 0;                     // packets, at the last look
  SteadyTime moved{};                         // the last look that saw it grow, or the first
  std::optional<SteadyTime> waiting_since;    // since when something waits and nothing leaves
  std::optional<SteadyTime> timed_out;        // the kernel's last word of it
  std::optional<SteadyTime> calm_since = {};  // of a stalled one that moves again
  bool stalled = false;
};
struct LinkMemory {
  SteadyTime seen{};
  LinkSettings first;  // when it was first seen up
  std::optional<TransmitMemory> transmit;
  std::optional<SteadyTime> carrier_lost;  // not counted as a flap so far
  std::optional<SteadyTime> taken_down;    // last, by an administrator, or by its end
  std::optional<std::uint32_t> carrier_changes;
  std::vector<SteadyTime> flaps;  // oldest first
};

struct BondMemory {
  std::map<std::string, std::optional<HcaPortName>> legs;  // every one that it had
  std::uint32_t switches = 0;                              // the most distinct live ones seen behind it
};

// Something suspected: since when, and whether it stands as a finding.
struct HostSpell {
  SteadyTime first{};
  bool standing = false;
};

struct HostState {
  std::uint32_t look = 0;    // number of the last one
  SteadyTime taken{};        // of the last one
  std::uint64_t events = 0;  // sequence of the last event taken in
  std::map<std::string, HcaMemory> hcas;
  std::map<HcaPortName, HostPortMemory> ports;
  std::map<std::string, LinkMemory> links;
  std::map<std::string, BondMemory> bonds;
  std::map<Gid, GroupRecord> groups;  // as last answered, of the groups of the links there are
  FabricState own_ports;              // of the fabric's rules for the ports' counters
  std::unordered_map<std::string, HostSpell> spells;  // by Key(finding)
  std::unordered_map<std::string, WallTime> since;    // by Key(finding)
};

}  // namespace aftershock
