#include "exporter/plan_text.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exporter/text_page.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr std::size_t kMaxRows = 12;
constexpr std::size_t kMaxNames = 4;
constexpr std::size_t kMaxFailureNames = 2;

std::string Change(std::uint64_t before, std::uint64_t after) {
  return before == after ? Grouped(before) : fmt::format("{} -> {}", Grouped(before), Grouped(after));
}

std::string Percent(std::optional<double> share) {
  return share ? fmt::format("{:.0f} %", std::floor(100 * *share)) : "not known";
}

// The first of them, and how many more there are.
std::string Listed(const std::vector<std::string>& names, std::size_t all, std::size_t most) {
  const std::size_t shown = std::min(names.size(), most);
  std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < all) text += fmt::format(" and {} more", Grouped(all - shown));
  return text;
}
std::string Listed(std::vector<std::string> names, bool all) {
  std::ranges::sort(names);
  return Listed(names, names.size(), all ? names.size() : kMaxNames);
}

// Adds a table of which a person reads the beginning.
void AddTable(std::string_view title, Table table, const TextStyle& style, Page& page) {
  if (table.rows.empty()) return;
  const std::size_t all = table.rows.size();
  if (!style.all && all > kMaxRows) table.rows.resize(kMaxRows);
  page.Blank();
  page.Line(title);
  page.Add(table);
  if (table.rows.size() < all)
    page.Line(fmt::format("and {} rows more; --all lists them", all - table.rows.size()));
}

std::string PathsText(const PlanHost& host) {
  if (!host.paths) return "-";
  // Cut off it may still reach a neighbour, which is no way to the others.
  const bool none = host.cut_off || host.misses_target;
  std::string text = Change(host.paths->before, none ? host.paths->after : host.paths->after_reached);
  if (host.paths->leaves_lost != 0 && !host.cut_off)
    text += fmt::format(" (leaves unreachable: {})", Grouped(host.paths->leaves_lost));
  return text;
}

std::string LostAt(const PlanHost& host) {
  std::set<std::string> at;
  for (const PlanLeg& leg : host.legs) {
    if (leg.fate != Fate::kStays) at.insert(leg.at);
  }
  return at.empty() ? "-" : fmt::format("{}", fmt::join(at, ", "));
}

// Hosts that lose the same are one row.
template <typename Wanted, typename Column>
Table HostTable(const Plan& plan, std::string_view column, const TextStyle& style, const Wanted& wanted,
                const Column& value) {
  struct Group {
    std::string legs, paths;
    std::vector<std::string> names;
  };
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::string>> groups;
  for (const PlanHost& host : plan.hosts) {
    if (!std::invoke(wanted, host)) continue;
    groups[{value(host), Change(host.legs.size(), host.legs_after), PathsText(host)}].push_back(host.name);
  }
  Table table{{"hosts", "legs", "paths", column, "names"}, {}};
  for (const auto& [key, names] : groups) {
    const auto& [what, legs, paths] = key;
    table.rows.push_back({Grouped(names.size()), legs, paths, what, Listed(names, style.all)});
  }
  std::ranges::stable_sort(table.rows, std::greater(),
                           [](const auto& row) { return std::pair(row[0].size(), row[0]); });
  return table;
}

Table LeafTable(const Plan& plan, const TextStyle& style) {
  std::map<std::tuple<double, double, double>, std::vector<std::string>> groups;  // share, before, after
  for (const PlanSwitch& sw : plan.switches) {
    if (!sw.paths_before || *sw.paths_before == 0 || sw.fate == Fate::kTaken) continue;
    if (*sw.paths_after == *sw.paths_before) continue;
    groups[{*sw.paths_after / *sw.paths_before, *sw.paths_before, *sw.paths_after}].push_back(sw.name);
  }
  Table table{{"left", "up-paths", "leaves", "names"}, {}};
  for (const auto& [key, names] : groups) {
    const auto& [share, before, after] = key;
    table.rows.push_back({Percent(share), fmt::format("{:.0f} -> {:.0f}", before, after),
                          Grouped(names.size()), Listed(names, style.all)});
  }
  return table;
}

Table LoadTable(const Plan& plan) {
  Table table{{"before", "after", "", "what"}, {}};
  for (const PlanLoad& load : plan.loads) {
    const std::string_view word = load.overloaded ? "OVERLOADED" : load.after ? "fits" : "not known";
    const bool none = load.overloaded && !load.after;
    table.rows.push_back(
        {Percent(load.before), none ? "nothing left" : Percent(load.after), std::string(word), load.what});
  }
  return table;
}

Table FurtherTable(const Plan& plan) {
  Table table{{"cut off", "by plan", "lose a leg", "up-paths left", "fails", "hosts that are cut off"}, {}};
  for (const PlanFailure& failure : plan.further) {
    std::string who = Listed(failure.names, failure.hosts_cut_off, kMaxFailureNames);
    const auto also = [&who](const std::string& what) { who += (who.empty() ? "" : "; ") + what; };
    if (failure.overloaded != 0) also(fmt::format("{} overloaded", failure.overloaded));
    if (!failure.sm_left) also("no subnet manager");
    table.rows.push_back(
        {Grouped(failure.hosts_cut_off), Grouped(failure.hosts_by_plan), Grouped(failure.hosts_legs_lost),
         failure.lowest_share ? Percent(failure.lowest_share) : "-", failure.what, who.empty() ? "-" : who});
  }
  return table;
}

std::string SmLine(const PlanPlane& plane) {
  const std::string who = plane.sm_name.empty() ? "" : fmt::format(" ({})", plane.sm_name);
  switch (plane.sm) {
    case SmFate::kStays:
      return fmt::format("{}: the subnet manager stays{}", plane.name, who);
    case SmFate::kTakeover:
      return fmt::format("{}: the subnet manager{} goes; {} has to take over", plane.name, who,
                         plane.sm_next);
    case SmFate::kNone:
      return fmt::format("{}: no subnet manager stays{}: nothing routes around what is gone", plane.name,
                         who);
    case SmFate::kNotKnown:
      break;
  }
  return fmt::format("{}: where the subnet managers are is not known", plane.name);
}

std::string LoadLine(const Plan& plan) {
  if (plan.load_known == LoadKnown::kNo)
    return "not known, nor whether the rest can carry it; a running monitor tells (--from URL)";
  return fmt::format("measured over {:.0f} min{}, against {:.0f} % of each link", plan.load_seconds / 60,
                     plan.load_known == LoadKnown::kPartly ? ", not of all ports" : "", 100 * plan.head_room);
}

void AddFacts(const Plan& plan, Page& page) {
  const auto add = [&](std::string_view word, std::string_view text) { page.Entry(word, text); };
  for (const std::string& taken : plan.taken) add("without", taken);
  for (const std::string& to : plan.towards) add("to", to);
  for (const std::string& gap : plan.gaps) add("unknown", gap);
  add("load", LoadLine(plan));
  for (const PlanPlane& plane : plan.planes) add("sm", SmLine(plane));
  std::vector<std::string> others;
  if (plan.aggregation_nodes != 0) others.push_back(Count(plan.aggregation_nodes, "aggregation node"));
  if (plan.routers != 0) others.push_back(Count(plan.routers, "router"));
  if (plan.unattached != 0)
    others.push_back(Count(plan.unattached, "adapter") + " without a cable to a switch");
  add("hosts", others.empty() ? Grouped(plan.hosts.size())
                              : fmt::format("{}; not among them: {}", Grouped(plan.hosts.size()),
                                            fmt::join(others, ", ")));
}

}  // namespace

std::string PlanText(const Plan& plan, const TextStyle& style) {
  Page page(style);
  page.Verdict(plan.verdict, PlanHeadline(plan));
  page.Blank();
  AddFacts(plan, page);
  AddTable("Cut off", HostTable(plan, "lost at", style, &PlanHost::cut_off, LostAt), style, page);
  AddTable("No way there left",
           HostTable(
               plan, "lost at", style,
               [](const PlanHost& host) { return host.misses_target && !host.cut_off; }, LostAt),
           style, page);
  AddTable("Redundancy lost",
           HostTable(plan, "cut off if this fails too", style, LosesRedundancy,
                     [](const PlanHost& host) {
                       return host.failing.empty() ? "- (legs at " + LostAt(host) + ")"
                                                   : fmt::format("{}", fmt::join(host.failing, " or "));
                     }),
           style, page);
  AddTable("Load on what is left", LoadTable(plan), style, page);
  AddTable("Up-paths left", LeafTable(plan, style), style, page);
  AddTable("If anything else fails meanwhile, worst first", FurtherTable(plan), style, page);
  return page.Take();
}

}  // namespace aftershock::exporter
