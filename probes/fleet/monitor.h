// A running monitor, asked over HTTP for what it sees of the fabric.
//
// Threading: any thread; blocks until it is answered, at most the deadline for each of its requests.
// Errors:    kInvalid      not a URL of this form
//            kAbsent       it watches no fabric, or has not swept it so far
//            kMalformed    the answer is none of a monitor, or larger than any fabric
//            kUnsupported  a newer aftershock answers
//            and what HttpGet() says. Each says the URL.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/fabric.h"
#include "model/json/loads.h"

namespace aftershock::fleet {

struct MonitoredPlane {
  FabricSnapshot snapshot;
  PlaneLoads loads;  // and the plane's name
};

// "http://HOST:PORT", with anything before the monitor's own paths: "http://proxy/aftershock/". Port 80
// without one.
Result<std::vector<MonitoredPlane>> AskMonitor(const std::string& url);

}  // namespace aftershock::fleet
