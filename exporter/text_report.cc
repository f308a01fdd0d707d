#include "exporter/text_report.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "exporter/host_tables.h"
#include "exporter/text_page.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr std::size_t kMaxCauses = 8;  // how far a chain of causes is followed: guards against a ring
constexpr std::chrono::minutes kJustNow{1};
constexpr std::size_t kMaxFaults = 3;

// Folded findings by the finding at the root of their causes.
class Folded {
 public:
  explicit Folded(const Report& report) {
    std::map<std::string, const Finding*> all;
    for (const Finding& f : report.findings) all.emplace(Key(f), &f);
    for (const Finding& f : report.findings) {
      if (f.because && !f.Excused()) by_cause_[Root(f, all)].push_back(&f);
    }
  }
  // `cause` empty: those whose cause is not in the report.
  const std::vector<const Finding*>& Of(const std::string& cause) const {
    static const std::vector<const Finding*> kNone;
    const auto it = by_cause_.find(cause);
    return it == by_cause_.end() ? kNone : it->second;
  }

 private:
  static std::string Root(const Finding& finding, const std::map<std::string, const Finding*>& all) {
    const Finding* at = &finding;
    for (std::size_t i = 0; i < kMaxCauses; ++i) {
      const auto it = all.find(*at->because);
      if (it == all.end()) return {};
      at = it->second;
      if (!at->because) return it->first;
    }
    return {};
  }

  std::map<std::string, std::vector<const Finding*>> by_cause_;
};

std::string Headline(const Finding& finding) {
  return fmt::format("{}  {}", finding.rule, finding.summary);
}

// Why the finding is thought so, and what to do.
void AddReasons(const Finding& finding, const Report& report, Page& page) {
  if (const std::string evidence = EvidenceLine(finding); !evidence.empty()) page.Below(evidence);
  if (!finding.advice.empty()) page.Below("Next: " + finding.advice);
  // What this run has found itself has no history worth a line.
  if (finding.since && *finding.since + kJustNow < report.made)
    page.Below("Since " + FormatTime(*finding.since));
}

void AddFinding(const Finding& finding, const Report& report, const Folded& folded, const TextStyle& style,
                Page& page) {
  page.Entry(finding.accepted    ? "accepted"
             : finding.explained ? "expected"
                                 : Word(finding),
             Headline(finding));
  if (finding.accepted) {
    page.Below("Accepted: " + *finding.accepted);
  } else if (finding.explained) {
    page.Below(fmt::format("Expected by {}: {}", finding.window, *finding.explained));
  } else {
    AddReasons(finding, report, page);
  }
  const auto& consequences = folded.Of(Key(finding));
  if (style.all) {
    for (const Finding* f : consequences) page.Below(fmt::format("- {} {}", Word(*f), Headline(*f)));
  } else if (!consequences.empty()) {
    page.Below(fmt::format("and {} because of it; --all lists them", Count(consequences.size(), "finding")));
  }
}

void AddNotes(const Report& report, const Folded& folded, const TextStyle& style, Page& page) {
  std::map<std::string, std::uint64_t> by_rule;
  for (const Finding& f : report.findings) {
    if (f.Excused() || f.because || HasWeight(f)) continue;
    ++by_rule[f.rule];
    if (style.all) AddFinding(f, report, folded, style, page);
  }
  if (by_rule.empty() || style.all) return;
  std::string line;
  for (const auto& [rule, count] : by_rule)
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", rule, Grouped(count));
  page.Entry("notes", line + "; --all lists them");
}

void AddOrphans(const Folded& folded, const TextStyle& style, Page& page) {
  const auto& orphans = folded.Of({});
  if (orphans.empty()) return;
  if (!style.all) {
    return page.Line(
        fmt::format("and {} because of others; --all lists them", Count(orphans.size(), "finding")));
  }
  for (const Finding* f : orphans) {
    page.Entry(Word(*f), Headline(*f));
    page.Below("Because of: " + *f->because);
  }
}

// What the sweeps themselves could not see; the findings marked unknown say the rest.
void AddUnknowns(const Report& report, Page& page) {
  const auto say = [&](const PlaneReport& plane, std::string_view what) {
    page.Line(fmt::format("Not known: {}: {}", plane.plane, what));
  };
  if (report.planes.empty() && !report.host) page.Line("Not known: the fabric was not swept");
  if (report.host && !report.host->snapshot) page.Line("Not known: the host was not looked at");
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) {
      say(plane, "was not swept");
      continue;
    }
    const SweepReport& sweep = plane.snapshot->sweep;
    const Coverage& c = sweep.coverage;
    if (!sweep.complete) say(plane, fmt::format("the sweep is not complete: {}", sweep.incomplete_because));
    if (c.nodes_unanswered || c.ports_unanswered) {
      say(plane, fmt::format("{} and {} did not answer", Count(c.nodes_unanswered, "node"),
                             Count(c.ports_unanswered, "port")));
    }
  }
}

void AddPairs(const PairsReport& pairs, Page& page) {
  for (const PairReport& pair : pairs.pairs) {
    std::string line = fmt::format("pair {}:", pair.name);
    for (const MemberReport& member : pair.members) {
      line += fmt::format("{} {} {}", &member == &pair.members.front() ? "" : ",", member.name,
                          ToString(member.state));
      if (member.asked != 0) line += fmt::format(" ({} of {} answers)", member.answered, member.asked);
    }
    page.Line(line);
  }
}

void AddSweeps(const Report& report, Page& page) {
  for (const PlaneReport& plane : report.planes) {
    const std::string name = report.planes.size() > 1 ? plane.plane + ": " : "";
    if (!plane.snapshot) {
      page.Line(name + "not swept");
      continue;
    }
    const SweepReport& sweep = plane.snapshot->sweep;
    std::uint64_t sent = 0;
    for (const MadCount& count : sweep.mads) sent += count.sent;
    page.Line(fmt::format("{}{}; {} in {:.2f} s{}", name, CoverageLine(sweep.coverage), Count(sent, "MAD"),
                          ToSeconds(sweep.duration), sweep.complete ? "" : ", not complete"));
  }
}

// Under a heading of its own; what is not there has none.
void AddTable(const Table& table, Page& page) {
  if (table.rows.empty()) return;
  page.Blank();
  page.Add(table);
}

void AddFaults(const std::vector<std::string>& faults, const TextStyle& style, Page& page) {
  const std::size_t listed = style.all ? faults.size() : std::min(kMaxFaults, faults.size());
  for (std::size_t i = 0; i < listed; ++i) page.Entry("odd file", faults[i]);
  if (listed < faults.size()) {
    page.Below(fmt::format("and {}; --all lists them", Count(faults.size() - listed, "more odd file")));
  }
}

// What was looked at, and what stands there.
void AddHost(const HostReport& report, const TextStyle& style, Page& page) {
  if (!report.snapshot) return page.Line("host: not looked at");
  const HostSnapshot& host = *report.snapshot;
  page.Line(HostLine(host));
  page.Entry("seen", SeenLine(host));
  for (const std::string& line : UnseenLines(host)) page.Entry("not seen", line);
  AddFaults(FaultLines(host), style, page);
  AddTable(PortTable(host), page);
  AddTable(InterfaceTable(host), page);
  AddTable(LegTable(host), page);
  for (const std::string& line : BondLines(host)) page.Line(line);
}

}  // namespace

std::string TextReport(const Report& report, const TextStyle& style) {
  Page page(style);
  const Folded folded(report);
  page.Verdict(report.verdict, CountLine(report));
  if (report.verdict == Verdict::kUnknown) AddUnknowns(report, page);
  page.Blank();
  const std::string before = page.Take();

  Page body(style);
  for (const Finding& f : report.findings) {
    if (HasWeight(f)) AddFinding(f, report, folded, style, body);
  }
  AddOrphans(folded, style, body);
  AddNotes(report, folded, style, body);
  for (const Finding& f : report.findings) {
    if (f.Excused()) AddFinding(f, report, folded, style, body);
  }
  std::string text = body.Take();
  if (!text.empty()) text += '\n';

  Page after(style);
  if (report.pairs) AddPairs(*report.pairs, after);
  AddSweeps(report, after);
  if (report.host && !report.planes.empty()) after.Blank();
  if (report.host) AddHost(*report.host, style, after);
  return before + text + after.Take();
}

}  // namespace aftershock::exporter
