#include "exporter/own_families.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/printable.h"
#include "exporter/families.h"
#include "exporter/host_families.h"
#include "exporter/pair_families.h"
#include "exporter/window_families.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr const char* kFabric = "fabric";
constexpr const char* kHost = "host";
constexpr const char* kPair = "pair";
constexpr const char* kWindow = "window";

// The report's verdict is the fabric's as long as nothing else has a part in it.
Verdict FabricVerdict(const Report& report) {
  if (!report.host) return report.verdict;
  Verdict verdict = Verdict::kOk;
  for (const PlaneReport& plane : report.planes) verdict = std::max(verdict, plane.verdict);
  if (!report.pairs) return verdict;
  for (const PairReport& pair : report.pairs->pairs) verdict = std::max(verdict, pair.verdict);
  return verdict;
}

void AddStatus(const Report& report, Families& out) {
  out.Start("aftershock_status", MetricType::Gauge, "1 for the verdict that stands, 0 for the others.");
  const auto add = [&](const char* scope, const std::string& name, Verdict verdict) {
    for (const Verdict v : {Verdict::kOk, Verdict::kWarning, Verdict::kCritical, Verdict::kUnknown}) {
      out.Add({{"scope", scope}, {"name", name}, {"status", std::string(ToString(v))}}, v == verdict ? 1 : 0);
    }
  };
  if (!report.planes.empty() || !report.host) add(kFabric, kFabric, FabricVerdict(report));
  std::set<std::string> seen{kFabric};
  for (const PlaneReport& plane : report.planes) {
    if (seen.insert(Printable(plane.plane)).second) add(kFabric, plane.plane, plane.verdict);
  }
  if (report.pairs) {
    for (const PairReport& pair : report.pairs->pairs) add(kPair, pair.name, pair.verdict);
  }
  for (const Window& window : report.windows) add(kWindow, WindowName(window.id), VerdictOf(window));
  if (!report.host) return;
  const HostSnapshot* host = report.host->snapshot.get();
  add(kHost, host && !host->hostname.empty() ? host->hostname : kHost, report.host->verdict);
}

// Accepted and folded findings have no weight and no series.
void AddFindings(const Report& report, Families& out) {
  std::map<std::string, const Finding*> standing;
  std::map<std::string, int> notes;
  for (const Finding& f : report.findings) {
    if (HasWeight(f)) {
      standing.emplace(Key(f), &f);
    } else if (!f.Excused() && !f.because) {
      ++notes[f.rule];
    }
  }
  out.Start("aftershock_finding", MetricType::Gauge, "1 while the finding stands.");
  for (const auto& [key, f] : standing) {
    out.Add({{"rule", f->rule},
             {"severity", std::string(ToString(f->severity))},
             {"subject", ToString(f->subject)},
             {"window", f->window}},
            1);
  }
  out.Start("aftershock_finding_since_timestamp_seconds", MetricType::Gauge,
            "When the finding was first seen.");
  for (const auto& [key, f] : standing) {
    if (f->since) out.Add({{"rule", f->rule}, {"subject", ToString(f->subject)}}, ToUnixSeconds(*f->since));
  }
  out.Start("aftershock_notes", MetricType::Gauge, "Notes that stand, by rule; a note changes no verdict.");
  for (const auto& [rule, count] : notes) out.Add({{"rule", rule}}, count);
}

// The last look at the host; nullptr: there is none.
const HostSnapshot* Looked(const Report& report) {
  return report.host ? report.host->snapshot.get() : nullptr;
}

void AddSweeps(const Report& report, Families& out) {
  const auto labels = [](const PlaneReport& plane) {
    return Labels{{"probe", kFabric}, {"plane", plane.plane}};
  };
  const HostSnapshot* host = Looked(report);
  out.Start("aftershock_sweep_timestamp_seconds", MetricType::Gauge, "When the last complete sweep ended.");
  for (const PlaneReport& plane : report.planes) {
    if (plane.complete) out.Add(labels(plane), ToUnixSeconds(*plane.complete));
  }
  if (host) out.Add({{"probe", kHost}}, ToUnixSeconds(host->taken) + ToSeconds(host->duration));
  out.Start("aftershock_sweep_duration_seconds", MetricType::Gauge, "How long the last sweep took.");
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot) out.Add(labels(plane), ToSeconds(plane.snapshot->sweep.duration));
  }
  if (host) out.Add({{"probe", kHost}}, ToSeconds(host->duration));
  out.Start("aftershock_sweep_ports", MetricType::Gauge,
            "Linked ports of the last sweep, by what became of them.");
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) continue;
    const Coverage& c = plane.snapshot->sweep.coverage;
    for (const auto& [result, count] :
         {std::pair{"expected", c.ports_expected}, std::pair{"answered", c.ports_answered},
          std::pair{"unanswered", c.ports_unanswered}}) {
      out.Add({{"result", result}, {"plane", plane.plane}}, count);
    }
  }
}

// What members of pairs were asked beside the sweeps.
void AddAsked(const PairsReport& pairs, const std::string& plane, MadCount& count) {
  const auto asked = pairs.mads.find(plane);
  if (asked == pairs.mads.end()) return;
  count.sent += asked->second.sent;
  count.answered += asked->second.answered;
  count.timeouts += asked->second.timeouts;
  count.errors += asked->second.errors;
}

void AddMads(const Report& report, Families& out) {
  out.Start("aftershock_mads_total", MetricType::Counter,
            "MADs sent to the fabric since the process started, by what became of them.");
  const auto add = [&](const std::string& plane, const std::array<MadCount, kMadClassCount>& mads) {
    for (const MadClass c : {MadClass::kSmp, MadClass::kPma, MadClass::kSa}) {
      const MadCount& count = mads[static_cast<std::size_t>(c)];
      for (const auto& [result, number] :
           {std::pair{"answered", count.answered}, std::pair{"timeout", count.timeouts},
            std::pair{"error", count.errors}}) {
        out.Add({{"class", std::string(ToString(c))}, {"result", result}, {"plane", plane}},
                static_cast<double>(number));
      }
    }
  };
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) continue;
    auto mads = plane.snapshot->sweep.mads_total;
    if (report.pairs) AddAsked(*report.pairs, plane.plane, mads[static_cast<std::size_t>(MadClass::kSmp)]);
    add(plane.plane, mads);
  }
  if (const HostSnapshot* host = Looked(report)) add(kHost, host->mads_total);
}

}  // namespace

std::string OwnFamilies(const Report& report, const BuildInfo& build, SteadyTime now) {
  Families out;
  out.Start("aftershock_build_info", MetricType::Gauge, "1: which aftershock this is.");
  out.Add({{"version", build.version}, {"revision", build.revision}}, 1);
  AddStatus(report, out);
  AddFindings(report, out);
  AddSweeps(report, out);
  if (report.pairs) AddPairs(*report.pairs, out);
  AddWindows(report.windows, out);
  AddMads(report, out);
  if (const HostSnapshot* host = Looked(report)) AddHostFamilies(*host, now, out);
  return out.Text();
}

}  // namespace aftershock::exporter
