// Which of this machine's ports to look at the fabric by.
//
// Threading: pure functions.
#pragma once

#include <span>
#include <vector>

#include "app/port_name.h"
#include "base/result.h"
#include "probes/mad/umad.h"

namespace aftershock::app {

// `asked` as they are, where at least one of them can be used now; none asked: the first Active InfiniBand
// port. kAbsent        none can be used; says why, and what to do kUnsupported   a port of another link layer
// was asked for; such are never opened
Result<std::vector<PortName>> ChoosePorts(std::span<const PortName> asked,
                                          std::span<const mad::HcaPort> found);

// There is InfiniBand on this machine, usable or not.
bool HasInfiniBand(std::span<const mad::HcaPort> found);

// nullptr: there is no such port.
const mad::HcaPort* FindPort(std::span<const mad::HcaPort> found, const PortName& name);
// Names the ports there are.
Error NoSuchPort(const PortName& name, std::span<const mad::HcaPort> found);

}  // namespace aftershock::app
