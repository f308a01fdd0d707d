// Text for a drawing: escaped, and cut where a box ends. Internal to exporter.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aftershock::exporter {

// Without control characters, and safe between tags and in attributes.
std::string Escaped(std::string_view text);

// At most so many characters, without parting one of several octets. The middle goes: names differ at their
// ends.
std::string Short(std::string_view name, std::size_t length);

}  // namespace aftershock::exporter
