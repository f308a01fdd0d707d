// Redundancy groups as the configuration names them: switches of which some have to live at any time.
//
// Plain data, as written: whether a member is in a fabric, and which node its text means, is found out
// against a snapshot.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aftershock {

struct PairMember {
  std::string text;                          // a GUID, or a node's name
  std::map<std::string, std::string> risks;  // label to value: "power" to "feed-A"
  friend bool operator==(const PairMember&, const PairMember&) = default;
};

struct PairGroup {
  std::string name;
  std::uint32_t must_live = 1;
  std::vector<PairMember> members;
  friend bool operator==(const PairGroup&, const PairGroup&) = default;
};

}  // namespace aftershock
