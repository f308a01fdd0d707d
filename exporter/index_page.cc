#include "exporter/index_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"
#include "exporter/freshness.h"
#include "exporter/host_tables.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

// More than a person reads; /report.json has all.
constexpr std::size_t kMaxRows = 200;

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>aftershock</title>
<style>
:root { color-scheme: light dark; --ok: #1a7f37; --warning: #9a6700; --unknown: #8250df; --critical: #cf222e; }
@media (prefers-color-scheme: dark) {
  :root { --ok: #3fb950; --warning: #d29922; --unknown: #a371f7; --critical: #f85149; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
h1 b { text-transform: uppercase; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-top: 1px solid #8886; }
td p { margin: .2rem 0 0; font-size: .9rem; opacity: .75; }
code { font-size: .9rem; white-space: nowrap; }
.ok { color: var(--ok); } .warning { color: var(--warning); }
.unknown { color: var(--unknown); } .critical { color: var(--critical); }
</style>
</head>
<body>
)";

// What is printable, with the five characters that mean something to HTML written out.
std::string Html(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Row(const Finding& finding) {
  const std::string evidence = EvidenceLine(finding);
  const std::string_view word = Word(finding);
  return fmt::format(
      "<tr><td class=\"{0}\">{0}</td><td><code>{1}</code></td><td>{2}{3}{4}</td><td>{5}</td></tr>\n", word,
      Html(finding.rule), Html(finding.summary), evidence.empty() ? "" : "<p>" + Html(evidence) + "</p>",
      finding.advice.empty() ? "" : "<p>" + Html(finding.advice) + "</p>",
      finding.since ? "<code>" + FormatTime(*finding.since) + "</code>" : "");
}

std::string FindingTable(const Report& report) {
  std::string rows;
  std::size_t count = 0;
  for (const Finding& finding : report.findings) {
    if (!HasWeight(finding)) continue;
    if (++count <= kMaxRows) rows += Row(finding);
  }
  if (count == 0) return "";
  std::string table =
      "<table>\n<thead><tr><th>Severity</th><th>Rule</th><th>Finding</th><th>Since</th></tr></"
      "thead>\n<tbody>\n" +
      rows + "</tbody>\n</table>\n";
  if (count > kMaxRows) table += fmt::format("<p>and {} more: see the report.</p>\n", count - kMaxRows);
  return table;
}

std::string Plane(const PlaneReport& plane, SteadyTime now) {
  const auto age = Age(plane, now);
  return fmt::format(
      "<li><b class=\"{0}\">{0}</b> {1}: {2}; {3}</li>\n", ToString(plane.verdict), Html(plane.plane),
      plane.snapshot ? Html(CoverageLine(plane.snapshot->sweep.coverage)) : "not swept so far",
      age ? fmt::format("last complete sweep {:.0f} s ago", ToSeconds(*age)) : "no complete sweep so far");
}

std::string Cells(const Table& table) {
  std::string html = "<table>\n<thead><tr>";
  for (const std::string_view cell : table.head) html += fmt::format("<th>{}</th>", cell);
  html += "</tr></thead>\n<tbody>\n";
  const std::size_t shown = std::min(table.rows.size(), kMaxRows);
  for (std::size_t i = 0; i < shown; ++i) {
    html += "<tr>";
    for (const std::string& cell : table.rows[i]) html += fmt::format("<td>{}</td>", Html(cell));
    html += "</tr>\n";
  }
  html += "</tbody>\n</table>\n";
  if (shown < table.rows.size()) {
    html += fmt::format("<p>and {} more: see the snapshot.</p>\n", table.rows.size() - shown);
  }
  return html;
}

std::string Items(const std::vector<std::string>& lines, std::string_view label) {
  std::string html;
  for (std::size_t i = 0; i < std::min(lines.size(), kMaxRows); ++i) {
    html += fmt::format("<li>{}{}</li>\n", label, Html(lines[i]));
  }
  return html;
}

std::string Host(const HostReport& report, SteadyTime now) {
  const auto age = Age(report, now);
  if (!age) {
    return fmt::format("<ul><li><b class=\"{0}\">{0}</b> host: not looked at so far</li></ul>\n",
                       ToString(report.verdict));
  }
  const HostSnapshot& host = *report.snapshot;
  std::string html = fmt::format("<ul>\n<li><b class=\"{0}\">{0}</b> {1}; last look {2:.0f} s ago</li>\n",
                                 ToString(report.verdict), Html(HostLine(host)), ToSeconds(*age));
  html += fmt::format("<li>seen: {}</li>\n", Html(SeenLine(host)));
  html += Items(UnseenLines(host), "<span class=\"unknown\">not seen</span>: ");
  html += Items(FaultLines(host), "odd file: ");
  html += Items(BondLines(host), "");
  html += "</ul>\n";
  for (const Table& table : {PortTable(host), InterfaceTable(host), LegTable(host)}) {
    if (!table.rows.empty()) html += Cells(table);
  }
  return html;
}

}  // namespace

std::string IndexPage(const Report& report, SteadyTime now, const BuildInfo& build) {
  std::string page(kHead);
  page += fmt::format("<h1>aftershock: <b class=\"{0}\">{0}</b></h1>\n<p>{1}</p>\n", ToString(report.verdict),
                      Html(CountLine(report)));
  if (const auto why = WhyNotReady(report, now))
    page += fmt::format("<p class=\"unknown\">{}</p>\n", Html(*why));
  page += FindingTable(report);
  if (!report.planes.empty()) {
    page += "<ul>\n";
    for (const PlaneReport& plane : report.planes) page += Plane(plane, now);
    page += "</ul>\n";
  }
  if (report.host) page += Host(*report.host, now);
  page += fmt::format(
      "<p><a href=\"metrics\">metrics</a> · <a href=\"report.json\">report</a> · {}<a "
      "href=\"healthz\">healthz</a> · "
      "<a href=\"readyz\">readyz</a></p>\n<p>aftershock {} {}</p>\n</body>\n</html>\n",
      report.host ? "<a href=\"snapshot.json\">snapshot</a> · " : "", Html(build.version),
      Html(build.revision));
  return page;
}

}  // namespace aftershock::exporter
