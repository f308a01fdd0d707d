#include "rules/change/fold_change.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "model/report.h"

namespace aftershock::rules {
namespace {

constexpr int kMostSteps = 8;  // of a chain of causes; a ring would be an error

using ByKey = std::unordered_map<std::string, const Finding*>;

// The finding at the end of the chain that begins at this key; nullptr: nothing stands under that key.
const Finding* Root(const ByKey& by_key, const std::string& key) {
  const auto it = by_key.find(key);
  if (it == by_key.end()) return nullptr;
  const Finding* at = it->second;
  for (int steps = 0; at->because && steps < kMostSteps; ++steps) {
    const auto next = by_key.find(*at->because);
    if (next == by_key.end()) break;
    at = next->second;
  }
  return at;
}

void Merge(Finding& change, Finding other) {
  change.severity = std::max(change.severity, other.severity);
  change.unknown = change.unknown || other.unknown;
  if (other.since) change.since = change.since ? std::min(*change.since, *other.since) : *other.since;
  if (!change.accepted) change.accepted = std::move(other.accepted);
  if (!change.because) change.because = std::move(other.because);
  std::ranges::move(other.evidence, std::back_inserter(change.evidence));
}

// Each under its root, and nothing under what weighs less than itself.
void Reroot(std::vector<Finding>& findings) {
  ByKey by_key;
  for (const Finding& f : findings) by_key.emplace(Key(f), &f);
  std::vector<std::optional<std::string>> roots(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    roots[i] = findings[i].because;
    if (!findings[i].because) continue;
    const Finding* root = Root(by_key, *findings[i].because);
    if (root == nullptr) continue;
    roots[i] = Key(*root);
    if (root == &findings[i]) roots[i].reset();
  }
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].because = std::move(roots[i]);
}

}  // namespace

void FoldChanges(std::span<const Finding> others, std::vector<Change>& changes) {
  ByKey by_key;
  for (const Change& change : changes) by_key.emplace(Key(change.finding), &change.finding);
  for (const Finding& f : others) by_key.emplace(Key(f), &f);
  for (Change& change : changes) {
    change.finding.because.reset();
    for (const std::string& cause : change.causes) {
      const auto it = by_key.find(cause);
      if (it == by_key.end() || it->second == &change.finding) continue;
      if (Weight(*it->second) < Weight(change.finding)) continue;
      change.finding.because = cause;
      break;
    }
  }
  // Only now, when every link of the chains is known.
  std::vector<std::optional<std::string>> roots(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].finding.because) continue;
    const Finding* root = Root(by_key, *changes[i].finding.because);
    if (root != nullptr && root != &changes[i].finding) roots[i] = Key(*root);
  }
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i].finding.because = std::move(roots[i]);
}

void JoinChanges(std::vector<Finding>& findings, std::vector<Finding> changes) {
  std::unordered_map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < changes.size(); ++i) by_key.emplace(Key(changes[i]), i);
  std::vector<Finding> joined;
  for (Finding& f : findings) {
    const auto it = by_key.find(Key(f));
    if (it == by_key.end()) {
      joined.push_back(std::move(f));
    } else {
      Merge(changes[it->second], std::move(f));
    }
  }
  std::ranges::move(changes, std::back_inserter(joined));
  findings = std::move(joined);
  Reroot(findings);
  SortFindings(findings);
}

}  // namespace aftershock::rules
