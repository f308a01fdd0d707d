#include "sample_host.h"

#include "sample.h"

namespace aftershock {
namespace {

constexpr Gid kGroup{0xff12401bffff0000, 0xffffffff};

HostPort MakePort(Guid guid, PortState state, PhysState phys_state) {
  HostPort port;
  port.num = 1;
  port.guid = guid;
  port.link_layer = "InfiniBand";
  port.state = state;
  port.phys_state = phys_state;
  return port;
}

Hca MakeHca(std::string name, HostPort port) {
  Hca hca;
  hca.name = std::move(name);
  hca.ports.push_back(std::move(port));
  return hca;
}

IpoibLink MakeLink(int index, std::string name, const char* device, bool carrier) {
  IpoibLink link;
  link.index = index;
  link.name = std::move(name);
  link.hca_port = HcaPortName{device, 1};
  link.p_key = 0xffff;
  link.mode = IpoibMode::kDatagram;
  link.mtu = 2044;
  link.flags = kFlagUp;
  link.carrier = carrier;
  return link;
}

Membership MakeMembership(const IpoibLink& link, SaAnswer answer) {
  Membership membership;
  membership.link = link.index;
  membership.interface = link.name;
  membership.port = *link.hca_port;
  membership.p_key = *link.p_key;
  membership.group = kGroup;
  membership.answer = answer;
  return membership;
}

void AddAdapters(HostSnapshot& host) {
  HostPort up = MakePort(Guid{0x0002c90300b00011}, PortState::kActive, PhysState::kLinkUp);
  up.lid = Lid{10};
  up.rate_text = "100 Gb/sec (4X EDR)";
  up.uplink = Uplink{Guid{0x0002c90300a00001}, 7, NodeType::kSwitch, "MF0;leaf1:MQM8700/U1"};
  host.hcas.push_back(MakeHca("mlx5_0", up));
  host.hcas.push_back(
      MakeHca("mlx5_1", MakePort(Guid{0x0002c90300b00021}, PortState::kDown, PhysState::kPolling)));
  HostPort ethernet = MakePort(Guid{}, PortState::kActive, PhysState::kLinkUp);
  ethernet.link_layer = "Ethernet";
  host.hcas.push_back(MakeHca("mlx5_2", ethernet));
}

void AddInterfaces(HostSnapshot& host) {
  host.links = {MakeLink(4, "ib0", "mlx5_0", true), MakeLink(5, "ib1", "mlx5_1", false),
                MakeLink(6, "ib0.8001", "mlx5_0", true), MakeLink(7, kHostileName, "mlx5_0", true)};
  host.links[2].p_key = 0x8001;
  host.links[2].parent = 4;
  host.links[3].hca_port.reset();
  host.links[3].mode.reset();
  Bond bond;
  bond.index = 9;
  bond.name = "bond0";
  bond.mode = kBondActiveBackup;
  bond.active_leg = 4;
  bond.legs = {{4, "ib0", true, MiiStatus::kUp, 1}, {5, "ib1", false, MiiStatus::kDown, {}}};
  host.bonds.push_back(bond);
  host.memberships = {MakeMembership(host.links[0], SaAnswer::kYes),
                      MakeMembership(host.links[1], SaAnswer::kTimeout),
                      MakeMembership(host.links[2], SaAnswer::kNo)};
}

Finding MakeFinding(std::string rule, Severity severity, Subject subject, std::string summary) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = severity;
  finding.subject = std::move(subject);
  finding.summary = std::move(summary);
  return finding;
}

}  // namespace

HostSnapshot SampleHost() {
  const StoppedClock clock;
  HostSnapshot host;
  host.hostname = "n1";
  host.number = 3;
  host.duration = std::chrono::milliseconds(120);
  host.taken = clock.Wall() - std::chrono::milliseconds(120);
  host.taken_steady = clock.Steady() - host.duration;
  host.parts = {{HostPart::kAdapters, {}},
                {HostPart::kInterfaces, {}},
                {HostPart::kKernelLog, Error{Errc::kDenied, "/dev/kmsg may not be read without CAP_SYSLOG"}},
                {HostPart::kSa, {}}};
  host.faults = {{"class/infiniband/mlx5_1/fw_ver", Error{Errc::kMalformed, "it is empty"}}};
  AddAdapters(host);
  AddInterfaces(host);
  host.event_counts = {{{HostEventKind::kPortErr, "mlx5_1:1"}, 2}, {{HostEventKind::kCarrierDown, "ib1"}, 3}};
  host.mads_total = {{{12, 11, 1, 0, 0}, {}, {6, 5, 1, 0, 0}}};
  return host;
}

Report HostReportOf(HostSnapshot host) {
  Report report;
  report.made = StoppedClock().Wall();
  report.findings = {MakeFinding("ipoib-not-member", Severity::kCritical, Subject::Interface("ib0.8001"),
                                 "The SA does not have ib0.8001 in its broadcast group."),
                     MakeFinding("ipoib-flapping", Severity::kWarning, Subject::Interface(kHostileName),
                                 std::string("Carrier of ") + kHostileName + " flaps.")};
  report.verdict = Judge(report.findings);
  report.host.emplace();
  report.host->snapshot = std::make_shared<const HostSnapshot>(std::move(host));
  report.host->verdict = report.verdict;
  report.host->stale_after = std::chrono::seconds(40);
  report.host->findings = report.findings;
  return report;
}

Report BothReport() {
  Report report = SampleReport();
  report.host = HostReportOf(SampleHost()).host;
  report.findings.insert(report.findings.end(), report.host->findings.begin(), report.host->findings.end());
  SortFindings(report.findings);
  return report;
}

}  // namespace aftershock
