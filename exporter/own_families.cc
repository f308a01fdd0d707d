#include "exporter/own_families.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/printable.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr const char* kProbe = "fabric";

class Families {
 public:
  // The family that Add() adds to.
  void Start(std::string name, MetricType type, std::string help) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  void Add(Labels labels, double value) {
    for (auto& label : labels) label.value = Printable(label.value);
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = metric.counter.value = value;
    families_.back().metric.push_back(std::move(metric));
  }
  std::string Text() {
    std::erase_if(families_, [](const MetricFamily& family) { return family.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

void AddStatus(const Report& report, Families& out) {
  out.Start("aftershock_status", MetricType::Gauge, "1 for the verdict that stands, 0 for the others.");
  const auto add = [&](const std::string& name, Verdict verdict) {
    for (const Verdict v : {Verdict::kOk, Verdict::kWarning, Verdict::kCritical, Verdict::kUnknown}) {
      out.Add({{"scope", "fabric"}, {"name", name}, {"status", std::string(ToString(v))}},
              v == verdict ? 1 : 0);
    }
  };
  add("fabric", report.verdict);
  std::set<std::string> seen{"fabric"};
  for (const PlaneReport& plane : report.planes) {
    if (seen.insert(plane.plane).second) add(plane.plane, plane.verdict);
  }
}

// Accepted and folded findings have no weight and no series.
void AddFindings(const Report& report, Families& out) {
  std::map<std::string, const Finding*> standing;
  std::map<std::string, int> notes;
  for (const Finding& f : report.findings) {
    if (HasWeight(f)) {
      standing.emplace(Key(f), &f);
    } else if (!f.accepted && !f.because) {
      ++notes[f.rule];
    }
  }
  out.Start("aftershock_finding", MetricType::Gauge, "1 while the finding stands.");
  for (const auto& [key, f] : standing) {
    out.Add({{"rule", f->rule},
             {"severity", std::string(ToString(f->severity))},
             {"subject", ToString(f->subject)},
             {"window", ""}},
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

void AddSweeps(const Report& report, Families& out) {
  const auto labels = [](const PlaneReport& plane) {
    return Labels{{"probe", kProbe}, {"plane", plane.plane}};
  };
  out.Start("aftershock_sweep_timestamp_seconds", MetricType::Gauge, "When the last complete sweep ended.");
  for (const PlaneReport& plane : report.planes) {
    if (plane.complete) out.Add(labels(plane), ToUnixSeconds(*plane.complete));
  }
  out.Start("aftershock_sweep_duration_seconds", MetricType::Gauge, "How long the last sweep took.");
  for (const PlaneReport& plane : report.planes) {
    if (plane.snapshot) out.Add(labels(plane), ToSeconds(plane.snapshot->sweep.duration));
  }
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

void AddMads(const Report& report, Families& out) {
  out.Start("aftershock_mads_total", MetricType::Counter,
            "MADs sent to the fabric since the process started, by what became of them.");
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) continue;
    for (const MadClass c : {MadClass::kSmp, MadClass::kPma, MadClass::kSa}) {
      const MadCount& count = plane.snapshot->sweep.mads_total[static_cast<std::size_t>(c)];
      for (const auto& [result, number] :
           {std::pair{"answered", count.answered}, std::pair{"timeout", count.timeouts},
            std::pair{"error", count.errors}}) {
        out.Add({{"class", std::string(ToString(c))}, {"result", result}, {"plane", plane.plane}},
                static_cast<double>(number));
      }
    }
  }
}

}  // namespace

std::string OwnFamilies(const Report& report, const BuildInfo& build) {
  Families out;
  out.Start("aftershock_build_info", MetricType::Gauge, "1: which aftershock this is.");
  out.Add({{"version", build.version}, {"revision", build.revision}}, 1);
  AddStatus(report, out);
  AddFindings(report, out);
  AddSweeps(report, out);
  AddMads(report, out);
  return out.Text();
}

}  // namespace aftershock::exporter
