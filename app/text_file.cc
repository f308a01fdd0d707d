#include "app/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::app {
namespace {

tl::unexpected<Error> CannotRead(const std::string& path, int error) {
  const Errc code = error == ENOENT || error == ENOTDIR ? Errc::kAbsent
                    : error == EACCES || error == EPERM ? Errc::kDenied
                                                        : Errc::kInternal;
  return Fail(code, fmt::format("{}: {}", Printable(path), std::generic_category().message(error)));
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<std::string> ReadFile(const std::string& path) {
  const OpenFile file(path);
  if (file.fd() < 0) return CannotRead(path, errno);
  std::string text;
  while (text.size() <= kMaxFileSize) {
    char buffer[65536];
    const ssize_t got = ::read(file.fd(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EISDIR) {
      return Fail(Errc::kInvalid, Printable(path) + ": is a directory; a file is expected");
    }
    if (got < 0) return CannotRead(path, errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return Fail(Errc::kInvalid, fmt::format("{}: larger than {} MiB", Printable(path), kMaxFileSize >> 20));
}

Result<std::string> ReadTextFile(const std::string& path) {
  auto text = ReadFile(path);
  if (!text) return text;
  if (auto checked = CheckText(*text, path); !checked) return tl::unexpected(checked.error());
  return text;
}

Result<void> CheckText(std::string_view text, std::string_view name) {
  int number = 0;
  for (const std::string_view line : Lines(text)) {
    ++number;
    std::string bytes(line);
    std::ranges::replace(bytes, '\t', ' ');
    if (Printable(bytes) == bytes) continue;
    return Fail(Errc::kInvalid,
                fmt::format("{}:{}: not UTF-8 text, or a control character in it", Printable(name), number));
  }
  return {};
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace aftershock::app
