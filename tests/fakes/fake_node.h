// What the fake fabric is made of: nodes, their ports and their ways to misbehave. Plain data; tests change
// what they like, at any time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/attributes.h"
#include "model/counters.h"
#include "model/fabric.h"
#include "probes/mad/request.h"
#include "tests/fakes/fake_sa.h"

namespace aftershock::fake {

struct FakeNode;

struct FakeEnd {
  FakeNode* node = nullptr;
  std::uint8_t port = 0;
};

struct FakePort {
  std::uint8_t num = 0;
  Guid guid{};
  // As its PortInfo says; LID, SM LID and masks of a switch are those of port 0.
  PortInfo info{};
  FakeEnd peer{};          // no node: no cable
  bool unplugged = false;  // the cable carries nothing
  // Registers as the device counts, data in 4-octet words; an attribute shows what its field can hold.
  std::map<Counter, std::uint64_t> registers{};
  std::vector<std::uint16_t> p_keys{0xffff};  // its P_Key table, empty entries included

  bool Carries() const { return peer.node != nullptr && !unplugged; }
};

// What an answer becomes on its way. Of several that apply to a request the first is taken.
enum class Misdeed : std::uint8_t {
  kSilent,
  kStatus,    // `status` instead of the answer
  kRedirect,  // ClassPortInfo that leads to `redirect`
  kGarbage,   // octets at random
  kNonsense,  // data at random behind an honest header
  kShort,     // the first 100 octets
  kWrongTransaction,
  kWrongSource,  // another LID, or another route
  kWrongClass,
  kWrongAttribute,
  kWrongModifier,
  kNoResponseBit,
  kNoDirectionBit,
  kTwice,  // the answer, and once more
  kLate,   // after `late`, when the local stack has given it up
  kSlow,   // after `late`
};

struct Misbehaviour {
  Misdeed misdeed = Misdeed::kSilent;
  std::optional<MadClass> mad_class{};        // nullopt: all
  std::optional<mad::Attribute> attribute{};  // nullopt: all
  std::optional<std::uint32_t> port{};        // PortSelect or attribute modifier; nullopt: all
  int percent = 100;                          // of the requests
  int times = -1;                             // how often; -1: for ever
  std::uint16_t status = 0;
  mad::LidAddress redirect{};
  Duration late{};
};

struct FakeNode {
  Guid guid{};
  Guid system_image_guid{};
  NodeType type = NodeType::kUnknown;
  std::uint32_t vendor_id = 0x0002c9;
  std::uint16_t device_id = 0xcf08;
  std::uint32_t revision = 0xa0;
  std::string description;      // raw octets, up to 64
  std::vector<FakePort> ports;  // by number; port 0 of an adapter is not there
  SwitchInfo switch_info;
  // Of a switch; beyond its end a linear table has no exit.
  std::vector<std::uint8_t> linear;
  std::map<std::uint16_t, PortSet> multicast;
  // By port in and out; SL modulo 15 where there is none.
  std::map<std::pair<std::uint8_t, std::uint8_t>, SlToVlTable::Row> sl_to_vl;
  std::optional<bool> adaptive;  // nullopt: AdaptiveRoutingInfo is unknown to it
  std::optional<SmInfo> sm;
  std::optional<FakeSa> sa;
  ClassPortInfo pma;        // CapabilityMask and CapabilityMask2 say which registers there are
  bool has_details = true;  // PortRcvErrorDetails and PortXmitDiscardDetails
  bool has_mlnx_extended = false;
  bool forwards = true;     // directed routes through it lead on
  std::uint64_t m_key = 0;  // not 0: silent to SMPs without it
  std::vector<Misbehaviour> misbehaviours;

  // What it was asked.
  std::map<std::pair<MadClass, mad::Attribute>, std::uint64_t> asked;
  std::uint64_t requests = 0;
  std::uint32_t in_flight = 0, peak_in_flight = 0;

  FakePort& At(std::uint8_t num) { return ports.at(num); }
  std::uint8_t num_ports() const { return static_cast<std::uint8_t>(ports.size() - 1); }
  bool IsSwitch() const { return type == NodeType::kSwitch; }
  std::uint64_t Asked(MadClass c, mad::Attribute a) const {
    const auto found = asked.find({c, a});
    return found == asked.end() ? 0 : found->second;
  }
  void ForgetWhatWasAsked();
};

}  // namespace aftershock::fake
