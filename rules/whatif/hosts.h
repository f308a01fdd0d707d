// Which adapters are one machine. Internal to rules/whatif.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/whatif/network.h"

namespace aftershock::whatif {

// "node07" of "node07 mlx5_2" and "node07 HCA-3", the forms in which hosts describe their adapters; empty:
// the description is another text, such as a model's name.
std::string HostOf(std::string_view description);

struct MachineName {
  std::string key;   // equal for the adapters of one machine
  std::string name;  // what a person calls it
};

// Adapters are one machine when their descriptions name the same host, each with another device; else when
// they share a system image GUID. By (plane, node).
std::map<std::pair<Index, Index>, MachineName> Machines(std::span<const PlaneView> planes);

}  // namespace aftershock::whatif
