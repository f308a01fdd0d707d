#include "app/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::app {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> CannotWrite(const fs::path& path, int error) {
  const Errc code = error == ENOENT                     ? Errc::kAbsent
                    : error == EACCES || error == EPERM ? Errc::kDenied
                                                        : Errc::kInternal;
  return Fail(code, fmt::format("cannot write {}: {}", Printable(path.string()),
                                std::generic_category().message(error == 0 ? EIO : error)));
}

Result<void> WriteDirectly(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  if (!out) return CannotWrite(path, errno);
  write(out);
  out.close();
  if (!out) return CannotWrite(path, errno);
  return {};
}

// Nobody else's file is taken for ours, nor a link followed.
Result<void> CreateNew(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return CannotWrite(path, errno);
  ::close(fd);
  return {};
}

}  // namespace

Result<void> WriteFile(const std::string& path, const std::function<void(std::ostream&)>& write) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) return CannotWrite(path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) return WriteDirectly(path, write);
  const fs::path target = fs::exists(status) ? fs::canonical(path, ignored) : fs::path(path);
  const fs::path temporary = fmt::format("{}.{}.tmp", target.string(), ::getpid());
  if (auto created = CreateNew(temporary); !created) return created;
  auto written = WriteDirectly(temporary, write);
  if (written && std::rename(temporary.c_str(), target.c_str()) != 0) written = CannotWrite(target, errno);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace aftershock::app
