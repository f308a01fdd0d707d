// aftershock monitor: watches for months and serves what it sees.
//
//   entrances -> PlaneSet -> Report -> ReportBoard -> exporter::Server
//                                   -> ChangeLog
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "app/build_info.h"
#include "app/change_log.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/open_fabric.h"
#include "app/report_board.h"
#include "app/stopping.h"
#include "app/times.h"
#include "app/watch.h"
#include "base/printable.h"
#include "exporter/server.h"

namespace aftershock::app {
namespace {

struct MonitorOptions {
  bool fabric = false;
  std::vector<std::string> ports;
  std::string listen;
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

int Run(const Config& config, const exporter::ListenAddress& address, const std::string& log_level) {
  const auto sweep_options = ReadSweepOptions(config.fabric);
  if (!sweep_options) return Complain(kExitUsage, sweep_options.error().what);
  const SystemClock clock;
  StopOnSignal stop;
  auto entrances = OpenEntrances(config.fabric, *sweep_options, clock);
  if (!entrances) return Complain(kExitUnknown, entrances.error().what);
  ReportBoard board;
  const auto server = exporter::Server::Start(
      address, [&board] { return board.Last(); }, clock, ThisBuild(), config.compat);
  if (!server) return Complain(kExitUnknown, server.error().what);
  const auto log = MakeLog(log_level);
  log->info("{}", VersionLine());
  for (const auto& entrance : *entrances) log->info("watching the fabric by {}", entrance->Name());
  log->info("serving {}", Url(address, (*server)->port()));
  PlaneSet planes(std::move(*entrances), clock, config.settings, config.StaleAfter());
  ChangeLog changes(log);
  Watch(
      planes, config.fabric.interval, clock, stop.token(),
      [&](SteadyTime time) { return WaitUntil(time, stop.token()); },
      [&](ReportPtr report) {
        changes.Note(*report);
        board.Publish(std::move(report));
      });
  log->info("stopped");
  (*server)->Stop();
  return 0;
}

int Monitor(const MonitorOptions& options, const Globals& globals) {
  if (!options.fabric && options.ports.empty()) {
    return Complain(kExitUsage, "nothing to monitor: give --fabric (this build watches fabrics only)");
  }
  auto config = LoadConfig(globals, options.ports);
  if (!config) return Complain(kExitUsage, config.error().what);
  const auto address = exporter::ParseListenAddress(options.listen.empty() ? config->listen : options.listen);
  if (!address) return Complain(kExitUsage, "--listen: " + address.error().what);
  return Run(*config, *address, globals.log_level);
}

}  // namespace

void AddMonitor(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<MonitorOptions>();
  CLI::App* command = app.add_subcommand("monitor", "Watch for months, and serve Prometheus");
  command->fallthrough();
  command->add_flag("--fabric", options->fabric, "Watch the fabric");
  AddPortOption(*command, options->ports);
  command->add_option("--listen", options->listen, "Serve HTTP here; default :9917, every address")
      ->type_name("ADDR:PORT");
  command->callback([options, &globals, &exit_code] { exit_code = Monitor(*options, globals); });
}

}  // namespace aftershock::app
