// partition-differs: P_Keys that a switch does not let through, or does not have.
#include <algorithm>

#include <fmt/format.h>

#include "rules/fabric/confirmed.h"
#include "rules/found.h"
#include "rules/routing/partition_differences.h"
#include "rules/routing/rules_trees.h"
#include "rules/routing/table_trees.h"

namespace aftershock::rules {
namespace {

std::string Keys(const std::vector<std::uint16_t>& keys) {
  std::vector<std::string> texts;
  for (const std::uint16_t key : keys) texts.push_back(fmt::format("0x{:04x}", key));
  return Listed(texts);
}

std::string What(const PartitionDifference& d) {
  const std::string name = NameOf(*d.node, *d.port);
  if (d.adapter != nullptr) {
    const std::string adapter = NameOf(*d.adapter, *d.adapter_port);
    if (!d.absent.empty())
      return fmt::format("{} enforces partitions and does not let through P_Key {}, which {} has", name,
                         Keys(d.absent), adapter);
    return fmt::format("{} enforces partitions and has P_Key {} of {} as a limited member only", name,
                       Keys(d.limited), adapter);
  }
  if (!d.absent.empty())
    return fmt::format("{} lacks P_Key {}, which the other switches have", NameOf(*d.node), Keys(d.absent));
  if (!d.limited.empty())
    return fmt::format("{} has P_Key {} as a limited member only, unlike the other switches", NameOf(*d.node),
                       Keys(d.limited));
  return fmt::format("{} alone of all switches has P_Key {}", NameOf(*d.node), Keys(d.more));
}

// The default partition, by which the manager talks to everybody, and that of IPoIB's broadcast group.
bool Vital(const View& view, const std::vector<std::uint16_t>& keys) {
  const std::optional<GroupRecord>& group = view.snapshot().sa.group;
  return std::ranges::any_of(keys, [&](std::uint16_t key) {
    return PartitionOf(key) == kDefaultPartition || (group && PartitionOf(key) == PartitionOf(group->p_key));
  });
}

Severity SeverityOf(const View& view, const PartitionDifference& d, Severity configured) {
  if (Vital(view, d.absent)) return std::max(configured, Severity::kCritical);
  if (d.absent.empty() && d.limited.empty()) return Severity::kNote;
  return configured;
}

}  // namespace

std::vector<Finding> FindDifferentPartitions(const View& view) {
  std::vector<Finding> findings;
  for (const PartitionDifference& d : PartitionDifferences(view)) {
    const Subject subject = d.adapter != nullptr ? SubjectOf(*d.node, *d.port) : SubjectOf(*d.node);
    std::vector<Evidence> evidence;
    if (!d.absent.empty()) evidence.push_back({"absent", Keys(d.absent), ""});
    if (!d.limited.empty()) evidence.push_back({"limited", Keys(d.limited), ""});
    if (!d.more.empty()) evidence.push_back({"more", Keys(d.more), ""});
    Finding finding = view.Found(kPartitionDiffers, subject, What(d), std::move(evidence));
    finding.severity = SeverityOf(view, d, finding.severity);
    const Spell* spell = FindSpell(view.state().trees.partitions, *d.node, *d.port);
    if (spell == nullptr) {
      finding.severity = Severity::kNote;
    } else {
      LowerUnlessConfirmed(view, kPartitionDiffers, *spell, finding);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace aftershock::rules
