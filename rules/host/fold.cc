#include "rules/host/fold.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

std::string KeyWith(const RuleSpec& rule, const Subject& subject) {
  return std::string(rule.id) + " " + ToString(subject);
}

// The keys of findings from which one might follow, the most likely first.
class Causes {
 public:
  Causes(const HostView& view, const Finding& finding) : view_(view), finding_(finding) { Collect(); }
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  bool Is(const RuleSpec& rule) const { return finding_.rule == rule.id; }
  void Add(const RuleSpec& rule, const Subject& subject) { keys_.push_back(KeyWith(rule, subject)); }

  void Collect() {
    const Subject& subject = finding_.subject;
    if (Is(kHcaEventBurst)) Add(kHcaRemoved, subject);
    if (Is(kHcaMissing)) OfMissing(subject);
    if (Is(kSaSilent) || Is(kIpoibSmNotMaster)) OfSubnet();
    for (const HcaPortName& port : PortsAt(subject)) {
      if (Is(kHostPortDown)) Add(kHcaEventBurst, SubjectOf(view_, port.device));
    }
    if (subject.kind == SubjectKind::kInterface) OfInterface(subject.name);
    if (subject.kind == SubjectKind::kBond) OfBond(subject.name);
  }

  std::vector<HcaPortName> PortsAt(const Subject& subject) const {
    std::vector<HcaPortName> ports;
    for (const auto& [name, memory] : view_.state().ports) {
      if (SubjectOf(view_, name) == subject) ports.push_back(name);
    }
    return ports;
  }

  // The function that lost its driver is the adapter that was removed.
  void OfMissing(const Subject& subject) {
    for (const auto& [name, memory] : view_.state().hcas) {
      if (memory.here || memory.pci_address.empty() || memory.pci_address != subject.name) continue;
      Add(kHcaRemoved, SubjectOf(view_, name));
      Add(kHcaMissing, SubjectOf(view_, name));
    }
  }

  // Another port of the same subnet that goes to the same manager says the same.
  void OfSubnet() {
    const HostPort* own = nullptr;
    for (const HcaPortName& name : PortsAt(finding_.subject)) own = view_.snapshot().FindPort(name);
    if (own == nullptr || !own->gid || !own->sm_lid) return;
    const RuleSpec& rule = Is(kSaSilent) ? kSaSilent : kIpoibSmNotMaster;
    for (const auto& [name, memory] : view_.state().ports) {
      const HostPort* port = view_.snapshot().FindPort(name);
      if (port == own) return;
      if (port == nullptr || !port->gid || port->gid->prefix != own->gid->prefix) continue;
      if (port->sm_lid == own->sm_lid) Add(rule, SubjectOf(view_, name));
    }
  }

  void OfInterface(const std::string& name) {
    const auto& links = view_.snapshot().links;
    const auto link = std::ranges::find(links, name, &IpoibLink::name);
    if (link == links.end()) return;
    const Subject self = finding_.subject;
    if (Is(kIpoibNoCarrier) || Is(kIpoibNotMember)) Add(kIpoibRateBelowGroup, self);
    if (Is(kIpoibNoCarrier) || Is(kIpoibMtuMismatch)) Add(kIpoibSettingsChanged, self);
    if (Is(kIpoibFlapping)) {
      const IpoibLink* parent = link->parent == 0 ? nullptr : view_.snapshot().FindLink(link->parent);
      if (parent != nullptr) Add(kIpoibFlapping, Subject::Interface(parent->name));
    }
    if (!link->hca_port) return;
    const Subject port = SubjectOf(view_, *link->hca_port);
    const Subject hca = SubjectOf(view_, link->hca_port->device);
    if (Is(kIpoibNoCarrier) || Is(kIpoibNotMember)) {
      Add(kIpoibSmStale, port);
      Add(kIpoibSmNotMaster, port);
      Add(kSaSilent, port);
    }
    if (Is(kIpoibFlapping)) Add(kPortCounters, port);
    if (Is(kIpoibFlapping) || Is(kIpoibTxStalled) || Is(kIpoibNoCarrier)) Add(kHcaEventBurst, hca);
  }

  void OfBond(const std::string& name) {
    const auto& bonds = view_.snapshot().bonds;
    const auto bond = std::ranges::find(bonds, name, &Bond::name);
    if (bond == bonds.end()) return;
    for (const BondLeg& leg : bond->legs) {
      const Subject link = Subject::Interface(leg.name);
      if (Is(kIpoibSettingsChanged)) Add(kIpoibSettingsChanged, link);
      if (Is(kBondStandbyDead) && leg.index != bond->active_leg) {
        Add(kIpoibNotMember, link);
        Add(kIpoibNoCarrier, link);
      }
      if (Is(kBondDegraded)) OfDeadLeg(leg.name, view_.snapshot().FindLink(leg.index));
    }
    if (Is(kBondDegraded)) OfVanishedLegs(*bond);
    if (Is(kBondStandbyDead) || Is(kBondOneSwitch)) Add(kBondDegraded, finding_.subject);
    if (Is(kBondOneSwitch) && !view_.snapshot().Saw(HostPart::kCabling)) {
      Add(kHostNotVisible, Subject::ThisHost());
    }
  }

  void OfDeadLeg(const std::string& name, const IpoibLink* link) {
    if (link != nullptr && link->carrier) return;
    if (link != nullptr && link->hca_port) Add(kHostPortDown, SubjectOf(view_, *link->hca_port));
    Add(kIpoibNoCarrier, Subject::Interface(name));
  }

  void OfVanishedLegs(const Bond& bond) {
    const auto memory = view_.state().bonds.find(bond.name);
    if (memory == view_.state().bonds.end()) return;
    for (const auto& [leg, port] : memory->second.legs) {
      if (!port || std::ranges::find(bond.legs, leg, &BondLeg::name) != bond.legs.end()) continue;
      Add(kHcaRemoved, SubjectOf(view_, port->device));
    }
  }

  const HostView& view_;
  const Finding& finding_;
  std::vector<std::string> keys_;
};

bool Weighs(const Finding& finding) {
  return finding.unknown || finding.severity != Severity::kNote;
}

}  // namespace

void FoldHost(const HostView& view, std::vector<Finding>& findings) {
  std::unordered_map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < findings.size(); ++i) by_key.emplace(Key(findings[i]), i);
  std::vector<std::optional<std::size_t>> cause(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Causes causes(view, findings[i]);
    for (const std::string& key : causes.keys()) {
      const auto it = by_key.find(key);
      if (it == by_key.end() || it->second == i) continue;
      if (Weighs(findings[i]) && !Weighs(findings[it->second])) continue;
      cause[i] = it->second;
      break;
    }
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!cause[i]) continue;
    std::size_t root = *cause[i];
    // No rule is among the causes of its causes; the bound is for safety.
    for (int steps = 0; cause[root] && steps < 8; ++steps) root = *cause[root];
    if (root == i || cause[root]) continue;
    findings[i].because = Key(findings[root]);
    findings[root].severity = std::max(findings[root].severity, findings[i].severity);
    findings[root].unknown = findings[root].unknown || findings[i].unknown;
  }
}

}  // namespace aftershock::rules
