#include "model/json/report.h"

#include <algorithm>

#include "base/printable.h"
#include "model/json/snapshot.h"
#include "model/json/window_fields.h"
#include "model/json/writer.h"

namespace aftershock {
namespace {

using nlohmann::json;

json OrNull(const std::optional<std::string>& text) {
  return text ? json(Printable(*text)) : json();
}
json OrNull(const std::optional<WallTime>& time) {
  return time ? json(FormatTime(*time)) : json();
}

json EvidenceJson(const Evidence& evidence) {
  json value;
  if (const auto* text = std::get_if<std::string>(&evidence.value)) {
    value = Printable(*text);
  } else if (const auto* number = std::get_if<double>(&evidence.value)) {
    value = *number;
  } else {
    value = std::get<std::int64_t>(evidence.value);
  }
  return {{"name", Printable(evidence.name)}, {"value", value}, {"unit", Printable(evidence.unit)}};
}

json FindingJson(const Finding& finding) {
  json evidence = json::array();
  for (const Evidence& item : finding.evidence) evidence.push_back(EvidenceJson(item));
  json object{{"rule", Printable(finding.rule)},
              {"severity", ToString(finding.severity)},
              {"unknown", finding.unknown},
              {"subject", ToString(finding.subject)},
              {"summary", Printable(finding.summary)},
              {"evidence", std::move(evidence)},
              {"advice", Printable(finding.advice)},
              {"since", OrNull(finding.since)},
              {"because", OrNull(finding.because)},
              {"accepted", OrNull(finding.accepted)},
              {"window", finding.window.empty() ? nlohmann::json() : nlohmann::json(finding.window)},
              {"explained", OrNull(finding.explained)}};
  if (finding.recurs) object["recurs"] = codec::Encode(*finding.recurs);
  return object;
}

json SweepJson(const SweepReport& sweep) {
  return {{"started", FormatTime(sweep.started)},
          {"duration_seconds", ToSeconds(sweep.duration)},
          {"complete", sweep.complete},
          {"incomplete_because", sweep.complete ? json() : json(Printable(sweep.incomplete_because))},
          {"mads", codec::Encode(sweep.mads)}};
}

json PlaneJson(const PlaneReport& plane) {
  const FabricSnapshot* snapshot = plane.snapshot.get();
  return {{"plane", Printable(plane.plane)},
          {"verdict", ToString(plane.verdict)},
          {"last_complete", OrNull(plane.complete)},
          {"coverage", snapshot ? codec::Encode(snapshot->sweep.coverage) : json()},
          {"sweep", snapshot ? SweepJson(snapshot->sweep) : json()}};
}

json PartJson(const PartReport& part) {
  const auto& error = part.error;
  return {
      {"part", ToString(part.part)},
      {"error", error ? json{{"code", ToString(error->code)}, {"what", Printable(error->what)}} : json()}};
}

json HostJson(const HostReport& host) {
  const HostSnapshot* snapshot = host.snapshot.get();
  json coverage;
  if (snapshot) {
    coverage = json::array();
    for (const PartReport& part : snapshot->parts) coverage.push_back(PartJson(part));
  }
  return {{"hostname", snapshot ? json(Printable(snapshot->hostname)) : json()},
          {"verdict", ToString(host.verdict)},
          {"taken", snapshot ? json(FormatTime(snapshot->taken)) : json()},
          {"duration_seconds", snapshot ? json(ToSeconds(snapshot->duration)) : json()},
          {"coverage", std::move(coverage)},
          {"mads", snapshot ? codec::Encode(snapshot->mads_total) : json()}};
}

json MemberJson(const MemberReport& member) {
  return {{"switch", Printable(member.text)},
          {"name", Printable(member.name)},
          {"guid", member.guid == Guid{} ? json() : json(ToString(member.guid))},
          {"state", ToString(member.state)},
          {"because", member.because.empty() ? json() : json(Printable(member.because))},
          {"asked", member.asked},
          {"answered", member.answered},
          {"broken_routes", member.broken_routes}};
}

json PairsJson(const PairsReport& pairs) {
  json groups = json::array();
  for (const PairReport& pair : pairs.pairs) {
    json members = json::array();
    for (const MemberReport& member : pair.members) members.push_back(MemberJson(member));
    const auto live = pair.Live();
    groups.push_back({{"name", Printable(pair.name)},
                      {"verdict", ToString(pair.verdict)},
                      {"must_live", pair.must_live},
                      {"live", live ? json(*live) : json()},
                      {"members", std::move(members)}});
  }
  return {{"groups", std::move(groups)},
          {"hosts_short_of_switches", pairs.hosts_short ? json(*pairs.hosts_short) : json()}};
}

void Add(MadCount& sum, const MadCount& more) {
  sum.sent += more.sent;
  sum.answered += more.answered;
  sum.timeouts += more.timeouts;
  sum.errors += more.errors;
  sum.dropped += more.dropped;
}

void Add(Coverage& sum, const Coverage& more) {
  sum.nodes_expected += more.nodes_expected;
  sum.nodes_answered += more.nodes_answered;
  sum.nodes_unanswered += more.nodes_unanswered;
  sum.ports_expected += more.ports_expected;
  sum.ports_answered += more.ports_answered;
  sum.ports_unanswered += more.ports_unanswered;
  sum.not_applicable += more.not_applicable;
}

// The planes' sweeps as one; nothing where a plane has none, since a sum without it would pass for the whole.
std::optional<SweepReport> Together(const Report& report) {
  std::optional<SweepReport> all;
  for (const PlaneReport& plane : report.planes) {
    if (!plane.snapshot) return std::nullopt;
    const SweepReport& sweep = plane.snapshot->sweep;
    if (!all) {
      all = sweep;
      continue;
    }
    all->started = std::min(all->started, sweep.started);
    all->duration = std::max(all->duration, sweep.duration);
    if (all->complete) all->incomplete_because = sweep.incomplete_because;
    all->complete = all->complete && sweep.complete;
    for (std::size_t i = 0; i < kMadClassCount; ++i) Add(all->mads[i], sweep.mads[i]);
    Add(all->coverage, sweep.coverage);
  }
  return all;
}

}  // namespace

json FindingsJson(std::span<const Finding> findings) {
  json list = json::array();
  for (const Finding& finding : findings) list.push_back(FindingJson(finding));
  return list;
}

json ToJson(const Report& report) {
  const auto sweep = Together(report);
  json object{{"schema", kJsonSchema},
              {"made", FormatTime(report.made)},
              {"verdict", ToString(report.verdict)},
              {"findings", FindingsJson(report.findings)},
              {"coverage", sweep ? codec::Encode(sweep->coverage) : json()},
              {"sweep", sweep ? SweepJson(*sweep) : json()}};
  if (report.planes.size() > 1) {
    json planes = json::array();
    for (const PlaneReport& plane : report.planes) planes.push_back(PlaneJson(plane));
    object["planes"] = std::move(planes);
  }
  if (report.pairs) object["pairs"] = PairsJson(*report.pairs);
  if (report.host) object["host"] = HostJson(*report.host);
  return object;
}

}  // namespace aftershock
