// A baseline and looks after it, judged one after the other as a running monitor does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "build_fabric.h"
#include "build_host.h"
#include "rules/change/judge_change.h"

namespace aftershock::tests {

inline constexpr std::string_view kPlane = "mlx5_0:1";

Image ImageOf(const FabricBuilder& fabric);
Image ImageOf(const HostBuilder& host);

struct BeforeAfter {
  explicit BeforeAfter(Image before) : baseline(std::move(before)) {}

  // Judges this look, so long after the one before.
  const std::vector<Finding>& Look(const Image& now, Duration later = std::chrono::seconds(10));
  // Another process begins, with the state that this one leaves.
  void Restart();
  std::vector<Finding> Of(std::string_view rule) const;
  // The rules of what is not folded.
  std::vector<std::string> Told() const;

  std::optional<Image> baseline;
  Settings settings;
  std::vector<Window> windows;
  std::vector<Finding> others;
  std::vector<rules::ErroredMinutes> errors;
  std::vector<rules::ChangeEvent> events;
  bool complete = true, critical = false, knows_windows = true;
  std::string this_host;
  WallTime wall{std::chrono::hours(24 * 365 * 40)};
  SteadyTime steady{std::chrono::seconds(1000)};
  rules::ChangeJudgement judgement;
};

// Open since an hour before the first look, with this in scope.
Window OpenWindow(Subject scope);

}  // namespace aftershock::tests
