#include "probes/saved/topology_line.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/printable.h"

namespace aftershock::saved {
namespace {

constexpr std::size_t kMaxId = 128;

template <typename T>
std::optional<T> Number(std::string_view digits, int base = 10) {
  T value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Reads a line from its beginning.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  void Space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  // What stands between two brackets, if it begins here.
  std::optional<std::string_view> Between(char open, char close) {
    if (rest_.empty() || rest_.front() != open) return std::nullopt;
    const std::size_t end = rest_.find(close, 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }
  std::string_view Digits() {
    const std::size_t end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    const std::string_view digits = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return digits;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// The comment behind "#": what stands before, in and behind its quotation marks, which may be inside of the
// quotation as well.
struct Comment {
  std::string_view before, after;
  std::optional<std::string_view> quoted;
};

Comment ParseComment(std::string_view rest) {
  const std::size_t hash = rest.find('#');
  if (hash == std::string_view::npos) return {};
  const std::string_view text = rest.substr(hash + 1);
  const std::size_t first = text.find('"'), last = text.rfind('"');
  if (first == std::string_view::npos || first == last) return {text, {}, std::nullopt};
  return {text.substr(0, first), text.substr(last + 1), text.substr(first + 1, last - first - 1)};
}

// The number behind a word: "lid 105".
template <typename T>
std::optional<T> NumberBehind(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  Cursor cursor(text.substr(at + word.size()));
  cursor.Space();
  return Number<T>(cursor.Digits());
}

std::uint8_t WidthCode(std::string_view lanes) {
  static constexpr std::array<std::pair<std::string_view, std::uint8_t>, 5> kCodes{
      {{"1", 1}, {"4", 2}, {"8", 4}, {"12", 8}, {"2", 16}}};
  const auto* it = std::ranges::find(kCodes, lanes, &std::pair<std::string_view, std::uint8_t>::first);
  return it == kCodes.end() ? std::uint8_t{0} : it->second;
}

// "4xFDR10", wherever it stands among other words.
void ParseRate(std::string_view text, PortLine& port) {
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t\r", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    const std::size_t x = word.find('x');
    if (x == std::string_view::npos || WidthCode(word.substr(0, x)) == 0) continue;
    port.width = WidthCode(word.substr(0, x));
    port.speed = ParseSpeed(word.substr(x + 1));
    return;
  }
}

Guid GuidIn(Cursor& cursor) {
  const auto text = cursor.Between('(', ')');
  return text ? ParseGuid(*text).value_or(Guid{}) : Guid{};
}

}  // namespace

std::optional<NodeLine> ParseNodeLine(std::string_view line) {
  static constexpr std::array<std::pair<std::string_view, NodeType>, 5> kWords{
      {{"Switch", NodeType::kSwitch},
       {"Ca", NodeType::kAdapter},
       {"Hca", NodeType::kAdapter},
       {"Rt", NodeType::kRouter},
       {"Router", NodeType::kRouter}}};
  Cursor cursor(line);
  cursor.Space();
  NodeLine node;
  for (const auto& [word, type] : kWords) {
    if (cursor.Take(word)) {
      node.type = type;
      break;
    }
  }
  if (node.type == NodeType::kUnknown) return std::nullopt;
  cursor.Space();
  const auto ports = Number<std::uint8_t>(cursor.Digits());
  cursor.Space();
  const auto id = cursor.Between('"', '"');
  if (!ports || !id || id->empty() || id->size() > kMaxId) return std::nullopt;
  node.num_ports = *ports;
  node.id = *id;
  const Comment comment = ParseComment(cursor.rest());
  if (comment.quoted) node.description = Printable(*comment.quoted);
  node.lid = Lid{NumberBehind<std::uint16_t>(comment.after, "lid ").value_or(0)};
  node.enhanced = comment.after.find("enhanced port 0") != std::string_view::npos;
  return node;
}

std::optional<PortLine> ParsePortLine(std::string_view line) {
  Cursor cursor(line);
  cursor.Space();
  const auto number = cursor.Between('[', ']');
  const auto port = number ? Number<std::uint8_t>(*number) : std::nullopt;
  if (!port || *port == 0) return std::nullopt;
  PortLine out;
  out.port = *port;
  cursor.Between('[', ']');  // "[ext 3]", the label on the chassis
  out.guid = GuidIn(cursor);
  cursor.Space();
  const auto id = cursor.Between('"', '"');
  if (!id || id->empty() || id->size() > kMaxId) return std::nullopt;
  out.peer_id = *id;
  const auto peer = cursor.Between('[', ']');
  const auto peer_port = peer ? Number<std::uint8_t>(*peer) : std::optional<std::uint8_t>(std::uint8_t{1});
  if (!peer_port || *peer_port == 0) return std::nullopt;
  out.peer_port = *peer_port;
  cursor.Between('[', ']');
  cursor.Space();
  out.peer_guid = GuidIn(cursor);
  const Comment comment = ParseComment(cursor.rest());
  out.peer_description = Printable(comment.quoted.value_or(""));
  out.lid = Lid{NumberBehind<std::uint16_t>(comment.before, "lid ").value_or(0)};
  out.lmc = NumberBehind<std::uint8_t>(comment.before, "lmc ").value_or(0);
  out.peer_lid = Lid{NumberBehind<std::uint16_t>(comment.after, "lid ").value_or(0)};
  ParseRate(comment.quoted ? comment.after : comment.before, out);
  return out;
}

std::optional<std::uint64_t> ParseAssignment(std::string_view line, std::string_view key) {
  Cursor cursor(line);
  cursor.Space();
  if (!cursor.Take(key) || !cursor.Take("=")) return std::nullopt;
  if (!cursor.Take("0x")) return std::nullopt;
  const std::string_view rest = cursor.rest();
  const std::size_t end = std::min(rest.find_first_not_of("0123456789abcdefABCDEF"), rest.size());
  return Number<std::uint64_t>(rest.substr(0, end), 16);
}

}  // namespace aftershock::saved
