// What a rule sees: one sweep, what is remembered of the earlier ones, and the configuration; and the words
// rules share.
//
// A View is made once per sweep and read by all rules. It refers to its parts, which must outlive it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/fabric.h"
#include "model/finding.h"
#include "model/settings.h"
#include "model/state.h"
#include "rules/found.h"

namespace aftershock::rules {

// A cable with both ends known. `a` is the switch where only one end is a switch, else the end with the lower
// key.
struct Link {
  const Node* a_node;
  const Port* a;
  const Node* b_node;
  const Port* b;
  // Both ends answer, have a signal and say what they run at.
  bool Readable() const;
  double DataRate() const;  // bits per second at end a; 0: not known
};

class View {
 public:
  View(const FabricSnapshot& snapshot, const FabricState& state, const Settings& settings, WallTime now);

  const FabricSnapshot& snapshot() const { return snapshot_; }
  const FabricState& state() const { return state_; }
  WallTime now() const { return now_; }
  std::span<const Link> links() const { return links_; }
  double Threshold(const RuleSpec& rule, std::string_view key) const {
    return settings_.Threshold(rule, key);
  }
  const FabricExpectations& expected() const { return settings_.fabric; }
  bool Enabled(const RuleSpec& rule) const { return settings_.Enabled(rule.id); }

  // The sweep's own port has no signal, or could not be read: nothing else can be known.
  bool OwnPortUnusable() const;
  // Several nodes answer SMPs and not one of them a GMP.
  bool GmpsSilent() const;

  // nullptr: nothing is remembered of it (never linked, or its GUID is seen twice).
  const PortMemory* Memory(const Node& node, const Port& port) const;
  const NodeMemory* Memory(Guid guid) const;

  // A finding of `rule` with its configured severity and the rule's advice.
  Finding Found(const RuleSpec& rule, Subject subject, std::string summary,
                std::vector<Evidence> evidence) const;

 private:
  const FabricSnapshot& snapshot_;
  const FabricState& state_;
  const Settings& settings_;
  WallTime now_;
  std::vector<Link> links_;
};

PortKey KeyOf(const Node& node, const Port& port);
Subject SubjectOf(const Node& node);
Subject SubjectOf(const Node& node, const Port& port);
// The end with the lower key: the same whichever end is looked at.
Subject SubjectOf(const Link& link);

// "leaf01", "leaf01 port 19", "leaf01 port 19 to spine02 port 3".
std::string NameOf(const Node& node);
std::string NameOf(const Node& node, const Port& port);
std::string NameOf(const Link& link);
// With the other end, where it is known.
std::string NameWithPeer(const View& view, const Node& node, const Port& port);

// "0,1,7"
std::string RouteText(const Node& node);

}  // namespace aftershock::rules
