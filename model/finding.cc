#include "model/finding.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace aftershock {

std::string_view ToString(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kCritical:
      return "critical";
  }
  return "critical";
}

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kWarning:
      return "warning";
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kCritical:
      return "critical";
  }
  return "unknown";
}

std::string_view ToString(SubjectKind kind) {
  static constexpr std::array<std::string_view, 9> kKinds{"fabric",    "switch", "host",      "link", "pair",
                                                          "this-host", "hca",    "interface", "bond"};
  const auto code = static_cast<std::size_t>(kind);
  return code < kKinds.size() ? kKinds[code] : kKinds.back();
}

int ExitCode(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return 0;
    case Verdict::kWarning:
      return 1;
    case Verdict::kCritical:
      return 2;
    case Verdict::kUnknown:
      return 3;
  }
  return 3;
}

std::string ToString(const Subject& subject) {
  const std::string route = subject.route.empty() ? "" : "@" + subject.route;
  switch (subject.kind) {
    case SubjectKind::kFabric:
      return "fabric";
    case SubjectKind::kSwitch:
      return fmt::format("switch:{}{}", ToString(subject.guid), route);
    case SubjectKind::kHost:
      if (subject.guid == Guid{} && !subject.name.empty()) return "host:" + subject.name;
      return fmt::format("host:{}{}{}{}", ToString(subject.guid), route, subject.name.empty() ? "" : "/",
                         subject.name);
    case SubjectKind::kLink:
      return fmt::format("link:{}/{}{}", ToString(subject.guid), subject.port, route);
    case SubjectKind::kPair:
      return "pair:" + subject.name;
    case SubjectKind::kThisHost:
      return "host";
    case SubjectKind::kHca:
      return "hca:" + subject.name;
    case SubjectKind::kInterface:
      return "interface:" + subject.name;
    case SubjectKind::kBond:
      return "bond:" + subject.name;
  }
  return "fabric";
}

std::string ToString(const Evidence& evidence) {
  std::string text = evidence.name + " ";
  if (const auto* number = std::get_if<double>(&evidence.value)) {
    text += fmt::format("{:.4g}", *number);
  } else if (const auto* integer = std::get_if<std::int64_t>(&evidence.value)) {
    text += fmt::format("{}", *integer);
  } else {
    text += std::get<std::string>(evidence.value);
  }
  if (!evidence.unit.empty()) text += " " + evidence.unit;
  return text;
}

std::string Key(const Finding& finding) {
  return finding.rule + " " + ToString(finding.subject);
}

bool HasWeight(const Finding& finding) {
  return Judge({&finding, 1}) != Verdict::kOk;
}

Verdict Judge(std::span<const Finding> findings) {
  Verdict worst = Verdict::kOk;
  for (const Finding& f : findings) {
    if (f.Excused() || f.because) continue;
    if (f.severity == Severity::kWarning) worst = std::max(worst, Verdict::kWarning);
    if (f.unknown) worst = std::max(worst, Verdict::kUnknown);
    if (f.severity == Severity::kCritical) worst = std::max(worst, Verdict::kCritical);
  }
  return worst;
}

}  // namespace aftershock
