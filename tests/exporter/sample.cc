#include "sample.h"

namespace aftershock {
namespace {

constexpr Guid kLeaf{0x0002c90300a00001};
constexpr Guid kSpine{0x0002c90300a00002};
constexpr Guid kHost1{0x0002c90300b00010};
constexpr Guid kHost2{0x0002c90300b00020};
constexpr std::uint8_t k4x = 2;

Port LinkedPort(std::uint8_t num, Guid guid, Peer peer) {
  Port port;
  port.num = num;
  port.guid = guid;
  port.info.emplace();
  port.info->state = PortState::kActive;
  port.info->phys_state = PhysState::kLinkUp;
  port.info->width_active = k4x;
  port.info->speed_active = LinkSpeed::kEdr;
  port.info_answer = port.peer_answer = port.counters_answer = Answer::kAnswered;
  port.peer = peer;
  port.counters.Set(Counter::kXmitData, 4096);
  port.counters.Set(Counter::kRcvData, std::uint64_t{1} << 60);
  port.counters.Set(Counter::kSymbolErrors, 0);
  return port;
}

Port DownPort(std::uint8_t num, Guid guid) {
  Port port;
  port.num = num;
  port.guid = guid;
  port.info.emplace();
  port.info->state = PortState::kDown;
  port.info->phys_state = PhysState::kPolling;
  port.info_answer = Answer::kAnswered;
  return port;
}

Node MakeNode(NodeType type, Guid guid, std::string name, std::vector<Port> ports) {
  Node node;
  node.type = type;
  node.guid = guid;
  node.name = node.description = std::move(name);
  node.ports = std::move(ports);
  node.answer = Answer::kAnswered;
  return node;
}

Node MakeSwitch(Guid guid, std::string name, Lid lid, std::vector<Port> ports) {
  Port port0;
  port0.guid = guid;
  port0.info.emplace();
  port0.info->lid = lid;
  port0.info_answer = Answer::kAnswered;
  ports.insert(ports.begin(), port0);
  return MakeNode(NodeType::kSwitch, guid, std::move(name), std::move(ports));
}

Node MakeHost(Guid guid, std::string name, Lid lid, Peer peer) {
  // The first port's GUID is the node's plus one, as it often is; the second leads to a subnet we cannot ask.
  Port port = LinkedPort(1, Guid{static_cast<std::uint64_t>(guid) + 1}, peer);
  port.info->lid = lid;
  return MakeNode(NodeType::kAdapter, guid, std::move(name), {port, DownPort(2, Guid{})});
}

Finding MakeFinding(std::string rule, Severity severity, Subject subject, std::string summary) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = severity;
  finding.subject = std::move(subject);
  finding.summary = std::move(summary);
  return finding;
}

PlaneReport MakePlane(FabricSnapshot snapshot) {
  const StoppedClock clock;
  PlaneReport plane;
  plane.plane = snapshot.local.Name();
  plane.snapshot = std::make_shared<const FabricSnapshot>(std::move(snapshot));
  plane.complete = clock.Wall();
  plane.complete_steady = clock.Steady();
  return plane;
}

std::vector<Finding> SampleFindings() {
  auto dead = MakeFinding("node-unresponsive", Severity::kCritical, {SubjectKind::kSwitch, kSpine, 0, {}},
                          "Switch spine1 does not answer.");
  dead.unknown = true;
  dead.evidence = {{"requests", std::int64_t{12}, "MADs"}, {"lost", 1.0, "of all"}};
  dead.advice = "See whether it has power.";
  dead.since = WallTime(std::chrono::milliseconds(1'300'067'000'250));
  auto folded =
      MakeFinding("link-degraded", Severity::kWarning, Subject::Link({kLeaf, 1}), "leaf1 port 1 is slow.");
  folded.because = Key(dead);
  auto folded_too =
      MakeFinding("link-errors", Severity::kWarning, Subject::Link({kHost1, 1}), "host1 port 1 errs.");
  folded_too.because = Key(folded);
  auto unseen = MakeFinding("sweep-incomplete", Severity::kNote, Subject::Fabric(), "One port was not read.");
  unseen.unknown = true;
  const auto warning = MakeFinding("transmit-discards", Severity::kWarning, Subject::Link({kLeaf, 4}),
                                   std::string("leaf1 port 4 to ") + kHostileName + " discards packets.");
  const auto note1 = MakeFinding("counter-reset", Severity::kNote, Subject::Link({kLeaf, 1}), "Cleared.");
  const auto note2 = MakeFinding("counter-reset", Severity::kNote, Subject::Link({kLeaf, 2}), "Cleared.");
  auto accepted =
      MakeFinding("link-flapping", Severity::kWarning, Subject::Link({kLeaf, 3}), "leaf1 port 3 flaps.");
  accepted.accepted = "cable on order";
  return {dead, unseen, warning, note1, note2, folded, folded_too, accepted};
}

}  // namespace

WallTime StoppedClock::Wall() const {
  return WallTime(std::chrono::milliseconds(1'300'067'966'535)) +
         std::chrono::duration_cast<std::chrono::milliseconds>(later.load());
}

FabricSnapshot SampleFabric() {
  auto uplink = LinkedPort(1, kLeaf, {2, 1});
  uplink.counters.Set(Counter::kLinkDowned, 255);
  uplink.counters.SetSaturated(Counter::kLinkDowned, true);
  auto cleared = LinkedPort(2, kLeaf, {3, 1});
  cleared.counters.SetResets(Counter::kSymbolErrors, 1);
  cleared.counters.SetResets(Counter::kRcvErrors, 3);
  auto silent = LinkedPort(4, kLeaf, {4, 1});
  silent.counters_answer = Answer::kTimeout;

  FabricSnapshot fabric;
  fabric.local = {"mlx5_0", 1, Guid{0x0002c90300b00011}, Lid{10}, Lid{1}};
  fabric.nodes.push_back(MakeSwitch(kLeaf, "leaf1", Lid{2}, {uplink, cleared, DownPort(3, kLeaf), silent}));
  fabric.nodes.push_back(MakeSwitch(kLeaf, "twin of leaf1", Lid{9}, {LinkedPort(1, kLeaf, {2, 2})}));
  fabric.nodes.push_back(
      MakeSwitch(kSpine, "spine1", Lid{1}, {LinkedPort(1, kSpine, {0, 1}), LinkedPort(2, kSpine, {1, 1})}));
  fabric.nodes.push_back(MakeHost(kHost1, "host1 HCA-1", Lid{10}, {0, 2}));
  fabric.nodes.push_back(MakeHost(kHost2, kHostileName, Lid{0xffff}, {0, 4}));
  fabric.nodes[1].route = {0, 1, 2};
  fabric.nodes[0].duplicate = fabric.nodes[1].duplicate = true;
  fabric.sweep.number = 7;
  fabric.sweep.started = StoppedClock().Wall() - std::chrono::milliseconds(420);
  fabric.sweep.duration = std::chrono::milliseconds(420);
  fabric.sweep.full = fabric.sweep.complete = true;
  fabric.sweep.mads = {{{1200, 1190, 10, 0, 1}, {34, 33, 1, 0, 0}, {0, 0, 0, 0, 0}}};
  fabric.sweep.mads_total = {{{8400, 8390, 10, 0, 1}, {238, 235, 1, 2, 0}, {2, 2, 0, 0, 0}}};
  fabric.sweep.coverage = CountCoverage(fabric);
  return fabric;
}

Report SampleReport() {
  Report report;
  report.made = StoppedClock().Wall();
  report.stale_after = std::chrono::seconds(90);
  report.planes.push_back(MakePlane(SampleFabric()));
  report.findings = SampleFindings();
  report.planes[0].verdict = report.verdict = Judge(report.findings);
  return report;
}

Report HealthyReport() {
  Report report = SampleReport();
  report.findings.clear();
  report.planes[0].verdict = report.verdict = Verdict::kOk;
  return report;
}

exporter::BuildInfo SampleBuild() {
  return {"1.2.3", "abcdef0"};
}

std::string MetricsText(const Report& report, SteadyTime now) {
  std::string text;
  exporter::WriteMetrics(report, now, SampleBuild(), [&](std::string_view chunk) {
    text += chunk;
    return true;
  });
  return text;
}

}  // namespace aftershock
