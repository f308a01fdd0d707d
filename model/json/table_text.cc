#include "model/json/table_text.h"

#include <charconv>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "model/json/reader.h"

namespace aftershock::codec {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kDigitsOfPortSet = PortSet().size() / 4;

std::string PortsText(const PortSet& ports) {
  std::string text;
  for (std::size_t i = kDigitsOfPortSet; i-- > 0;) {
    unsigned digit = 0;
    for (std::size_t bit = 0; bit < 4; ++bit) digit |= (ports.test(4 * i + bit) ? 1u : 0u) << bit;
    if (digit != 0 || !text.empty()) text += kDigits[digit];
  }
  return text.empty() ? "0" : text;
}

bool ParsePorts(const nlohmann::json& value, PortSet& out) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr || text->empty() || text->size() > kDigitsOfPortSet) return false;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const std::size_t digit = kDigits.find((*text)[text->size() - 1 - i]);
    if (digit == kNone) return false;
    for (std::size_t bit = 0; bit < 4; ++bit) out.set(4 * i + bit, (digit >> bit & 1) != 0);
  }
  return true;
}

template <typename Number>
bool ParseNumber(std::string_view text, int base, Number& out) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return wrong == std::errc() && end == text.data() + text.size();
}

bool ParseRow(std::string_view text, SlToVlTable::Row& row) {
  if (text.size() != row.size()) return false;
  for (std::size_t sl = 0; sl < row.size(); ++sl) {
    const std::size_t digit = kDigits.find(text[sl]);
    if (digit == kNone) return false;
    row[sl] = static_cast<std::uint8_t>(digit);
  }
  return true;
}

}  // namespace

nlohmann::json Encode(const LinearTable& table) {
  std::string text;
  text.reserve(2 * table.exit.size());
  for (const std::uint8_t exit : table.exit) {
    text += kDigits[exit >> 4];
    text += kDigits[exit & 15];
  }
  return text;
}

nlohmann::json Encode(const MulticastTable& table) {
  nlohmann::json groups = nlohmann::json::object();
  for (const auto& [mlid, ports] : table.groups)
    groups.emplace(fmt::format("{:04x}", mlid), PortsText(ports));
  return groups;
}

nlohmann::json Encode(const SlToVlTable& table) {
  std::map<SlToVlTable::Row, std::map<std::uint8_t, PortSet>> rows;
  for (const auto& [ports, row] : table.vl) rows[row][ports.second].set(ports.first);
  nlohmann::json all = nlohmann::json::object();
  for (const auto& [row, exits] : rows) {
    std::string text;
    for (const std::uint8_t vl : row) text += kDigits[vl & 15];
    nlohmann::json& of_row = all[text] = nlohmann::json::object();
    for (const auto& [exit, in] : exits) of_row.emplace(std::to_string(exit), PortsText(in));
  }
  return all;
}

void DecodeValue(const nlohmann::json& value, LinearTable& out, Trail& trail) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr || text->size() % 2 != 0 || text->size() > 2 * std::size_t{kFirstMulticastLid}) {
    return trail.Expected("two hexadecimal digits for each LID", value);
  }
  out.exit.resize(text->size() / 2);
  for (std::size_t lid = 0; lid < out.exit.size(); ++lid) {
    const std::size_t high = kDigits.find((*text)[2 * lid]), low = kDigits.find((*text)[2 * lid + 1]);
    if (high == kNone || low == kNone) return trail.Expected("two hexadecimal digits for each LID", value);
    out.exit[lid] = static_cast<std::uint8_t>(high << 4 | low);
  }
}

void DecodeValue(const nlohmann::json& value, MulticastTable& out, Trail& trail) {
  if (!value.is_object()) return trail.Expected("an object of port sets by MLID", value);
  for (const auto& [key, ports] : value.items()) {
    std::uint16_t mlid = 0;
    if (!ParseNumber(key, 16, mlid) || !ParsePorts(ports, out.groups[mlid])) {
      return trail.Expected("an object of port sets by MLID", value);
    }
  }
}

void DecodeValue(const nlohmann::json& value, SlToVlTable& out, Trail& trail) {
  static constexpr std::string_view kWhat = "an object of incoming ports by exit, by row";
  if (!value.is_object()) return trail.Expected(kWhat, value);
  for (const auto& [key, exits] : value.items()) {
    SlToVlTable::Row row{};
    if (!ParseRow(key, row) || !exits.is_object()) return trail.Expected(kWhat, value);
    for (const auto& [text, ports] : exits.items()) {
      std::uint8_t exit = 0;
      PortSet in;
      if (!ParseNumber(text, 10, exit) || !ParsePorts(ports, in)) return trail.Expected(kWhat, value);
      for (std::size_t port = 0; port < in.size(); ++port) {
        if (in.test(port)) out.vl[{static_cast<std::uint8_t>(port), exit}] = row;
      }
    }
  }
}

}  // namespace aftershock::codec
