// A host's monitor, asked for what it sees of its host.
//
// Threading: any thread; blocks until it is answered, at most the deadline.
// Errors:    kAbsent       that monitor does not look at its host
//            kMalformed    the answer is no host's snapshot, or larger than any
//            kUnsupported  a newer aftershock answers
//            and what HttpGet() says. Each says the URL.
#pragma once

#include "base/result.h"
#include "model/json/host.h"
#include "probes/fleet/http.h"

namespace aftershock::fleet {

Result<HostTold> AskHost(const Url& url, const HttpAccess& access);

}  // namespace aftershock::fleet
