#include "app/host_targets.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/text_file.h"
#include "app/yaml_reader.h"
#include "base/printable.h"

namespace aftershock::app {
namespace {

constexpr std::size_t kMostTargets = 20'000;
constexpr const char* kScheme = "__scheme__";
constexpr const char* kPath = "__metrics_path__";
constexpr std::string_view kMetrics = "/metrics";

struct Group {
  std::vector<YamlValue> targets;
  std::map<std::string, std::string> labels;
};

Result<void> ReadLabels(const YamlValue& value, Group& group) {
  const auto entries = value.Map();
  if (!entries) return tl::unexpected(entries.error());
  for (const auto& [key, entry] : *entries) {
    auto text = entry.TextOrEmpty();
    if (!text) return tl::unexpected(text.error());
    group.labels[Printable(key)] = Printable(*text);
  }
  return {};
}

const std::vector<YamlField<Group>>& GroupFields() {
  static const std::vector<YamlField<Group>> fields{{"targets",
                                                     [](const YamlValue& v, Group& group) -> Result<void> {
                                                       auto items = v.List();
                                                       if (!items) return tl::unexpected(items.error());
                                                       group.targets = std::move(*items);
                                                       return {};
                                                     }},
                                                    {"labels", ReadLabels}};
  return fields;
}

// Takes out of the labels what says how a target is asked.
std::pair<std::string, std::string> TakeWay(std::map<std::string, std::string>& labels) {
  std::pair<std::string, std::string> way{"http", ""};
  if (const auto it = labels.find(kScheme); it != labels.end()) way.first = it->second;
  if (const auto it = labels.find(kPath); it != labels.end()) {
    way.second = it->second;
    if (way.second.ends_with(kMetrics)) way.second.resize(way.second.size() - kMetrics.size());
  }
  std::erase_if(labels, [](const auto& label) { return label.first.starts_with("__"); });
  return way;
}

Result<void> AddGroup(const YamlValue& item, std::vector<HostTarget>& targets) {
  Group group;
  if (auto read = ReadMap(item, GroupFields(), group); !read) return read;
  const auto [scheme, path] = TakeWay(group.labels);
  for (const YamlValue& target : group.targets) {
    const auto text = target.Text();
    if (!text) return tl::unexpected(text.error());
    if (text->find('/') != std::string::npos)
      return target.Wrong(fmt::format("\"{}\" is not a target like node7:9917", Printable(*text)));
    auto url = fleet::ParseUrl(fmt::format("{}://{}{}", scheme, *text, path));
    if (!url) return target.Wrong(url.error().what);
    if (targets.size() == kMostTargets)
      return target.Wrong(fmt::format("more than {} targets", kMostTargets));
    targets.push_back({std::move(*url), group.labels});
  }
  return {};
}

}  // namespace

Result<std::vector<HostTarget>> TargetsFromText(const std::string& text, const std::string& name) {
  const auto root = YamlValue::Parse(text, name);
  if (!root) return tl::unexpected(root.error());
  const auto items = root->List();
  if (!items) return tl::unexpected(items.error());
  std::vector<HostTarget> targets;
  for (const YamlValue& item : *items) {
    if (auto added = AddGroup(item, targets); !added) return tl::unexpected(added.error());
  }
  return targets;
}

Result<HostTargets> HostTargets::Read(const std::vector<std::string>& urls, std::vector<std::string> files) {
  HostTargets all;
  for (const std::string& text : urls) {
    auto url = fleet::ParseUrl(text);
    if (!url) return tl::unexpected(url.error());
    all.urls_.push_back({std::move(*url), {}});
  }
  for (std::string& path : files) {
    all.files_.push_back({std::move(path), {}, {}, {}});
    if (auto read = all.ReadAgain(all.files_.back()); !read) return tl::unexpected(read.error());
  }
  all.Join();
  return all;
}

Result<void> HostTargets::ReadAgain(File& file) const {
  auto text = ReadTextFile(file.path);
  if (!text) return tl::unexpected(text.error());
  if (*text == file.text && file.complaint.empty()) return {};
  auto targets = TargetsFromText(*text, file.path);
  if (!targets) return tl::unexpected(targets.error());
  file.text = std::move(*text);
  file.targets = std::move(*targets);
  return {};
}

std::vector<std::string> HostTargets::Renew() {
  std::vector<std::string> complaints;
  for (File& file : files_) {
    const auto read = ReadAgain(file);
    std::string complaint = read ? "" : read.error().what;
    if (!read && complaint != file.complaint) complaints.push_back(complaint);
    file.complaint = std::move(complaint);
  }
  Join();
  return complaints;
}

void HostTargets::Join() {
  targets_ = urls_;
  std::set<std::string> seen;
  for (const HostTarget& target : urls_) seen.insert(target.url.Text());
  for (const File& file : files_) {
    for (const HostTarget& target : file.targets) {
      if (seen.insert(target.url.Text()).second) targets_.push_back(target);
    }
  }
}

}  // namespace aftershock::app
