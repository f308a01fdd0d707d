// What the rules about change see: the baseline and the present, plane by plane, what became of the nodes
// that are gone, and the words they share.
//
// A ChangeView is made once per judgement and read by all rules. It refers to its facts, which must outlive
// it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/state.h"
#include "rules/change/judge_change.h"
#include "rules/found.h"

namespace aftershock::rules {

// A finding with what is needed to time it, to fold it and to tell what hangs together.
struct Change {
  Finding finding;
  std::string before, now;  // the value in the baseline, and now
  std::vector<Guid> touches;
  bool managed = false;                  // handed out by the subnet manager, or the manager itself
  bool grave = false;                    // critical outside every window
  std::vector<std::string> causes;       // keys of findings that it may follow from, the best first
  Duration wait{};                       // has to stand for so long to be reported
  std::optional<Duration> warn_after{};  // a warning when it stands for so long
};

// What became of a node of the baseline.
enum class Fate : std::uint8_t {
  kPresent,
  kLost,       // what led to it is down or leads elsewhere
  kBehind,     // everything that led to it is lost
  kElsewhere,  // another plane sees it
  kUnknown,    // it may be there, and silent
};

// One plane that both images have.
class PlaneChange {
 public:
  PlaneChange(std::string name, const FabricImage& before, const FabricImage& now,
              const std::unordered_set<Guid>& everywhere);

  const std::string& name() const { return name_; }
  const FabricImage& before() const { return before_; }
  const FabricImage& now() const { return now_; }
  std::optional<PortKey> FarBefore(const PortKey& key) const { return Far(far_before_, key); }
  std::optional<PortKey> FarNow(const PortKey& key) const { return Far(far_now_, key); }
  // The far ends of its cables in the baseline, each with its own port.
  std::span<const CableImage> CablesBefore(Guid node) const;
  bool UnseenNow(const PortKey& key) const { return unseen_now_.contains(key); }
  bool UnseenBefore(const PortKey& key) const { return unseen_before_.contains(key); }
  Fate FateOf(Guid node) const;
  // The lost switch behind which a node of fate kBehind is.
  std::optional<Guid> Behind(Guid node) const;
  bool IsSwitch(Guid node) const;
  std::string NameOf(Guid node) const;
  std::string NameOf(const PortKey& key) const;

 private:
  using Ends = std::unordered_map<PortKey, PortKey, PortKeyHash>;
  using Ports = std::unordered_set<PortKey, PortKeyHash>;
  static std::optional<PortKey> Far(const Ends& ends, const PortKey& key);
  Fate AloneFate(Guid node) const;
  void FindWhoIsBehind();

  std::string name_;
  const FabricImage& before_;
  const FabricImage& now_;
  Ends far_before_, far_now_;
  Ports unseen_before_, unseen_now_;
  std::unordered_map<Guid, std::vector<CableImage>> cables_;  // of the baseline, with a at the node
  std::unordered_map<Guid, Fate> fates_;                      // of those that are not present
  std::unordered_map<Guid, Guid> behind_;
};

class ChangeView {
 public:
  // REQUIRES: facts.now, facts.baseline
  ChangeView(const ChangeFacts& facts, const Context& context);

  const ChangeFacts& facts() const { return facts_; }
  const Image& now() const { return *facts_.now; }
  const Image& before() const { return *facts_.baseline; }
  const Settings& settings() const { return settings_; }
  std::span<const PlaneChange> planes() const { return planes_; }
  Duration Seconds(const RuleSpec& rule, std::string_view key) const;

  Change Make(const RuleSpec& rule, Subject subject, std::string summary, std::string before,
              std::string now) const;
  // The finding that says that one of the switches that the node was cabled to is gone; empty: none is.
  std::string LostNeighbour(Guid node) const;
  bool InBaseline(Guid node) const { return baseline_nodes_.contains(node); }
  // The host of that name, or part of it: its adapter over which the interface runs, else its first one.
  Subject HostSubject(const HostImage& host, const std::optional<HcaPortName>& port = {}) const;
  // The name of what a port GUID belongs to; the GUID where nobody knows.
  std::string PortOwner(Guid port_guid) const;

 private:
  const ChangeFacts& facts_;
  const Settings& settings_;
  std::vector<PlaneChange> planes_;
  std::unordered_set<Guid> now_nodes_, baseline_nodes_;
};

// Every name by which `accept:` may know what the finding is about.
std::vector<std::string> NamesIn(const ChangeFacts& facts, const Finding& finding);

// By itself: neither folded nor excused.
Verdict Weight(const Finding& finding);
std::string KeyOf(const RuleSpec& rule, const Subject& subject);
Subject NodeSubject(bool is_switch, Guid guid);
// "0x8001, 0xffff".
std::string PKeyText(const std::vector<std::uint16_t>& keys);

}  // namespace aftershock::rules
