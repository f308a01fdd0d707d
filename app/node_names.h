// The node-name map, in the format that OpenSM and the InfiniBand tools read (ib-node-name-map(8)): a line
// per node with its GUID in hexadecimal and its name in double quotes, and comments behind "#".
//
// Names are stored as Printable() shows them.
// Errors: of ReadTextFile; kInvalid with file and line for a line that is neither, and for a GUID with two
// names.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "probes/fabric/sweep.h"

namespace aftershock::app {

// `file` names the text in errors.
Result<fabric::NodeNames> ParseNodeNames(std::string_view text, std::string_view file);
Result<fabric::NodeNames> ReadNodeNames(const std::string& path);

}  // namespace aftershock::app
