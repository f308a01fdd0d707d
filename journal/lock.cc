#include "journal/lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::journal {
namespace {

// Open file description locks (fcntl(2)): unlike POSIX locks they exclude a second one in the same process,
// and are not lost when somebody else closes the file.
bool TryLock(int fd) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

std::string HolderOf(int fd) {
  std::array<char, 24> text{};
  const ssize_t got = pread(fd, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  pid = Printable(pid.substr(0, pid.find('\n')));
  return pid.empty() ? "unknown" : pid;
}

// For people only: a full disk is no reason to go without the lock.
void WriteHolder(int fd) {
  const std::string text = fmt::format("{}\n", getpid());
  if (ftruncate(fd, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = pwrite(fd, text.data(), text.size(), 0);
}

}  // namespace

Result<MonitorLock> MonitorLock::Take(const std::string& journal) {
  const std::string path = journal + ".lock";
  MonitorLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (lock.fd_ < 0) {
    const bool denied = errno == EACCES || errno == EPERM || errno == EROFS;
    return Fail(denied ? Errc::kDenied : Errc::kInternal,
                fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
  }
  if (!TryLock(lock.fd_)) {
    if (errno != EAGAIN && errno != EACCES) {
      return Fail(Errc::kInternal, fmt::format("{} cannot be locked: {}", path, std::strerror(errno)));
    }
    return Fail(Errc::kDenied,
                fmt::format("{} is in use by another monitor (pid {})", journal, HolderOf(lock.fd_)));
  }
  WriteHolder(lock.fd_);
  return lock;
}

MonitorLock::MonitorLock(MonitorLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

MonitorLock& MonitorLock::operator=(MonitorLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

MonitorLock::~MonitorLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace aftershock::journal
