// aftershock monitor: watches for months and serves what it sees.
//
//   entrances -> PlaneSet -> Report      -> ReportBoard -> exporter::Server
//   HostProbe -> HostRole -> HostResult  ->             -> ChangeLog
//   PlaneSet, entrances -> PairWatch -> PairResult ->
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <iostream>
#include <optional>
#include <thread>

#include "app/build_info.h"
#include "app/change_log.h"
#include "app/change_watch.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/fleet_watch.h"
#include "app/host_role.h"
#include "app/open_fabric.h"
#include "app/other_monitors.h"
#include "app/pair_watch.h"
#include "app/report_board.h"
#include "app/stopping.h"
#include "app/times.h"
#include "app/watch.h"
#include "app/windows_source.h"
#include "base/printable.h"
#include "exporter/server.h"
#include "probes/fleet/hosts.h"
#include "probes/host/host_probe.h"

namespace aftershock::app {
namespace {

// What commands ask is answered so soon.
constexpr Duration kPollEvery = std::chrono::seconds(1);

struct MonitorOptions {
  bool host = false;
  bool fabric = false;
  std::vector<std::string> ports;
  std::string listen;
  std::string journal;
};

std::shared_ptr<spdlog::logger> MakeLog(const std::string& level) {
  auto log = spdlog::stderr_logger_mt("aftershock");
  log->set_level(spdlog::level::from_str(level));
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->flush_on(spdlog::level::trace);
  return log;
}

std::string Url(const exporter::ListenAddress& asked, int port) {
  exporter::ListenAddress address = asked;
  address.port = static_cast<std::uint16_t>(port);
  if (address.host.empty()) address.host = "localhost";
  return fmt::format("http://{}/metrics", ToString(address));
}

// The fabric of a monitor that watches one.
struct FabricRole {
  std::unique_ptr<PlaneSet> planes;
  std::vector<std::string> entrances;
};

Result<FabricRole> OpenFabric(const Config& config, const fabric::SweepOptions& options, const Clock& clock) {
  auto entrances = OpenEntrances(config.fabric, options, clock);
  if (!entrances) return tl::unexpected(entrances.error());
  FabricRole role;
  for (const auto& entrance : *entrances) role.entrances.push_back(entrance->Name());
  role.planes =
      std::make_unique<PlaneSet>(std::move(*entrances), clock, config.settings, config.StaleAfter());
  return role;
}

Report Unswept(const PlaneSet& planes, Duration stale_after) {
  Report report;
  report.stale_after = stale_after;
  for (const Plane& plane : planes.planes()) report.planes.push_back(plane.result().report);
  return report;
}

HostRole OpenHost(const Config& config, const Clock& clock) {
  auto probe = std::make_shared<host::HostProbe>(
      host::HostProbeOptions{.sysfs = config.host.sysfs, .probes = config.host.probes}, clock);
  return {
      [probe](SteadyTime deadline, std::stop_token stop) { return probe->Look(deadline, std::move(stop)); },
      clock, config.settings, config.HostStaleAfter()};
}

class Monitoring {
 public:
  Monitoring(const Config& config, const Clock& clock, std::stop_token stop,
             std::shared_ptr<spdlog::logger> log)
      : config_(config), clock_(clock), stop_(std::move(stop)), log_(std::move(log)), changes_(log_) {}

  // The exit code: 0 when it was stopped, or when there is nothing to watch here.
  int Run(const exporter::ListenAddress& address) {
    if (config_.roles.fabric) {
      const auto options = ReadSweepOptions(config_.fabric);
      if (!options) return Complain(kExitUsage, options.error().what);
      auto fabric = OpenFabric(config_, *options, clock_);
      if (!fabric) return Complain(kExitUnknown, fabric.error().what);
      fabric_ = std::move(*fabric);
      board_.ExpectFabric(Unswept(*fabric_->planes, config_.StaleAfter()));
      pairs_.emplace(config_.settings, clock_, LivenessOptionsOf(config_.fabric, options->m_key),
                     PairsStaleAfter(config_.fabric), /*asking=*/true,
                     [this](PairResult result) { board_.PublishPairs(std::move(result)); });
      board_.ExpectPairs(pairs_->Unasked());
    }
    if (config_.hosts.Any()) {
      auto targets = HostTargets::Read(config_.hosts.urls, config_.hosts.files);
      if (!targets) return Complain(kExitUsage, targets.error().what);
      fleet_.emplace(config_.hosts, std::move(*targets), clock_, config_.settings, log_, fleet::AskHost);
    }
    if (const auto opened = OpenJournal(); !opened) return Complain(kExitUnknown, opened.error().what);
    if (config_.roles.host) {
      host_.emplace(OpenHost(config_, clock_));
      board_.ExpectHost(host_->result().report);
      // The first look opens every device, and has all the time that a look may take.
      host_->Look(kHostLookDeadline, stop_);
      if (!fabric_ && host_->NothingHere()) return NothingToWatch();
    }
    return Serve(address);
  }

 private:
  static int NothingToWatch() {
    std::cout << kNoInfiniBand << '\n';
    return FinishOutput(0);
  }

  // A look that is older than the roles' own limit is no look.
  Result<void> OpenJournal() {
    if (config_.journal.empty()) return {};
    auto journal = journal::Journal::Open(config_.journal, journal::Access::kMonitor, clock_);
    if (!journal) return tl::unexpected(journal.error());
    const Duration stale_after = fabric_ ? config_.StaleAfter() : config_.HostStaleAfter();
    change_.emplace(std::move(*journal), clock_, config_.settings, stale_after,
                    fmt::format("monitor {} (pid {})", ThisBuild().version, getpid()), log_);
    board_.AmendBy([this](Report& report) { change_->Take(report); });
    if (fleet_) change_->Know(fleet_->result().report);
    AskForWindows();
    return change_->Begin();
  }

  // A host alone knows what is announced only where it is told; without, it calls nothing unannounced.
  void AskForWindows() {
    if (!config_.windows.source.empty()) {
      source_.emplace(config_.windows, clock_, AskOverHttp(config_.windows));
      change_->AnnouncedBy(config_.windows.source, [this] { return source_->Known(); });
    } else if (!fabric_ && !fleet_) {
      change_->AnnouncedBy("", {});
    }
  }

  void FetchWindows() {
    const auto fetched = source_->Fetch();
    const std::string why = fetched ? "" : fetched.error().what;
    if (why != windows_why_ && !why.empty()) log_->warn("announced changes are not known: {}", why);
    if (why != windows_why_ && why.empty()) log_->info("announced changes are known again");
    windows_why_ = why;
  }

  void ReadHosts() {
    FleetResult result = fleet_->Round(stop_);
    if (stop_.stop_requested()) return;
    if (change_) change_->Know(result.report);
    board_.PublishFleet(std::move(result));
  }

  int Serve(const exporter::ListenAddress& address) {
    const auto server = exporter::Server::Start(
        address, [this] { return board_.Last(); }, clock_, ThisBuild(), config_.compat, WindowsNow());
    if (!server) return Complain(kExitUnknown, server.error().what);
    log_->info("{}", VersionLine());
    if (host_) log_->info("watching this host");
    if (fleet_) log_->info("reading {} other hosts", fleet_->result().report->hosts.size());
    if (!config_.windows.source.empty() && !change_)
      log_->warn("windows.source is of no use without a journal: changes are not compared");
    if (fabric_) log_->info("watching the fabric by {}", fmt::join(fabric_->entrances, ", "));
    log_->info("serving {}", Url(address, (*server)->port()));
    WatchAll();
    log_->info("stopped");
    (*server)->Stop();
    return 0;
  }

  exporter::Server::WindowsNow WindowsNow() {
    if (!change_) return {};
    return [this] { return change_->Windows(); };
  }

  void WatchAll() {
    if (host_ && !stop_.stop_requested()) board_.PublishHost(host_->result());
    const auto wait = [this](SteadyTime time) { return WaitUntil(time, stop_); };
    std::jthread journal;
    if (change_) {
      journal = std::jthread(
          [this, wait] { AtFixedRate(kPollEvery, clock_, stop_, wait, [this] { change_->Poll(); }); });
    }
    std::jthread windows;
    if (source_) {
      windows = std::jthread([this, wait] {
        AtFixedRate(config_.windows.interval, clock_, stop_, wait, [this] { FetchWindows(); });
      });
    }
    std::jthread hosts;
    if (fleet_) {
      hosts = std::jthread([this, wait] {
        AtFixedRate(config_.hosts.interval, clock_, stop_, wait, [this] { ReadHosts(); });
      });
    }
    std::jthread host;
    if (host_) {
      host = std::jthread([this, wait] {
        if (!wait(clock_.Steady() + config_.host.interval + Offset())) return;
        AtFixedRate(config_.host.interval, clock_, stop_, wait, [this] { LookAtHost(); });
      });
    }
    if (!fabric_) return;  // and waits for the host's thread
    std::jthread asking;
    if (!config_.settings.pairs.empty()) {
      asking = std::jthread([this, wait] {
        AtFixedRate(config_.fabric.pair_interval, clock_, stop_, wait, [this] { pairs_->Ask(stop_); });
      });
    }
    Watch(
        *fabric_->planes, config_.fabric.interval, clock_, stop_, wait,
        [this](ReportPtr report) {
          NameOthers(*report);
          board_.PublishFabric(std::move(report));
        },
        [this](const Report& report) { pairs_->TakeSweep(report, *fabric_->planes); });
  }

  void NameOthers(const Report& report) {
    for (const PlaneReport& plane : report.planes) {
      if (plane.snapshot == nullptr) continue;
      for (const auto& other : others_.Look(*plane.snapshot)) {
        log_->warn(
            "{}: process {} of this machine watches the same fabric by port {} of {}: one monitor is enough",
            plane.plane, other.process, ToString(other.port), other.name);
      }
    }
  }

  // Monitors that a cluster starts in one second do not look, and ask, in the same one for ever.
  Duration Offset() const {
    const HostSnapshotPtr& seen = host_->result().report.snapshot;
    std::uint64_t mixed = 0;
    if (seen != nullptr) {
      for (const Hca& hca : seen->hcas)
        mixed ^= static_cast<std::uint64_t>(hca.node_guid) * 0x9e3779b97f4a7c15u;
    }
    return config_.host.interval * static_cast<int>(mixed >> 48 & 0xffffu) / 0x10000;
  }

  Duration LookLimit() const { return std::min(config_.host.interval, kHostLookDeadline); }

  void LookAtHost() {
    const HostResult& result = host_->Look(LookLimit(), stop_);
    if (!stop_.stop_requested()) board_.PublishHost(result);
  }

  const Config& config_;
  const Clock& clock_;
  const std::stop_token stop_;
  const std::shared_ptr<spdlog::logger> log_;
  ChangeLog changes_;
  ReportBoard board_{[this](const Report& report) { changes_.Note(report); }};
  std::optional<FleetWatch> fleet_;      // none: no other host is read
  std::optional<WindowsSource> source_;  // none: windows are announced here, or nobody tells
  std::string windows_why_;              // of the windows' thread
  std::optional<ChangeWatch> change_;    // none: no journal is kept
  std::optional<FabricRole> fabric_;
  std::optional<PairWatch> pairs_;  // asks by the entrances of fabric_
  std::optional<HostRole> host_;
  OtherMonitors others_;
};

// The command line's roles go before the configuration's.
Roles WantedRoles(const MonitorOptions& options, const Config& config) {
  const bool fabric = options.fabric || !options.ports.empty();
  if (!fabric && !options.host) return config.roles;
  return {.host = options.host, .fabric = fabric};
}

int Monitor(const MonitorOptions& options, const Globals& globals) {
  auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  config->roles = WantedRoles(options, *config);
  if (!options.journal.empty()) config->journal = options.journal;
  const auto address = exporter::ParseListenAddress(options.listen.empty() ? config->listen : options.listen);
  if (!address) return Complain(kExitUsage, "--listen: " + address.error().what);
  const SystemClock clock;
  StopOnSignal stop;
  return Monitoring(*config, clock, stop.token(), MakeLog(globals.log_level)).Run(*address);
}

}  // namespace

void AddMonitor(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<MonitorOptions>();
  CLI::App* command = app.add_subcommand("monitor", "Watch for months, and serve Prometheus");
  command->fallthrough();
  command->add_flag("--host", options->host, "Watch this host; the default");
  command->add_flag("--fabric", options->fabric, "Watch the fabric; with --host, both");
  AddPortOption(*command, options->ports);
  command->add_option("--listen", options->listen, "Serve HTTP here; default :9917, every address")
      ->type_name("ADDR:PORT");
  AddJournalOption(*command, options->journal);
  command->callback([options, &globals, &exit_code] { exit_code = Monitor(*options, globals); });
}

}  // namespace aftershock::app
