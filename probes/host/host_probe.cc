#include "probes/host/host_probe.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>
#include <utility>

#include "base/printable.h"
#include "probes/host/adapters.h"
#include "probes/host/interfaces.h"
#include "probes/host/kernel_log.h"
#include "probes/host/p_key_cache.h"
#include "probes/host/port_of_link.h"
#include "probes/host/timeline.h"
#include "probes/host/verbs_events.h"
#include "probes/host/worker.h"

namespace aftershock::host {
namespace {

std::string Hostname() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return Printable(name.data());
}

// What the workers share. They own it: one that hangs outlives the probe.
struct Common {
  Common(HostProbeOptions o, const Clock& c) : options(std::move(o)), clock(c), timeline(c) {}
  const HostProbeOptions options;
  const Clock& clock;  // of the process, or of a test that waits for its workers
  Timeline timeline;
};
using CommonPtr = std::shared_ptr<Common>;

struct EventsStatus {
  std::optional<Error> error;
};

struct Sysfs {
  Result<std::vector<std::string>> adapters;  // their names
  LinkPorts link_ports;
};

// The parts that remember something between rounds are made by the first round, on the thread that may hang.
auto EventsWork(const CommonPtr& common) {
  return [common, watch = std::shared_ptr<VerbsEvents>()]() mutable {
    if (watch == nullptr) watch = WatchVerbsEvents(common->timeline, common->options.sysfs);
    watch->Rescan();
    return EventsStatus{watch->Status()};
  };
}

auto InterfacesWork(const CommonPtr& common) {
  return [common, watch = std::shared_ptr<InterfaceWatch>()]() mutable -> Result<Interfaces> {
    if (watch == nullptr) {
      auto opened = WatchInterfaces(common->timeline, {});
      if (!opened) return tl::unexpected(opened.error());
      watch = std::move(*opened);
    }
    return watch->Read();
  };
}

auto KernelLogWork(const CommonPtr& common) {
  return [common, log = std::shared_ptr<KernelLog>()]() mutable -> Result<void> {
    if (log == nullptr) {
      auto opened = KernelLog::Open(common->options.kernel_log, common->timeline);
      if (!opened) return tl::unexpected(opened.error());
      log = std::move(*opened);
    }
    return log->Poll();
  };
}

using Seen = std::shared_ptr<const HostSnapshot>;

auto SubnetWork(const CommonPtr& common) {
  auto open = common->options.open ? common->options.open : OpenUmad();
  auto asker =
      std::make_shared<SubnetAsker>(std::move(open), common->clock, common->timeline, common->options.pace);
  return [common, asker](const Seen& seen, SteadyTime deadline, std::stop_token stop) {
    return asker->Ask(*seen, deadline, std::move(stop));
  };
}

auto ProbesWork(const CommonPtr& common) {
  std::shared_ptr<ActiveProber> prober = MakeActiveProber({.targets = common->options.probes}, common->clock);
  return [common, prober](const Seen& seen, SteadyTime deadline, std::stop_token stop) {
    return prober->Round(*seen, deadline, std::move(stop));
  };
}

template <typename T>
std::optional<Error> ErrorOf(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

// Result<Result<T>>: whether it came in time, and what came.
template <typename T>
Result<T> Flatten(Result<Result<T>> result) {
  if (!result) return tl::unexpected(result.error());
  return std::move(*result);
}

void Report(HostSnapshot& snapshot, HostPart part, std::optional<Error> error) {
  snapshot.parts.push_back({part, std::move(error)});
}

}  // namespace

class HostProbe::Impl {
 public:
  Impl(HostProbeOptions options, const Clock& clock)
      : common_(std::make_shared<Common>(std::move(options), clock)),
        sysfs_("reading sysfs",
               [common = common_] {
                 return Sysfs{ListAdapters(common->options.sysfs), ReadLinkPorts(common->options.sysfs)};
               }),
        pci_("reading the PCI devices in sysfs",
             [common = common_] { return ReadPciFunctions(common->options.sysfs); }),
        events_("opening the devices of verbs", EventsWork(common_)),
        interfaces_("reading the interfaces by netlink", InterfacesWork(common_)),
        kernel_log_("reading the kernel's log", KernelLogWork(common_)),
        subnet_("asking the subnet", SubnetWork(common_)),
        probes_("probing the peers", ProbesWork(common_)) {}

  HostSnapshotPtr Look(SteadyTime deadline, std::stop_token stop) {
    auto snapshot = std::make_shared<HostSnapshot>();
    snapshot->hostname = Hostname();
    snapshot->number = ++number_;
    snapshot->taken = common_->clock.Wall();
    snapshot->taken_steady = common_->clock.Steady();
    const SteadyTime half = snapshot->taken_steady + (deadline - snapshot->taken_steady) / 2;
    ReadFacts(*snapshot, half);
    AskAround(*snapshot, deadline, std::move(stop));
    common_->timeline.CopyTo(*snapshot);
    std::ranges::sort(snapshot->parts, {}, &PartReport::part);
    snapshot->duration = common_->clock.Steady() - snapshot->taken_steady;
    return snapshot;
  }

 private:
  // What stands in this machine. Events are received first, so that a change that is read has its event.
  void ReadFacts(HostSnapshot& snapshot, SteadyTime deadline) {
    events_.Begin();
    interfaces_.Begin();
    kernel_log_.Begin();
    sysfs_.Begin();
    pci_.Begin();
    auto sysfs = sysfs_.Await(deadline);
    ReadHcas(snapshot, sysfs ? sysfs->adapters : tl::unexpected(sysfs.error()), deadline);
    auto pci = Flatten(pci_.Await(deadline));
    Report(snapshot, HostPart::kPci, ErrorOf(pci));
    if (pci) snapshot.pci_functions = std::move(*pci);
    const auto events = events_.Await(deadline);
    Report(snapshot, HostPart::kEvents, events ? events->error : ErrorOf(events));
    events_seen_ = events && !events->error;
    Report(snapshot, HostPart::kKernelLog, ErrorOf(Flatten(kernel_log_.Await(deadline))));
    auto interfaces = Flatten(interfaces_.Await(deadline));
    Report(snapshot, HostPart::kInterfaces, ErrorOf(interfaces));
    if (!interfaces) {
      Report(snapshot, HostPart::kNeighbours, interfaces.error());
      return;
    }
    snapshot.links = std::move(interfaces->links);
    snapshot.bonds = std::move(interfaces->bonds);
    Report(snapshot, HostPart::kNeighbours, ErrorOf(interfaces->neighbours));
    if (interfaces->neighbours) snapshot.neighbours = std::move(*interfaces->neighbours);
    FindPorts(sysfs ? sysfs->link_ports : LinkPorts{}, snapshot);
  }

  // Each adapter on a thread of its own: a driver that hangs does not hide the others.
  void ReadHcas(HostSnapshot& snapshot, const Result<std::vector<std::string>>& names, SteadyTime deadline) {
    std::optional<Error> error = ErrorOf(names);
    const auto wanted = names.value_or(std::vector<std::string>{});
    std::erase_if(adapters_, [&](const auto& known) { return std::ranges::count(wanted, known.first) == 0; });
    for (const std::string& name : wanted) {
      auto& [worker, with_p_keys] = adapters_[name];
      if (worker == nullptr) {
        worker = std::make_unique<AdapterWorker>("reading " + Printable(name) + " in sysfs",
                                                 [common = common_, name](bool p_keys) {
                                                   return ReadAdapter(common->options.sysfs, name, p_keys);
                                                 });
      }
      with_p_keys = p_keys_.Wants(name, events_seen_);
      worker->Begin(with_p_keys);
    }
    Adapters all;
    for (const auto& [name, round] : adapters_) {
      auto adapter = Flatten(round.worker->Await(deadline));
      if (adapter) {
        for (Hca& hca : adapter->hcas) p_keys_.Apply(hca, round.with_p_keys);
        all.Add(std::move(*adapter));
      } else if (!error) {
        error = adapter.error();
      }
    }
    Report(snapshot, HostPart::kAdapters, std::move(error));
    snapshot.hcas = std::move(all.hcas);
    snapshot.faults = std::move(all.faults);
  }

  void AskAround(HostSnapshot& snapshot, SteadyTime deadline, std::stop_token stop) {
    // The workers may outlive this look: they get a copy.
    const auto seen = std::make_shared<const HostSnapshot>(snapshot);
    const bool probing = !common_->options.probes.empty();
    subnet_.Begin(seen, deadline, stop);
    if (probing) probes_.Begin(seen, deadline, stop);
    auto answers = subnet_.Await(deadline + kGrace);
    if (answers) {
      Take(snapshot, std::move(*answers));
    } else {
      for (const HostPart part : {HostPart::kCabling, HostPart::kSm, HostPart::kSa}) {
        Report(snapshot, part, answers.error());
      }
    }
    if (!probing) return;
    auto round = probes_.Await(deadline + kGrace);
    Report(snapshot, HostPart::kProbes, round ? round->error : ErrorOf(round));
    if (!round) return;
    snapshot.probes = std::move(round->results);
    snapshot.sightings = std::move(round->sightings);
  }

  static void Take(HostSnapshot& snapshot, SubnetAnswers answers) {
    for (auto& [name, uplink] : answers.uplinks) {
      for (Hca& hca : snapshot.hcas) {
        if (hca.name != name.device) continue;
        for (HostPort& port : hca.ports) {
          if (port.num == name.port) port.uplink = std::move(uplink);
        }
      }
    }
    snapshot.memberships = std::move(answers.memberships);
    snapshot.sms = std::move(answers.sms);
    snapshot.paths = std::move(answers.paths);
    snapshot.mads_total = answers.mads_total;
    std::ranges::move(answers.parts, std::back_inserter(snapshot.parts));
  }

  // Whoever keeps to the deadline answers a moment after it.
  static constexpr Duration kGrace = std::chrono::milliseconds(200);

  using AdapterWorker = Worker<Result<Adapters>, bool>;
  struct AdapterRound {
    std::unique_ptr<AdapterWorker> worker;
    bool with_p_keys = true;
  };

  CommonPtr common_;
  std::uint32_t number_ = 0;
  Worker<Sysfs> sysfs_;
  std::map<std::string, AdapterRound> adapters_;  // by name
  PKeyCache p_keys_{common_->timeline};
  bool events_seen_ = false;  // in the last look
  Worker<Result<std::vector<PciFunction>>> pci_;
  Worker<EventsStatus> events_;
  Worker<Result<Interfaces>> interfaces_;
  Worker<Result<void>> kernel_log_;
  Worker<SubnetAnswers, Seen, SteadyTime, std::stop_token> subnet_;
  Worker<ProbeRound, Seen, SteadyTime, std::stop_token> probes_;
};

HostProbe::HostProbe(HostProbeOptions options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
HostProbe::~HostProbe() = default;

HostSnapshotPtr HostProbe::Look(SteadyTime deadline, std::stop_token stop) {
  return impl_->Look(deadline, std::move(stop));
}

}  // namespace aftershock::host
