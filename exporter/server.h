// The exporter's HTTP server: what the last sweep found, for Prometheus, scripts and people.
//
//   /               a page for people
//   /metrics        metrics.h
//   /report.json    the object of `aftershock check --format json`
//   /snapshot.json  the host's facts, verdict and findings (model/json/host.h); 404 where this process does
//   not
//                   look at its host, 503 before its first look
//   /windows.json   the change windows that are announced here (model/json/window.h, WindowsTold); 404 where
//                   no journal is kept
//   /fabric.json   the snapshot of a plane's last sweep, ?plane=NAME where there are several
//   /loads.json    the load of every port over the last hour (model/json/loads.h)
//   /healthz        200 while the process lives
//   /readyz         200 while every plane's last complete sweep and the last look at the host are fresh, else
//   503
//                   and why
//
// A request reads the last report and asks the fabric nothing. Answers are not compressed: gzip takes longer
// than a scrape may. A connection serves one request: scrapes are seconds apart, and one kept open would only
// hold a thread.
//
// Threading: Start() and Stop() from one thread; `report` and the clock are called from several at once.
// Errors:    kInvalid  the address is none of this machine's, or not an address
//            kDenied   the port needs a privilege, or another program listens there
//            kInternal the system refused
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "exporter/listen_address.h"
#include "exporter/metrics.h"
#include "model/report.h"

namespace aftershock::exporter {

class Server {
 public:
  // The last report; nullptr: there is none so far.
  using ReportSource = std::function<ReportPtr()>;

  // As they stand now, whatever the last report knew.
  using WindowsNow = std::function<std::vector<Window>()>;

  // Serves from its own threads when it returns. `clock` must outlive the server. `windows`: empty where no
  // journal is kept.
  static Result<std::unique_ptr<Server>> Start(const ListenAddress& address, ReportSource report,
                                               const Clock& clock, BuildInfo build,
                                               Compat compat = Compat::kTreydock, WindowsNow windows = {});
  virtual ~Server() = default;  // as Stop()

  // The port it listens on; of interest where the address had port 0.
  virtual int port() const = 0;
  // Ends within a second, open connections and half-sent pages included. Calling it again does nothing.
  virtual void Stop() = 0;
};

}  // namespace aftershock::exporter
