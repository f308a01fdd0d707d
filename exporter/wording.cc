#include "exporter/wording.h"

#include <array>

#include <fmt/format.h>

namespace aftershock::exporter {

std::string_view Word(const Finding& finding) {
  return finding.unknown && finding.severity != Severity::kCritical ? ToString(Verdict::kUnknown)
                                                                    : ToString(finding.severity);
}

std::string EvidenceLine(const Finding& finding) {
  std::string line;
  for (const Evidence& item : finding.evidence) line += (line.empty() ? "" : "; ") + ToString(item);
  return line;
}

std::string Grouped(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string Count(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", Grouped(number), noun, number == 1 ? "" : "s");
}

std::string CountLine(const Report& report) {
  struct {
    std::uint64_t critical = 0, unknown = 0, warning = 0, note = 0, accepted = 0, expected = 0;
  } n;
  for (const Finding& f : report.findings) {
    if (f.accepted) {
      ++n.accepted;
    } else if (f.explained) {
      ++n.expected;
    } else if (!f.because) {
      const auto word = Word(f);
      ++(word == "critical"  ? n.critical
         : word == "unknown" ? n.unknown
         : word == "warning" ? n.warning
                             : n.note);
    }
  }
  std::string parts;
  const auto add = [&](std::string text) { parts += (parts.empty() ? "" : ", ") + std::move(text); };
  if (n.critical) add(fmt::format("{} critical", Grouped(n.critical)));
  if (n.unknown) add(fmt::format("{} unknown", Grouped(n.unknown)));
  if (n.warning) add(Count(n.warning, "warning"));
  const std::uint64_t weighty = n.critical + n.unknown + n.warning;
  std::string line = weighty == 0 ? "no findings" : fmt::format("{} ({})", Count(weighty, "finding"), parts);
  if (n.note) line += ", " + Count(n.note, "note");
  if (n.accepted) line += fmt::format(", {} accepted", Grouped(n.accepted));
  if (n.expected) line += fmt::format(", {} expected", Grouped(n.expected));
  return line;
}

std::string CoverageLine(const Coverage& coverage) {
  std::string line = Count(coverage.nodes_expected, "node");
  if (coverage.nodes_unanswered)
    line += fmt::format(" ({} did not answer)", Grouped(coverage.nodes_unanswered));
  line += fmt::format(", {} answered of {}", Count(coverage.ports_answered, "port"),
                      Grouped(coverage.ports_expected));
  if (coverage.not_applicable) line += fmt::format(", {} without counters", Grouped(coverage.not_applicable));
  return line;
}

}  // namespace aftershock::exporter
