#include "app/config_pairs.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::app {
namespace {

constexpr std::int64_t kMostMembers = 1024;

// A GUID however it is written is the same member.
std::string Identity(const std::string& text) {
  const auto guid = ParseGuid(text);
  return guid && text.starts_with("0x") ? ToString(*guid) : text;
}

Result<void> ReadName(const YamlValue& value, PairGroup& group) {
  auto text = value.Text();
  if (!text) return tl::unexpected(text.error());
  if (*text != Printable(*text)) return value.Wrong("has characters that cannot be printed");
  group.name = std::move(*text);
  return {};
}

Result<void> ReadMustLive(const YamlValue& value, PairGroup& group) {
  const auto count = value.Integer(1, kMostMembers);
  if (!count) return tl::unexpected(count.error());
  group.must_live = static_cast<std::uint32_t>(*count);
  return {};
}

Result<void> ReadRisks(const YamlValue& value, PairMember& member) {
  const auto entries = value.Map();
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& [label, entry] : *entries) {
    auto text = entry.Text();
    if (!text) return tl::unexpected(text.error());
    member.risks[label] = std::move(*text);
  }
  return {};
}

Result<void> ReadMembers(const YamlValue& value, PairGroup& group) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  for (const YamlValue& item : *items) {
    PairMember member;
    if (auto read = ReadMap(item, PairMemberFields(), member); !read) return read;
    if (member.text.empty()) return item.Wrong("\"switch\" is missing");
    member.where = item.Where();
    group.members.push_back(std::move(member));
  }
  return {};
}

Result<void> CheckGroup(const YamlValue& item, const PairGroup& group) {
  if (group.name.empty()) return item.Wrong("\"name\" is missing");
  if (group.members.empty()) return item.Wrong("\"members\" is missing");
  if (group.members.size() == 1) {
    return item.At("members").Wrong("a group of one: redundancy takes at least two switches");
  }
  if (group.must_live <= group.members.size()) return {};
  return item.At("must_live")
      .Wrong(fmt::format("{} must live of {} members", group.must_live, group.members.size()));
}

}  // namespace

const std::vector<YamlField<PairMember>>& PairMemberFields() {
  static const std::vector<YamlField<PairMember>> fields{
      {"switch",
       [](const YamlValue& v, PairMember& member) -> Result<void> {
         auto text = v.Text();
         if (!text) return tl::unexpected(text.error());
         member.text = std::move(*text);
         return {};
       }},
      {"risks", ReadRisks},
  };
  return fields;
}

const std::vector<YamlField<PairGroup>>& PairFields() {
  static const std::vector<YamlField<PairGroup>> fields{
      {"name", ReadName}, {"must_live", ReadMustLive}, {"members", ReadMembers}};
  return fields;
}

Result<void> ReadPairs(const YamlValue& value, std::vector<PairGroup>& groups) {
  const auto items = value.List();
  if (!items) return tl::unexpected(items.error());
  std::map<std::string, std::string> group_of;  // by the member's identity
  for (const YamlValue& item : *items) {
    PairGroup group;
    if (auto read = ReadMap(item, PairFields(), group); !read) return read;
    if (auto checked = CheckGroup(item, group); !checked) return checked;
    if (std::ranges::count(groups, group.name, &PairGroup::name) != 0) {
      return item.At("name").Wrong(fmt::format("\"{}\" is another group's name too", group.name));
    }
    const auto members = item.At("members").List();
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      const auto [it, added] = group_of.emplace(Identity(group.members[i].text), group.name);
      if (added) continue;
      return (*members)[i].Wrong(fmt::format("\"{}\" is in \"{}\" {}", Printable(group.members[i].text),
                                             it->second, it->second == group.name ? "twice" : "already"));
    }
    groups.push_back(std::move(group));
  }
  return {};
}

}  // namespace aftershock::app
