#include "app/change_state_text.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace aftershock::app {
namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::array kNotes{std::pair{"restored", &rules::ChangeState::restored},
                            std::pair{"moved", &rules::ChangeState::moved},
                            std::pair{"taken", &rules::ChangeState::taken}};

std::int64_t Ms(WallTime time) {
  return time.time_since_epoch().count();
}
std::int64_t Ms(Duration duration) {
  return duration_cast<milliseconds>(duration).count();
}

}  // namespace

std::string ToText(const rules::ChangeState& state) {
  json since = json::object(), stood_for = json::object();
  for (const auto& [key, time] : state.since) since[Printable(key)] = Ms(time);
  for (const auto& [key, time] : state.stood_for) stood_for[Printable(key)] = Ms(time);
  json text{{"since", std::move(since)},
            {"stood_for", std::move(stood_for)},
            {"stable_hash", Printable(state.stable_hash)}};
  for (const auto& [name, notes] : kNotes) {
    text[name] = json::array();
    for (const std::string& note : state.*notes) text[name].push_back(Printable(note));
  }
  if (state.stable_since) text["stable_since"] = Ms(*state.stable_since);
  if (state.stable_for) text["stable_for"] = Ms(*state.stable_for);
  return text.dump();
}

Result<rules::ChangeState> ChangeStateFromText(std::string_view text) {
  const json read = json::parse(text, nullptr, false);
  rules::ChangeState state;
  const auto bad = [] { return Fail(Errc::kMalformed, "the state of the rules about change is damaged"); };
  if (!read.is_object()) return bad();
  const auto times = [&](const char* key, const auto& take) {
    const auto found = read.find(key);
    if (found == read.end() || !found->is_object()) return false;
    for (const auto& [name, time] : found->items()) {
      if (!time.is_number_integer()) return false;
      take(name, milliseconds(time.template get<std::int64_t>()));
    }
    return true;
  };
  if (!times("since", [&](const std::string& k, milliseconds t) { state.since[k] = WallTime(t); }))
    return bad();
  if (!times("stood_for", [&](const std::string& k, milliseconds t) { state.stood_for[k] = t; }))
    return bad();
  const auto number = [&](const char* key) -> std::optional<milliseconds> {
    const auto found = read.find(key);
    if (found == read.end() || !found->is_number_integer()) return std::nullopt;
    return milliseconds(found->get<std::int64_t>());
  };
  if (const auto since = number("stable_since")) state.stable_since = WallTime(*since);
  if (const auto stable = number("stable_for")) state.stable_for = *stable;
  if (const auto hash = read.find("stable_hash"); hash != read.end() && hash->is_string())
    state.stable_hash = hash->get<std::string>();
  for (const auto& [name, notes] : kNotes) {
    const auto list = read.find(name);
    if (list == read.end() || !list->is_array()) continue;
    for (const json& note : *list) {
      if (note.is_string()) (state.*notes).insert(note.get<std::string>());
    }
  }
  return state;
}

}  // namespace aftershock::app
