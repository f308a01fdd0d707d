// How another machine is asked over HTTP, from what the configuration says of it.
//
// Thread-safe. Reads the password's file each time: a password that is changed there holds from then on.
// Errors: kAbsent, kDenied, kInvalid, kInternal, of the file, which each names.
#pragma once

#include "app/config.h"
#include "base/result.h"
#include "probes/fleet/http.h"

namespace aftershock::app {

Result<fleet::HttpAccess> AccessOf(const HttpConfig& config);

}  // namespace aftershock::app
