#include "app/http_access.h"

#include <fmt/format.h>

#include "app/text_file.h"
#include "base/printable.h"

namespace aftershock::app {

Result<fleet::HttpAccess> AccessOf(const HttpConfig& config) {
  fleet::HttpAccess access;
  access.timeout = config.timeout;
  access.ca_file = config.ca_file;
  if (config.user.empty()) return access;
  access.user = config.user;
  const auto text = ReadTextFile(config.password_file);
  if (!text) return tl::unexpected(text.error());
  const auto lines = Lines(*text);
  if (lines.empty() || lines.front().empty())
    return Fail(Errc::kInvalid,
                fmt::format("{}: has no password in its first line", Printable(config.password_file)));
  access.password = lines.front();
  return access;
}

}  // namespace aftershock::app
