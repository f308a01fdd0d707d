// A small fabric as an image, and windows on it.
#pragma once

#include <string>
#include <utility>

#include "model/image.h"
#include "model/window.h"

namespace aftershock::tests {

using namespace std::chrono_literals;

inline constexpr Guid kSw1{1}, kSw2{2}, kNode7{7}, kNode8{8}, kNode9{9};
inline const WallTime kOpened{std::chrono::hours(24 * 365 * 40)};

// Two switches joined by a cable; node7 and node8 have a leg on each, node9 one on sw2 alone.
inline Image TwoSwitches() {
  Image image;
  FabricImage& fabric = image.planes["mlx5_0:1"];
  const auto node = [&](Guid guid, NodeType type, std::string name, std::uint8_t ports) {
    fabric.nodes.push_back({guid, type, std::move(name), ports, false});
  };
  node(kSw1, NodeType::kSwitch, "sw1", 8);
  node(kSw2, NodeType::kSwitch, "sw2", 8);
  node(kNode7, NodeType::kAdapter, "node7 mlx5_0", 2);
  node(kNode8, NodeType::kAdapter, "node8 mlx5_0", 2);
  node(kNode9, NodeType::kAdapter, "node9 mlx5_0", 1);
  fabric.cables = {{{kSw1, 1}, {kNode7, 1}}, {{kSw1, 2}, {kNode8, 1}}, {{kSw1, 8}, {kSw2, 8}},
                   {{kSw2, 1}, {kNode7, 2}}, {{kSw2, 2}, {kNode8, 2}}, {{kSw2, 3}, {kNode9, 1}}};
  fabric.sm = SmImage{kNode7, 0, {{kNode7, 1}, {kNode8, 1}}};
  image.pairs = {{"core", {{kSw1, MemberState::kLive}, {kSw2, MemberState::kLive}}}};
  return image;
}

inline Subject SwitchOf(Guid guid) {
  return {SubjectKind::kSwitch, guid, 0, {}, {}};
}
inline ScopeItem Sw2Item() {
  return {"switch:sw2", SwitchOf(kSw2), "sw2"};
}

// w12 on sw2, opened at kOpened, with a verify of 3 min and a soak of 1 h.
inline Window OnSw2(WindowState state = WindowState::kOpen) {
  Window window;
  window.id = 12;
  window.title = "new firmware for sw2";
  window.scope = {Sw2Item()};
  window.state = state;
  window.verify = 3min;
  window.soak = 1h;
  window.baseline = 1;
  if (state != WindowState::kPlanned) window.opened = kOpened;
  if (state == WindowState::kVerifying || state == WindowState::kSoaking) window.closed = kOpened + 10min;
  return window;
}

inline Finding Found(std::string rule, Subject subject, WallTime since = kOpened + 1min,
                     Severity severity = Severity::kCritical) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = severity;
  finding.subject = std::move(subject);
  finding.summary = finding.rule + " it is";
  finding.since = since;
  return finding;
}

}  // namespace aftershock::tests
