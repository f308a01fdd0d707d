// One reader for every attribute: a field is a bit offset and a width, as the IBA's tables print them, and an
// attribute is a table of fields.
//
// Bit 0 is the most significant bit of the attribute's first octet. Octets that are not there read as zeros.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>

#include "probes/mad/decode.h"

namespace aftershock::mad {

struct Field {
  unsigned offset = 0;  // bits
  unsigned width = 0;   // bits, at most 64
  constexpr std::uint64_t Max() const { return std::numeric_limits<std::uint64_t>::max() >> (64 - width); }
};

constexpr std::uint64_t Read(Bytes data, Field field) {
  std::uint64_t value = 0;
  unsigned at = field.offset;
  for (unsigned left = field.width; left != 0;) {
    const unsigned octet = at / 8 < data.size() ? data[at / 8] : 0u;
    const unsigned in_octet = 8 - at % 8;
    const unsigned taken = std::min(in_octet, left);
    value = value << taken | (octet >> (in_octet - taken) & (0xffu >> (8 - taken)));
    at += taken;
    left -= taken;
  }
  return value;
}

// Where a member of a model type comes from.
template <typename Model, typename Member>
struct Row {
  Member Model::*member;
  Field field;
  // A member too narrow for its field does not compile.
  consteval Row(Member Model::*to, unsigned offset, unsigned width) : member(to), field{offset, width} {
    constexpr unsigned kBits = std::same_as<Member, bool> ? 1 : sizeof(Member) * 8;
    if (width == 0 || width > kBits) throw "a field is wider than its member";
  }
};

template <typename Model, typename... Member>
constexpr Model Filled(Bytes data, const std::tuple<Row<Model, Member>...>& layout) {
  Model model{};
  const auto fill = [&](const auto& row) {
    using To = std::remove_reference_t<decltype(model.*row.member)>;
    model.*row.member = static_cast<To>(Read(data, row.field));
  };
  std::apply([&](const auto&... row) { (fill(row), ...); }, layout);
  return model;
}

}  // namespace aftershock::mad
