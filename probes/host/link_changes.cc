#include "probes/host/link_changes.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "probes/host/carrier_flaps.h"

namespace aftershock::host {
namespace {

// What a link is when the kernel has just made it.
LinkMessage JustMade(const LinkMessage& message) {
  LinkMessage made = message;
  made.link.flags &= ~kFlagUp;
  made.link.carrier = false;
  made.link.carrier_changes.reset();
  made.link.master = 0;
  if (made.bond) made.bond->active_leg = 0;
  return made;
}

Carrier CarrierOf(const IpoibLink& link) {
  return {link.Up(), link.carrier, link.carrier_changes};
}

template <typename T>
void Note(std::string& text, std::string_view what, const T& before, const T& after) {
  if (before == after) return;
  text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", what, before, after);
}

// What is not known, before or after, has not changed.
std::string SettingsThatDiffer(const LinkMessage& before, const LinkMessage& after) {
  const IpoibLink& from = before.link;
  const IpoibLink& to = after.link;
  std::string text;
  if (before.IsLink() && from.mode && to.mode) Note(text, "mode", ToString(*from.mode), ToString(*to.mode));
  Note(text, "MTU", from.mtu, to.mtu);
  if (before.IsLink() && from.p_key && to.p_key) {
    Note(text, "P_Key", fmt::format("0x{:04x}", *from.p_key), fmt::format("0x{:04x}", *to.p_key));
  }
  return text;
}

HostEvent EventOf(HostEventKind kind, std::string interface, std::string detail = {}) {
  HostEvent event;
  event.kind = kind;
  event.interface = std::move(interface);
  event.detail = std::move(detail);
  return event;
}

void Append(LinkChanges::Events& to, LinkChanges::Events what) {
  std::move(what.begin(), what.end(), std::back_inserter(to));
}

}  // namespace

std::string LinkChanges::NameOf(int index) const {
  const auto found = names_.find(index);
  return found != names_.end() ? found->second : fmt::format("interface {}", index);
}

LinkChanges::Events LinkChanges::Compare(const LinkMessage& before, LinkMessage& after) const {
  const IpoibLink& from = before.link;
  IpoibLink& to = after.link;
  Events events;
  const auto tell = [&](HostEventKind kind, std::string detail = {}) {
    events.push_back(EventOf(kind, to.name, std::move(detail)));
  };
  if (from.name != to.name) tell(HostEventKind::kLinkRenamed, from.name);
  if (from.master != to.master) {
    if (from.master != 0) tell(HostEventKind::kReleased, NameOf(from.master));
    if (to.master != 0) tell(HostEventKind::kEnslaved, NameOf(to.master));
  }
  if (from.Up() != to.Up()) tell(to.Up() ? HostEventKind::kLinkUp : HostEventKind::kLinkDown);
  const CarrierFlaps flaps = CompareCarrier(CarrierOf(from), CarrierOf(to));
  for (std::uint32_t i = 0; i < flaps.transitions; ++i) {
    const bool up = from.carrier == (i % 2 != 0);
    tell(up ? HostEventKind::kCarrierUp : HostEventKind::kCarrierDown);
  }
  to.carrier = flaps.now.up;
  to.carrier_changes = flaps.now.changes;
  // The bond's own word, not its legs': the bond tells it with every change, each leg for itself tells it
  // twice.
  if (before.bond && after.bond && before.bond->active_leg != after.bond->active_leg &&
      after.bond->active_leg != 0) {
    events.push_back(EventOf(HostEventKind::kLegActive, NameOf(after.bond->active_leg), to.name));
  }
  if (auto settings = SettingsThatDiffer(before, after); !settings.empty()) {
    tell(HostEventKind::kSettingsChanged, std::move(settings));
  }
  return events;
}

LinkChanges::Events LinkChanges::Changed(const LinkMessage& message) {
  const bool new_here = names_.insert_or_assign(message.link.index, message.link.name).second;
  return Take(message, new_here);
}

LinkChanges::Events LinkChanges::Take(const LinkMessage& message, bool new_here) {
  const int index = message.link.index;
  told_at_[index] = ++told_;
  const auto known = links_.find(index);
  if (message.hardware != link_type_) {
    if (known != links_.end()) links_.erase(known);
    return {};
  }
  LinkMessage after = message;
  Events events;
  if (known != links_.end()) {
    events = Compare(known->second, after);
  } else if (new_here) {
    events.push_back(EventOf(HostEventKind::kLinkAdded, message.link.name));
    Append(events, Compare(JustMade(message), after));
  }  // else it has become of this type, as a bond does with its first leg: it was there before
  links_.insert_or_assign(index, std::move(after));
  return events;
}

LinkChanges::Events LinkChanges::Removed(int index, HostEventKind kind) {
  Events events;
  const auto known = links_.find(index);
  if (known != links_.end()) {
    events.push_back(EventOf(kind, known->second.link.name));
    links_.erase(known);
  }
  names_.erase(index);
  return events;
}

LinkChanges::Events LinkChanges::Gone(const LinkMessage& message) {
  told_at_[message.link.index] = ++told_;
  Events events =
      Removed(message.link.index, message.moved ? HostEventKind::kLinkMoved : HostEventKind::kLinkRemoved);
  if (reads_.empty()) told_at_.erase(message.link.index);
  return events;
}

LinkChanges::ReadId LinkChanges::BeginRead() {
  reads_.insert(told_);
  return told_;
}

bool LinkChanges::ToldSince(int index, ReadId read) const {
  const auto found = told_at_.find(index);
  return found != told_at_.end() && found->second > read;
}

LinkChanges::Events LinkChanges::RemoveMissing(ReadId read, std::span<const LinkMessage> all) {
  std::set<int> there;
  for (const LinkMessage& message : all) there.insert(message.link.index);
  std::vector<int> missing;
  for (const auto& [index, name] : names_) {
    if (!there.contains(index) && !ToldSince(index, read)) missing.push_back(index);
  }
  Events events;
  for (const int index : missing) {
    told_at_[index] = ++told_;
    Append(events, Removed(index, HostEventKind::kLinkRemoved));
  }
  return events;
}

LinkChanges::Events LinkChanges::Merge(ReadId read, std::span<const LinkMessage> all) {
  Events events = RemoveMissing(read, all);
  // All names first: a leg may come before the master that its event names.
  std::vector<std::pair<const LinkMessage*, bool>> to_take;
  for (const LinkMessage& message : all) {
    const int index = message.link.index;
    if (ToldSince(index, read)) continue;
    to_take.emplace_back(&message, names_.insert_or_assign(index, message.link.name).second);
  }
  for (const auto& [message, new_here] : to_take) Append(events, Take(*message, new_here));
  AbandonRead(read);
  if (!std::exchange(ready_, true)) events.clear();
  return events;
}

void LinkChanges::AbandonRead(ReadId read) {
  if (const auto found = reads_.find(read); found != reads_.end()) reads_.erase(found);
  if (!reads_.empty()) return;
  std::erase_if(told_at_, [this](const auto& entry) { return !names_.contains(entry.first); });
}

}  // namespace aftershock::host
