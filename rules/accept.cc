#include "rules/accept.h"

#include <algorithm>
#include <string>

namespace aftershock::rules {
namespace {

std::vector<std::string> NamesIn(const View& view, const Finding& finding) {
  std::vector<std::string> names{ToString(finding.subject)};
  const auto add = [&](Guid guid) {
    if (const NodeMemory* memory = view.Memory(guid)) names.push_back(memory->name);
  };
  add(finding.subject.guid);
  if (finding.subject.kind == SubjectKind::kLink) {
    const auto port = view.state().ports.find({finding.subject.guid, finding.subject.port});
    if (port != view.state().ports.end()) add(port->second.peer.node);
  }
  return names;
}

}  // namespace

bool Matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

void Accept(const std::vector<AcceptSpec>& specs, WallTime now, const SubjectNames& names_of,
            std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    for (const AcceptSpec& spec : specs) {
      if (spec.until && now >= *spec.until) continue;
      if (!Matches(spec.rule, finding.rule)) continue;
      const auto names = names_of(finding);
      if (std::ranges::none_of(names, [&](const std::string& name) { return Matches(spec.subject, name); }))
        continue;
      finding.accepted = spec.reason;
      break;
    }
  }
}

void Accept(const View& view, const std::vector<AcceptSpec>& specs, std::vector<Finding>& findings) {
  Accept(
      specs, view.now(), [&](const Finding& finding) { return NamesIn(view, finding); }, findings);
}

}  // namespace aftershock::rules
