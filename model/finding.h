// What a rule found, and what all findings of a sweep amount to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace aftershock {

enum class Severity : std::uint8_t { kNote, kWarning, kCritical };
// By weight: worst wins in the order CRITICAL > UNKNOWN > WARNING > OK.
enum class Verdict : std::uint8_t { kOk, kWarning, kUnknown, kCritical };
std::string_view ToString(Severity severity);  // "note", "warning", "critical"
std::string_view ToString(Verdict verdict);    // "ok", "warning", "unknown", "critical"
// 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN: the order that Nagios made known.
int ExitCode(Verdict verdict);
inline constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

enum class SubjectKind : std::uint8_t {
  kFabric,
  kSwitch,
  kHost,
  kLink,
  kPair,
  // Of the host that aftershock runs on, by name: the whole, an adapter whose GUID is not known, an
  // interface, a bond.
  kThisHost,
  kHca,
  kInterface,
  kBond,
};
std::string_view ToString(SubjectKind kind);  // "fabric", "switch", …

// What a finding is about. A link is named by one of its ends.
struct Subject {
  SubjectKind kind = SubjectKind::kFabric;
  Guid guid{};
  std::uint8_t port = 0;
  std::string route;  // set only where the GUID is seen twice: the directed route, "0,1,7"
  std::string name;   // of kPair, kHca, kInterface and kBond
  friend auto operator<=>(const Subject&, const Subject&) = default;

  static Subject Fabric() { return {}; }
  static Subject Link(PortKey key) { return {SubjectKind::kLink, key.node, key.port, {}, {}}; }
  static Subject Host(Guid node) { return {SubjectKind::kHost, node, 0, {}, {}}; }
  static Subject Pair(std::string name) { return {SubjectKind::kPair, {}, 0, {}, std::move(name)}; }
  static Subject ThisHost() { return {SubjectKind::kThisHost, {}, 0, {}, {}}; }
  static Subject Hca(std::string name) { return {SubjectKind::kHca, {}, 0, {}, std::move(name)}; }
  static Subject Interface(std::string name) { return {SubjectKind::kInterface, {}, 0, {}, std::move(name)}; }
  static Subject Bond(std::string name) { return {SubjectKind::kBond, {}, 0, {}, std::move(name)}; }
};
// "fabric", "switch:0x…", "host:0x…", "link:0x…/7"; with "@0,1,7" behind where a route tells duplicates
// apart. "pair:core", "host", "hca:mlx5_0", "interface:ib0", "bond:bond0".
std::string ToString(const Subject& subject);

// One measured fact with its unit: {"symbol errors", 4711, "errors in 10 s"}.
struct Evidence {
  std::string name;
  std::variant<std::int64_t, double, std::string> value;
  std::string unit;
};
std::string ToString(const Evidence& evidence);

// What happened so often, at some time between two looks.
struct Occurrence {
  WallTime from{}, until{};
  std::uint32_t count = 1;
  std::optional<Subject> at;  // to what it happened, where the finding is about more than that
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};
// Of a finding that counts what happened within a while: it stands from `limit` on.
struct Recurrence {
  std::vector<Occurrence> seen;
  std::uint32_t limit = 1;
  friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

struct Finding {
  std::string rule;
  Severity severity = Severity::kNote;
  // What the finding is about could not be seen: the verdict is at least UNKNOWN, whatever the severity.
  bool unknown = false;
  Subject subject;
  std::string summary;  // one sentence that names the thing as an operator would
  std::vector<Evidence> evidence;
  std::string advice;             // what to look at next
  std::optional<WallTime> since;  // when it was first seen; set by app/
  // The finding this one is a consequence of, as "rule subject"; folded in the output, still counted.
  std::optional<std::string> because;
  std::optional<std::string> accepted;  // the reason given in the configuration: listed, and without weight
  std::string window;                   // the change window it is attributed to, "w12"; empty: none
  // What a window expects, and why, in one clause: listed, and without weight.
  std::optional<std::string> explained;
  std::optional<Recurrence> recurs;  // so that what a window expected is not counted against it later

  // Somebody has said that it is known.
  bool Excused() const { return accepted.has_value() || explained.has_value(); }
};

// "rule subject": names a finding from sweep to sweep.
std::string Key(const Finding& finding);

// Whether the finding counts in the verdict: it is no note, nobody excused it, and it is no consequence of
// another.
bool HasWeight(const Finding& finding);
// Accepted findings, explained and folded ones, and notes have no weight.
Verdict Judge(std::span<const Finding> findings);

}  // namespace aftershock
