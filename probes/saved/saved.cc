#include "probes/saved/saved.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"
#include "model/json/snapshot.h"

namespace aftershock::saved {
namespace {

Error About(const std::string& name, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}", name, what)};
}

Error FromErrno(const std::string& name, int number) {
  const Errc code = number == ENOENT || number == ENOTDIR ? Errc::kAbsent
                    : number == EACCES || number == EPERM ? Errc::kDenied
                                                          : Errc::kInternal;
  return About(name, code, std::generic_category().message(number));
}

Result<std::string> ReadFile(const std::filesystem::path& file, const std::string& name) {
  std::error_code error;
  if (const auto status = std::filesystem::status(file, error); std::filesystem::is_directory(status)) {
    return tl::unexpected(About(name, Errc::kInvalid, "is a folder"));
  }
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return tl::unexpected(FromErrno(name, errno));
  // The size is not asked for: a pipe has none, and a file may grow.
  std::string text;
  for (std::string chunk(1u << 20, '\0'); in;) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes) {
      return tl::unexpected(About(name, Errc::kMalformed, "larger than a snapshot can be (1 GiB)"));
    }
  }
  if (in.bad()) return tl::unexpected(About(name, Errc::kInternal, "cannot be read to its end"));
  if (text.empty()) return tl::unexpected(About(name, Errc::kMalformed, "is empty"));
  return text;
}

}  // namespace

Result<FabricSnapshot> LoadSnapshot(const std::filesystem::path& file) {
  const std::string name = Printable(file.string());
  const auto text = ReadFile(file, name);
  if (!text) return tl::unexpected(text.error());
  auto snapshot = SnapshotFromJson(*text);
  if (!snapshot) return tl::unexpected(About(name, snapshot.error().code, snapshot.error().what));
  return snapshot;
}

}  // namespace aftershock::saved
