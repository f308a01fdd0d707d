// sm-no-standby and sm-standby-unfit: who takes over when the master goes.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/sm/managers.h"
#include "rules/sm/rules.h"
#include "rules/sm/table.h"
#include "rules/whatif/hosts.h"

namespace aftershock::rules {
namespace {

using Names = std::vector<std::string>;

bool IsCalled(const Node& node, const std::string& wanted) {
  return wanted == node.name || wanted == node.description || wanted == ShortName(node.description) ||
         wanted == ToString(node.guid) || (!node.IsSwitch() && wanted == whatif::HostOf(node.description));
}

// Where it stands in the configured order; nullopt: nowhere.
std::optional<std::size_t> PlaceOf(const Manager& manager, const Names& order) {
  const auto called = [&](const std::string& wanted) {
    return wanted == ToString(manager.guid) || (manager.node != nullptr && IsCalled(*manager.node, wanted));
  };
  const auto it = std::ranges::find_if(order, called);
  if (it == order.end()) return std::nullopt;
  return static_cast<std::size_t>(it - order.begin());
}

// Of two managers the one with the higher priority leads, and with equal ones that with the lower GUID. IBA
// 14.4.1.
bool Outranks(const SmInfo& a, const SmInfo& b) {
  return a.priority != b.priority ? a.priority > b.priority : a.guid < b.guid;
}

// Of a manager without an answer: what to say of it.
const char* SilenceOf(Answer answer) {
  switch (answer) {
    case Answer::kError:
      return "answers with an error";
    case Answer::kUnreachable:
      return "could not be asked";
    default:
      return "does not answer";
  }
}

class Standbys {
 public:
  explicit Standbys(const View& view)
      : view_(view), managers_(ManagersOf(view.snapshot())), order_(view.expected().subnet_managers) {}

  std::vector<Finding> Run() {
    for (const Manager& manager : managers_) {
      lasting_.clear();
      passing_.clear();
      if (!manager.EverIs(SmState::kMaster)) JudgeState(manager);
      JudgeOrder(manager);
      if (!lasting_.empty() || !passing_.empty()) Report(manager);
    }
    AddAbsent();
    return std::move(findings_);
  }

 private:
  void JudgeState(const Manager& manager) {
    const SmInfo* said = manager.Said();
    if (said == nullptr) {
      const bool cut_short = manager.answer == Answer::kUnreachable && !view_.snapshot().sweep.complete;
      if (Missing(manager.answer) && !cut_short) {
        lasting_.emplace_back(SilenceOf(manager.answer));
      }
    } else if (manager.AlwaysIs(SmState::kNotActive)) {
      lasting_.emplace_back("is NOTACTIVE: it was told not to take part");
    } else if (manager.AlwaysIs(SmState::kDiscovering)) {
      AddSpell(view_.state().subnet.discovering, manager, "discovering_seconds", "is DISCOVERING");
    } else if (manager.AlwaysIs(SmState::kStandby)) {
      AddSpell(view_.state().subnet.outranking, manager, "handover_seconds",
               fmt::format("stands by with priority {}, above the master's", said->priority));
    }
  }

  void AddSpell(const Spells& spells, const Manager& manager, const char* threshold, std::string what) {
    const auto it = spells.find(manager.key);
    if (it == spells.end()) return;
    const Spell& spell = it->second;
    const double seconds = ToSeconds(spell.last - spell.first);
    const bool lasts =
        spell.last_sweep != spell.first_sweep && seconds >= view_.Threshold(kSmStandbyUnfit, threshold);
    if (lasts) what += fmt::format(", for {}", DurationText(seconds));
    (lasts ? lasting_ : passing_).push_back(std::move(what));
  }

  void JudgeOrder(const Manager& manager) {
    if (order_.empty() || manager.node == nullptr) return;
    const auto place = PlaceOf(manager, order_);
    if (!place) {
      lasting_.emplace_back("is none of the configured ones");
      return;
    }
    for (const Manager& other : managers_) {
      const auto before = PlaceOf(other, order_);
      if (!before || *before >= *place || manager.Said() == nullptr || other.Said() == nullptr) continue;
      if (!Outranks(*manager.Said(), *other.Said())) continue;
      lasting_.push_back(fmt::format("goes before {} by its priority {}, and is configured to come after it",
                                     other.Name(), manager.Said()->priority));
    }
  }

  void Report(const Manager& manager) {
    Names all = lasting_;
    all.insert(all.end(), passing_.begin(), passing_.end());
    std::vector<Evidence> evidence{{"LID", std::int64_t{static_cast<std::uint16_t>(manager.lid)}, ""},
                                   {"SM GUID", ToString(manager.guid), ""}};
    if (const SmInfo* said = manager.Said()) {
      evidence.push_back({"state", ToString(said->state), ""});
      evidence.push_back({"priority", std::int64_t{said->priority}, ""});
    }
    const Manager* master = OnlyMaster(managers_);
    if (master != nullptr && master != &manager) {
      evidence.push_back({"master's priority", std::int64_t{master->Said()->priority}, ""});
    }
    Finding finding = view_.Found(
        kSmStandbyUnfit, SubjectFor(manager),
        fmt::format("The subnet manager on {} {}", manager.Name(), fmt::join(all, ", and ")), evidence);
    if (lasting_.empty()) finding.severity = Severity::kNote;
    findings_.push_back(std::move(finding));
  }

  // Of the two managers of an adapter the second goes by its port.
  Subject SubjectFor(const Manager& manager) const {
    if (manager.node == nullptr) return Subject::Fabric();
    Subject subject = SubjectOf(*manager.node);
    const bool taken = std::ranges::find(findings_, subject, &Finding::subject) != findings_.end();
    return taken ? Subject::Link(manager.key) : subject;
  }

  // Configured, and no manager runs there.
  void AddAbsent() {
    if (!view_.snapshot().sweep.complete) return;
    Names unknown;
    for (const std::string& wanted : order_) {
      const bool runs = std::ranges::any_of(
          managers_, [&](const Manager& manager) { return PlaceOf(manager, {wanted}).has_value(); });
      if (runs) continue;
      if (const auto subject = WhereIs(wanted)) {
        AddAbsent(*subject, wanted);
      } else {
        unknown.push_back(wanted);
      }
    }
    if (!unknown.empty()) AddAbsent(Subject::Fabric(), Listed(unknown));
  }

  void AddAbsent(Subject subject, const std::string& where) {
    findings_.push_back(
        view_.Found(kSmStandbyUnfit, std::move(subject),
                    fmt::format("No subnet manager runs on {}, as it is configured to", where),
                    {{"managers seen", static_cast<std::int64_t>(managers_.size()), ""}}));
  }

  // nullopt: nothing of this name was seen in this run.
  std::optional<Subject> WhereIs(const std::string& wanted) const {
    for (const Node& node : view_.snapshot().nodes) {
      if (IsCalled(node, wanted)) return SubjectOf(node);
    }
    for (const auto& [guid, node] : view_.state().nodes) {
      if (wanted != node.name && wanted != ToString(guid)) continue;
      return Subject{
          node.type == NodeType::kSwitch ? SubjectKind::kSwitch : SubjectKind::kHost, guid, 0, {}, {}};
    }
    return std::nullopt;
  }

  const View& view_;
  std::vector<Manager> managers_;
  const Names& order_;
  Names lasting_, passing_;  // what is wrong with the one at hand
  std::vector<Finding> findings_;
};

// Without a master all is sm-missing's; without answers of those with a manager nothing is known of others.
bool KnowsManagers(const View& view) {
  const FabricSnapshot& snapshot = view.snapshot();
  if (view.OwnPortUnusable() || snapshot.sms.empty()) return false;
  const auto asked = [](const SmSeen& seen) { return seen.answer != Answer::kNotAsked; };
  if (std::ranges::none_of(snapshot.sms, asked)) return false;
  return std::ranges::any_of(ManagersOf(snapshot),
                             [](const Manager& manager) { return manager.EverIs(SmState::kMaster); });
}

}  // namespace

std::vector<Finding> FindNoStandby(const View& view) {
  if (!KnowsManagers(view) || !view.snapshot().sweep.complete) return {};
  const auto managers = ManagersOf(view.snapshot());
  // Another one that is no standby either is sm-standby-unfit.
  if (managers.size() != 1) return {};
  const auto& seen = view.state().subnet.standbys;
  Names gone;
  for (const auto& [key, name] : seen) {
    if (key != managers.front().key) gone.push_back(name);
  }
  const bool expected = view.expected().subnet_managers.size() > 1;
  std::string summary =
      fmt::format("{} is the only subnet manager: no other would take over", managers.front().Name());
  if (!gone.empty()) summary += fmt::format("; {} stood by earlier", Listed(gone));
  Finding finding = view.Found(kSmNoStandby, Subject::Fabric(), std::move(summary),
                               {{"managers seen", std::int64_t{1}, ""},
                                {"standbys seen in this run", static_cast<std::int64_t>(seen.size()), ""}});
  if (seen.empty() && !expected) finding.severity = Severity::kNote;
  return {std::move(finding)};
}

std::vector<Finding> FindUnfitStandbys(const View& view) {
  if (!KnowsManagers(view)) return {};
  return Standbys(view).Run();
}

}  // namespace aftershock::rules
