// JSON lists to vectors of what reader.h reads. Internal to model/json.
#pragma once

#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "model/json/reader.h"

namespace aftershock::codec {

// Of the longest list within one element of a document: a neighbour table of a host that talks to a subnet.
inline constexpr std::size_t kMaxListed = 1u << 16;

template <typename T>
void DecodeValue(const nlohmann::json& value, std::vector<T>& out, Trail& trail) {
  if (!value.is_array() || value.size() > kMaxListed) {
    return trail.Expected(fmt::format("a list of at most {} elements", kMaxListed), value);
  }
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size() && !trail.failed(); ++i) {
    const Trail::Step step(trail, i);
    Decode(value[i], out.emplace_back(), trail);
  }
}

}  // namespace aftershock::codec
