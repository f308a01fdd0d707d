#include "probes/host/sysfs_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace aftershock::host {
namespace {

constexpr std::size_t kPage = 4096;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Errc CodeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return Errc::kAbsent;
    case EACCES:
    case EPERM:
      return Errc::kDenied;
    case EINVAL:
    case EOPNOTSUPP:
      return Errc::kUnsupported;
    case ELOOP:
    case ENOTDIR:
    case EISDIR:
    case ENAMETOOLONG:
      return Errc::kMalformed;
    default:
      return Errc::kInternal;
  }
}

tl::unexpected<Error> FailWith(int error) {
  return Fail(CodeOf(error), std::generic_category().message(error));
}

// Closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

struct DirClose {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

Result<std::string> ReadPage(int fd) {
  std::array<char, kPage + 1> page;
  std::size_t used = 0;
  while (used < page.size()) {
    const ssize_t got = ::read(fd, page.data() + used, page.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailWith(errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (used > kPage) return Fail(Errc::kMalformed, "it is longer than a page");
  const std::string_view text(page.data(), used);
  const auto last = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

}  // namespace

Folder::Folder(Folder&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

Folder::~Folder() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Folder> Folder::Open(const std::string& root, const std::string& path) {
  const int fd = ::open((root + "/" + path).c_str(), kFolderFlags);
  if (fd < 0) return Fail(CodeOf(errno), root + "/" + path + ": " + std::generic_category().message(errno));
  return Folder(fd, path);
}

Result<Folder> Folder::Enter(const std::string& name) const {
  const int fd = ::openat(fd_, name.c_str(), kFolderFlags);
  if (fd < 0) return FailWith(errno);
  return Folder(fd, PathOf(name));
}

Result<std::string> Folder::Read(const std::string& name) const {
  const Descriptor file(::openat(fd_, name.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.get() < 0) return FailWith(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return FailWith(errno);
  if (!S_ISREG(status.st_mode)) return Fail(Errc::kMalformed, "it is not a file");
  return ReadPage(file.get());
}

Result<std::string> Folder::LinkName(const std::string& name) const {
  std::array<char, PATH_MAX> target;
  const ssize_t got = ::readlinkat(fd_, name.c_str(), target.data(), target.size());
  if (got < 0) return FailWith(errno);
  const std::string_view text(target.data(), static_cast<std::size_t>(got));
  return std::string(text.substr(text.rfind('/') + 1));
}

std::vector<std::string> Folder::Names() const {
  std::vector<std::string> names;
  const int fd = ::openat(fd_, ".", kFolderFlags);
  const std::unique_ptr<DIR, DirClose> dir(fd < 0 ? nullptr : ::fdopendir(fd));
  if (!dir) {
    if (fd >= 0) ::close(fd);
    return names;
  }
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    if (names.size() == kMaxEntries) break;
  }
  std::ranges::sort(names);
  return names;
}

std::uint64_t Folder::Inode() const {
  struct stat status {};
  return ::fstat(fd_, &status) == 0 ? status.st_ino : 0;
}

}  // namespace aftershock::host
