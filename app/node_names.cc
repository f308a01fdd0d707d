#include "app/node_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text_file.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

constexpr std::string_view kSpace = " \t";

std::string_view Trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

struct NamedNode {
  Guid guid{};
  std::string name;
};

// REQUIRES: a trimmed line that is neither empty nor a comment
Result<NamedNode> ParseLine(std::string_view line) {
  const std::size_t space = std::min(line.find_first_of(kSpace), line.size());
  const std::string_view guid_text = line.substr(0, space);
  const auto guid = ParseGuid(guid_text);
  // Without the 0x OpenSM reads a decimal number.
  if (!guid || !(guid_text.starts_with("0x") || guid_text.starts_with("0X"))) {
    return Fail(Errc::kInvalid,
                fmt::format("\"{}\" is not a GUID; it looks like 0x0002c90300f00001", Printable(guid_text)));
  }
  const std::string_view rest = Trim(line.substr(space));
  const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
  if (end == std::string_view::npos) return Fail(Errc::kInvalid, "the name is not in double quotes");
  const std::string_view after = Trim(rest.substr(end + 1));
  if (!after.empty() && !after.starts_with('#'))
    return Fail(Errc::kInvalid, "there is something behind the name");
  if (end == 1) return Fail(Errc::kInvalid, "the name is empty");
  return NamedNode{*guid, Printable(rest.substr(1, end - 1))};
}

}  // namespace

Result<fabric::NodeNames> ParseNodeNames(std::string_view text, std::string_view file) {
  fabric::NodeNames names;
  int number = 0;
  for (const std::string_view raw : Lines(text)) {
    ++number;
    const std::string_view line = Trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    const auto wrong = [&](std::string_view why) {
      return Fail(Errc::kInvalid, fmt::format("{}:{}: {}", Printable(file), number, why));
    };
    auto node = ParseLine(line);
    if (!node) return wrong(node.error().what);
    const auto [at, added] = names.try_emplace(node->guid, node->name);
    if (!added && at->second != node->name) {
      return wrong(fmt::format("{} already has the name \"{}\"", ToString(node->guid), at->second));
    }
  }
  return names;
}

Result<fabric::NodeNames> ReadNodeNames(const std::string& path) {
  const auto bytes = ReadFile(path);
  if (!bytes) return tl::unexpected(bytes.error());
  return ParseNodeNames(*bytes, path);
}

}  // namespace aftershock::app
