#include "rules/memory.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "rules/counting.h"
#include "rules/fabric/table.h"
#include "rules/sm/memory.h"

namespace aftershock::rules {
namespace {

Duration Seconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

// More downs than that within one window are one number.
constexpr std::size_t kMaxLinkEvents = 32;

class Rememberer {
 public:
  Rememberer(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings)
      : state_(state),
        snapshot_(snapshot),
        now_(snapshot.sweep.started_steady),
        lengths_(Lengths(settings)),
        flap_window_(Seconds(settings.Threshold(kLinkFlapping, "window_seconds"))),
        restart_grace_(Seconds(settings.Threshold(kLinkFlapping, "restart_grace_seconds"))) {}

  void Run() {
    state_.ports.reserve(state_.ports.size() +
                         (state_.ports.empty() ? snapshot_.sweep.coverage.ports_expected : 0));
    for (const Node& node : snapshot_.nodes) {
      if (node.duplicate) continue;
      for (const Port& port : node.ports) {
        RememberSpells(node, port);
        if (port.num != 0) RememberPort(node, port);
      }
    }
    for (const auto& key : restarted_) Excuse(key);
    DropOld(state_.not_active);
    DropOld(state_.lid_invalid);
  }

 private:
  static WindowLengths Lengths(const Settings& settings) {
    return {Seconds(settings.Threshold(kLinkErrors, "window_seconds")),
            Seconds(settings.Threshold(kLinkErrors, "medium_window_seconds")),
            Seconds(settings.Threshold(kLinkErrors, "long_window_seconds"))};
  }

  bool Fresh(const Port& port) const { return port.info && port.info_answer == Answer::kAnswered; }

  void RememberPort(const Node& node, const Port& port) {
    const PortKey key{node.guid, port.num};
    auto it = state_.ports.find(key);
    if (it == state_.ports.end()) {
      if (!port.Linked()) return;
      it = state_.ports.try_emplace(key).first;
    }
    PortMemory& memory = it->second;
    if (Fresh(port)) RememberLink(key, memory, port);
    // Somebody who clears every register looks the same; a device that restarts was also seen without its
    // link.
    if (port.restarted && memory.uncounted_downs > 0) {
      restarted_.push_back(key);
      if (memory.peer.node != Guid{}) restarted_.push_back(memory.peer);
    }
    if (port.counters_answer == Answer::kAnswered) {
      const SteadyTime before = LastRead(memory);
      AddDowns(memory, CountInterval(memory, port, now_, lengths_), before);
    } else {
      memory.cleared.clear();
    }
    std::erase_if(memory.downs, [&](const LinkEvent& e) { return now_ - e.at > flap_window_; });
  }

  void RememberLink(const PortKey& key, PortMemory& memory, const Port& port) {
    const bool linked = port.Linked();
    if (linked) {
      memory.down_since.reset();
      Connect(key, memory, port);
    } else if (memory.linked) {
      memory.down_since = now_;
      ++memory.uncounted_downs;
      AddDowns(memory, 1, LastRead(memory));
    }
    memory.linked = linked;
  }

  void Connect(const PortKey& key, PortMemory& memory, const Port& port) {
    const Node* far = snapshot_.PeerNode(port);
    if (far == nullptr) return;
    memory.peer = far->duplicate ? PortKey{} : PortKey{far->guid, port.peer->port};
    // A node that has never answered tells nothing of its own ports: the near end speaks for both.
    if (!far->duplicate && Missing(far->answer)) {
      const PortKey far_key = memory.peer;
      state_.ports.try_emplace(far_key).first->second.peer = key;
    }
  }

  SteadyTime LastRead(const PortMemory& memory) const { return memory.reading ? memory.reading->at : now_; }

  void AddDowns(PortMemory& memory, std::uint32_t downs, SteadyTime after) {
    if (downs == 0 || InGrace(memory)) return;
    if (memory.downs.size() < kMaxLinkEvents) {
      memory.downs.push_back({now_, downs, after});
    } else {
      LinkEvent& last = memory.downs.back();
      last.at = now_;
      last.after = after;  // what came before counts as of now: better too late than within a window
      last.downs += std::min(downs, std::numeric_limits<std::uint32_t>::max() - last.downs);
    }
  }

  bool InGrace(const PortMemory& memory) const {
    return memory.restarted && now_ - *memory.restarted < restart_grace_;
  }

  // A device that starts takes its links down several times: neither what went before nor what follows is
  // flapping.
  void Excuse(const PortKey& key) {
    const auto it = state_.ports.find(key);
    if (it == state_.ports.end()) return;
    PortMemory& memory = it->second;
    memory.restarted = now_;
    memory.uncounted_downs = 0;
    std::erase_if(memory.downs, [&](const LinkEvent& e) { return now_ - e.at < restart_grace_; });
  }

  void RememberSpells(const Node& node, const Port& port) {
    if (!Fresh(port)) return;
    const PortKey key{node.guid, port.num};
    const bool waits =
        port.Linked() && (port.info->state == PortState::kInit || port.info->state == PortState::kArmed);
    Advance(state_.not_active, key, waits);
    Advance(state_.lid_invalid, key, NeedsLid(node, port) && !IsUnicast(port.info->lid));
  }

  void Advance(Spells& spells, const PortKey& key, bool stands) {
    if (!stands) {
      if (!spells.empty()) spells.erase(key);
      return;
    }
    const auto [it, added] =
        spells.try_emplace(key, Spell{now_, now_, snapshot_.sweep.number, snapshot_.sweep.number});
    if (added) return;
    it->second.last = now_;
    it->second.last_sweep = snapshot_.sweep.number;
  }

  // Of ports that are no longer in the snapshot, unless this sweep did not get so far.
  void DropOld(Spells& spells) const {
    if (!snapshot_.sweep.complete) return;
    std::erase_if(spells, [&](const auto& entry) {
      const Node* node = snapshot_.FindNode(entry.first.node);
      return node == nullptr || node->FindPort(entry.first.port) == nullptr;
    });
  }

  FabricState& state_;
  const FabricSnapshot& snapshot_;
  SteadyTime now_;
  WindowLengths lengths_;
  Duration flap_window_, restart_grace_;
  std::vector<PortKey> restarted_;
};

void ForgetTimes(FabricState& state, SteadyTime now) {
  for (auto& [key, memory] : state.ports) {
    const PortKey peer = memory.peer;
    const bool linked = memory.linked;
    const bool down = memory.down_since.has_value();
    memory = PortMemory{};
    memory.peer = peer;
    memory.linked = linked;
    if (down) memory.down_since = now;
  }
  for (auto& [guid, memory] : state.nodes) {
    if (memory.lost_at) memory.lost_at = now;
  }
  for (Spells* spells : {&state.not_active, &state.lid_invalid, &state.lid_shared, &state.ends_disagree}) {
    spells->clear();
  }
  ForgetSubnetTimes(state.subnet);
  state.routing = {};
  state.trees = {};
}

}  // namespace

bool Follows(const FabricState& state, const FabricSnapshot& snapshot) {
  return snapshot.sweep.number > state.sweep && snapshot.sweep.started_steady >= state.started;
}

void RememberPorts(FabricState& state, const FabricSnapshot& snapshot, const Settings& settings) {
  if (!Follows(state, snapshot)) ForgetTimes(state, snapshot.sweep.started_steady);
  Rememberer(state, snapshot, settings).Run();
}

}  // namespace aftershock::rules
