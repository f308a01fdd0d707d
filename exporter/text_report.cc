#include "exporter/text_report.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr std::size_t kIndent = 10;  // as wide as the column of severities
constexpr std::size_t kMinWidth = 40;
constexpr std::size_t kMaxCauses = 8;  // how far a chain of causes is followed: guards against a ring
constexpr std::chrono::minutes kJustNow{1};

// Characters as a terminal counts them, to a good approximation: code points.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

class Page {
 public:
  explicit Page(const TextStyle& style)
      : colour_(style.colour),
        width_(std::max(kMinWidth, static_cast<std::size_t>(std::max(style.width, 0)))) {}

  // `word` stands in the column of severities in its colour, the text beside it and, wrapped, below.
  void Entry(std::string_view word, std::string_view text) {
    out_ += Coloured(word, word) + std::string(kIndent - std::min(kIndent, word.size()), ' ');
    Wrap(text, kIndent);
  }
  void Below(std::string_view text) {
    out_.append(kIndent, ' ');
    Wrap(text, kIndent);
  }
  void Line(std::string_view text) { Wrap(text, 0); }
  void Blank() { out_ += '\n'; }
  void Verdict(aftershock::Verdict verdict, std::string_view text) {
    std::string word(ToString(verdict));
    std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    out_ += fmt::format("{}  {}\n", Coloured(ToString(verdict), word), text);
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string Coloured(std::string_view kind, std::string_view text) const {
    static constexpr std::pair<std::string_view, std::string_view> kColours[] = {
        {"critical", "1;31"}, {"unknown", "1;35"}, {"warning", "1;33"}, {"ok", "1;32"}};
    const auto* it = std::ranges::find(kColours, kind, &std::pair<std::string_view, std::string_view>::first);
    if (!colour_ || it == std::end(kColours)) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", it->second, text);
  }

  // Breaks between words; a word longer than a line stays whole, since it is a name to be copied.
  void Wrap(std::string_view raw, std::size_t indent) {
    const std::string text = Printable(raw);
    std::string_view rest = text;
    for (std::size_t used = indent; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, end);
      if (used > indent && used + 1 + Width(word) > width_) {
        out_ += '\n';
        out_.append(indent, ' ');
        used = indent;
      } else if (used > indent) {
        out_ += ' ';
        ++used;
      }
      out_ += word;
      used += Width(word);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    out_ += '\n';
  }

  bool colour_;
  std::size_t width_;
  std::string out_;
};

// Folded findings by the finding at the root of their causes.
class Folded {
 public:
  explicit Folded(const Report& report) {
    std::map<std::string, const Finding*> all;
    for (const Finding& f : report.findings) all.emplace(Key(f), &f);
    for (const Finding& f : report.findings) {
      if (f.because && !f.accepted) by_cause_[Root(f, all)].push_back(&f);
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
  page.Entry(finding.accepted ? "accepted" : Word(finding), Headline(finding));
  if (finding.accepted) {
    page.Below("Accepted: " + *finding.accepted);
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
    if (f.accepted || f.because || HasWeight(f)) continue;
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
  if (report.planes.empty()) page.Line("Not known: the fabric was not swept");
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
    if (f.accepted) AddFinding(f, report, folded, style, body);
  }
  std::string text = body.Take();
  if (!text.empty()) text += '\n';

  Page after(style);
  AddSweeps(report, after);
  return before + text + after.Take();
}

}  // namespace aftershock::exporter
