#include "probes/saved/saved.h"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"
#include "model/json/snapshot.h"
#include "probes/saved/ibnetdiscover.h"

namespace aftershock::saved {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

Error About(const std::string& name, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}", name, what)};
}

Error FromErrno(const std::string& name, int number) {
  const Errc code = number == ENOENT || number == ENOTDIR ? Errc::kAbsent
                    : number == EACCES || number == EPERM ? Errc::kDenied
                                                          : Errc::kInternal;
  return About(name, code, std::generic_category().message(number));
}

enum class Accepted { kJson, kAny };

Result<std::string> ReadFile(const std::filesystem::path& file, const std::string& name, Accepted accepted) {
  const auto too_large = [&] {
    return tl::unexpected(About(name, Errc::kMalformed, "larger than a snapshot can be (1 GiB)"));
  };
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    return tl::unexpected(About(name, Errc::kInvalid, "is a folder"));
  }
  if (const auto size = std::filesystem::file_size(file, error); !error && size > kMaxFileBytes)
    return too_large();
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return tl::unexpected(FromErrno(name, errno));
  std::string text;
  // What has no size, such as a pipe, is read until it is too much.
  for (std::string chunk(kChunkBytes, '\0'); in;) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes) return too_large();
    const auto first = text.find_first_not_of(" \t\r\n");
    if (accepted == Accepted::kJson && first != std::string::npos && text[first] != '{') {
      return tl::unexpected(
          About(name, Errc::kMalformed, "not a snapshot of aftershock: it does not begin with {"));
    }
  }
  if (in.bad()) return tl::unexpected(About(name, Errc::kInternal, "cannot be read to its end"));
  if (text.empty()) return tl::unexpected(About(name, Errc::kMalformed, "is empty"));
  return text;
}

}  // namespace

Result<FabricSnapshot> LoadSnapshot(const std::filesystem::path& file) {
  const std::string name = Printable(file.string());
  const auto text = ReadFile(file, name, Accepted::kJson);
  if (!text) return tl::unexpected(text.error());
  auto snapshot = SnapshotFromJson(*text);
  if (!snapshot) return tl::unexpected(About(name, snapshot.error().code, snapshot.error().what));
  return snapshot;
}

Result<FabricSnapshot> LoadTopology(const std::filesystem::path& file) {
  const std::string name = Printable(file.string());
  const auto text = ReadFile(file, name, Accepted::kAny);
  if (!text) return tl::unexpected(text.error());
  const auto first = text->find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (*text)[first] == '{';
  auto snapshot = json ? SnapshotFromJson(*text) : SnapshotFromTopology(*text);
  if (!snapshot) return tl::unexpected(About(name, snapshot.error().code, snapshot.error().what));
  return snapshot;
}

}  // namespace aftershock::saved
