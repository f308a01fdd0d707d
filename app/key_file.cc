#include "app/key_file.h"

#include <sys/stat.h>

#include <optional>

#include <fmt/format.h>

#include "app/text_file.h"
#include "base/printable.h"
#include "model/ids.h"

namespace aftershock::app {

Result<std::uint64_t> ParseKey(std::string_view text, std::string_view file) {
  const auto wrong = [&](std::string_view why) {
    return Fail(Errc::kInvalid, fmt::format("{}: {}", Printable(file), why));
  };
  std::optional<std::uint64_t> key;
  for (std::string_view line : Lines(text)) {
    line = line.substr(0, line.find('#'));
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    if (key) return wrong("holds more than one key");
    // A GUID is 64 bits in hexadecimal too.
    const auto number = ParseGuid(line.substr(first, line.find_last_not_of(" \t") - first + 1));
    if (!number) return wrong("is not a key of 64 bits in hexadecimal");
    key = static_cast<std::uint64_t>(*number);
  }
  if (!key) return wrong("holds no key");
  return *key;
}

Result<std::uint64_t> ReadKeyFile(const std::string& path) {
  const auto text = ReadTextFile(path);
  if (!text) return tl::unexpected(text.error());
  return ParseKey(*text, path);
}

bool OpenToEveryone(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

}  // namespace aftershock::app
