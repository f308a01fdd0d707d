// Reads the monitors of other hosts, round by round.
//
//   HostTargets -> AskAll(AskHost) -> FleetReport -> ChangeWatch (windows, baseline)
//                                  -> host-silent -> ReportBoard
//
// Threading: one thread at a time.
#pragma once

#include <spdlog/logger.h>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/host_targets.h"
#include "base/clock.h"
#include "model/fleet.h"
#include "model/json/host.h"
#include "model/settings.h"
#include "probes/fleet/http.h"

namespace aftershock::app {

// What is to be said of the hosts after a round.
struct FleetResult {
  std::shared_ptr<const FleetReport> report;  // never nullptr
  std::vector<Finding> findings;              // this monitor's own about them
  WallTime made{};
};

class FleetWatch {
 public:
  // fleet::AskHost, or a test's own. Called from several threads at once.
  using Ask = std::function<Result<HostTold>(const fleet::Url&, const fleet::HttpAccess&)>;

  // `clock` and `settings` must outlive it.
  FleetWatch(const HostsConfig& config, HostTargets targets, const Clock& clock, const Settings& settings,
             std::shared_ptr<spdlog::logger> log, Ask ask);

  // Asks each host once. What a stopped round heard is not told.
  const FleetResult& Round(std::stop_token stop);
  const FleetResult& result() const { return result_; }

 private:
  struct Answer {
    std::optional<Result<HostTold>> told;  // none: it was not asked
    SteadyTime heard{};
  };
  std::vector<Answer> AskEach(const std::stop_token& stop);
  FleetHost Renewed(const HostTarget& target, Answer answer);
  void Name(std::vector<FleetHost>& hosts);
  void Publish(std::vector<FleetHost> hosts, bool read);

  const HostsConfig config_;
  HostTargets targets_;
  const Clock& clock_;
  const Settings& settings_;
  const std::shared_ptr<spdlog::logger> log_;
  const Ask ask_;
  const SteadyTime began_;
  std::map<std::string, FleetHost> last_;  // by target
  FleetResult result_;
};

}  // namespace aftershock::app
