#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rules/change/rules.h"
#include "rules/change/table.h"
#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

std::string Text(IpoibMode mode) {
  return std::string(ToString(mode));
}
std::string Text(bool value) {
  return value ? "on" : "off";
}
std::string Text(std::uint8_t value) {
  return fmt::format("{}", static_cast<unsigned>(value));
}
std::string Text(std::uint32_t value) {
  return fmt::format("{}", value);
}

// Everything in which one host is set differently.
class SettingsDifference {
 public:
  SettingsDifference(const HostImage& before, const HostImage& now) {
    if (before.interfaces && now.interfaces) {
      ForBoth(*before.interfaces, *now.interfaces,
              [&](const InterfaceImage& was, const InterfaceImage& is) { Compare(was, is); });
    }
    if (before.bonds && now.bonds) {
      ForBoth(*before.bonds, *now.bonds,
              [&](const BondImage& was, const BondImage& is) { Compare(was, is); });
    }
  }

  bool Any() const { return !was_.empty(); }
  bool OnlyMissing() const { return !other_values_; }
  std::string Was() const { return fmt::format("{}", fmt::join(was_, "; ")); }
  std::string Is() const { return fmt::format("{}", fmt::join(is_, "; ")); }
  // The interface that alone differs, and by what the rules of the present tell, too.
  const std::string& Alone() const { return alone_; }
  bool OnlyKnown() const { return only_known_; }

 private:
  template <typename Things, typename Use>
  void ForBoth(const Things& before, const Things& now, Use use) {
    for (const auto& was : before) {
      const auto is = std::ranges::find_if(now, [&](const auto& thing) { return thing.name == was.name; });
      if (is == now.end()) {
        Tell(was.name, "", "present", "absent");
        only_known_ = false;
      } else {
        use(was, *is);
      }
    }
  }

  void Compare(const InterfaceImage& was, const InterfaceImage& is) {
    Value(was.name, "mode", was.mode, is.mode, true);
    Value(was.name, "MTU", std::optional(was.mtu), std::optional(is.mtu), true);
    Value(was.name, "umcast", was.umcast, is.umcast, false);
  }

  void Compare(const BondImage& was, const BondImage& is) {
    Value(was.name, "mode", was.mode, is.mode, false);
    Value(was.name, "miimon", was.miimon, is.miimon, false);
    Value(was.name, "arp_interval", was.arp_interval, is.arp_interval, false);
    Value(was.name, "fail_over_mac", was.fail_over_mac, is.fail_over_mac, false);
    Value(was.name, "MTU", std::optional(was.mtu), std::optional(is.mtu), false);
    std::vector<std::string> gone;
    std::ranges::set_difference(was.legs, is.legs, std::back_inserter(gone));
    if (was.legs == is.legs) return;
    only_known_ = false;
    other_values_ = other_values_ || gone.empty();
    Tell(was.name, "legs ", fmt::format("{}", fmt::join(was.legs, ", ")),
         is.legs.empty() ? "none" : fmt::format("{}", fmt::join(is.legs, ", ")));
  }

  template <typename T>
  void Value(const std::string& name, std::string_view what, const std::optional<T>& was,
             const std::optional<T>& is, bool known) {
    if (!was || !is || *was == *is) return;
    other_values_ = true;
    only_known_ = only_known_ && known;
    Tell(name, fmt::format("{} ", what), Text(*was), Text(*is));
  }

  void Tell(const std::string& name, std::string_view what, std::string_view was, std::string_view is) {
    if (was_.empty()) alone_ = name;
    if (alone_ != name) only_known_ = false;
    was_.push_back(fmt::format("{} {}{}", name, what, was));
    is_.push_back(fmt::format("{} {}{}", name, what, is));
  }

  std::vector<std::string> was_, is_;
  std::string alone_;
  bool other_values_ = false, only_known_ = true;
};

}  // namespace

std::vector<Change> FindSettingsChanges(const ChangeView& view) {
  std::vector<Change> changes;
  for (const auto& [name, before] : view.before().hosts) {
    const auto now = view.now().hosts.find(name);
    if (now == view.now().hosts.end()) continue;
    const SettingsDifference difference(before, now->second);
    if (!difference.Any()) continue;
    Change change =
        view.Make(kHostSettingsChanged, view.HostSubject(before),
                  fmt::format("{} is set differently than in the baseline: {}", name, difference.Is()),
                  difference.Was(), difference.Is());
    if (difference.OnlyMissing()) change.wait = view.Seconds(kHostSettingsChanged, "settle_seconds");
    if (name == view.facts().this_host && difference.OnlyKnown()) {
      change.causes.push_back(KeyOf(kIpoibSettingsChanged, Subject::Interface(difference.Alone())));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace aftershock::rules
