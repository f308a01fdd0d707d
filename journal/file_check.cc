#include "journal/file_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

namespace aftershock::journal {
namespace {

struct NetworkFileSystem {
  std::uint32_t magic;
  const char* name;
};
// linux/magic.h and statfs(2); those of Lustre, GPFS and BeeGFS are in their own sources.
constexpr std::array kNetworkFileSystems{
    NetworkFileSystem{0x6969, "NFS"},        NetworkFileSystem{0x517b, "SMB"},
    NetworkFileSystem{0xff534d42, "CIFS"},   NetworkFileSystem{0xfe534d42, "SMB"},
    NetworkFileSystem{0x0bd00bd0, "Lustre"}, NetworkFileSystem{0x47504653, "GPFS"},
    NetworkFileSystem{0x19830326, "BeeGFS"}, NetworkFileSystem{0x00c36400, "Ceph"},
    NetworkFileSystem{0x65735546, "FUSE"},   NetworkFileSystem{0x5346414f, "AFS"},
    NetworkFileSystem{0x6b414653, "AFS"},    NetworkFileSystem{0x01021997, "9P"},
    NetworkFileSystem{0x73757245, "Coda"},   NetworkFileSystem{0x564c, "NCP"},
    NetworkFileSystem{0x01161970, "GFS2"},   NetworkFileSystem{0x7461636f, "OCFS2"},
};

// https://www.sqlite.org/fileformat.html#the_database_header
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kHeaderSize = 100, kPageSizeAt = 16, kPageCountAt = 28, kUserVersionAt = 60,
                      kApplicationIdAt = 68;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

std::uint32_t BigEndian(const std::array<unsigned char, kHeaderSize>& header, std::size_t at,
                        std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | header[at + i];
  return value;
}

Error SystemError(const std::string& path) {
  const int number = errno;
  const bool denied = number == EACCES || number == EPERM;
  return {denied ? Errc::kDenied : Errc::kInternal,
          fmt::format("{} cannot be read: {}", path, std::strerror(number))};
}

// Octets the file has to have. While a checkpoint is under way the write-ahead log has the rest.
std::uint64_t ExpectedSize(const std::string& path, const std::array<unsigned char, kHeaderSize>& header) {
  struct stat wal {};
  if (stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0) return 0;
  const std::uint32_t code = BigEndian(header, kPageSizeAt, 2);
  const std::uint64_t page = code == 1 ? 65536 : code;
  return page * BigEndian(header, kPageCountAt, 4);
}

}  // namespace

Result<std::uint64_t> StatFileSystem(const std::string& path) {
  struct statfs found {};
  if (statfs(path.c_str(), &found) != 0) return tl::unexpected(SystemError(path));
  return static_cast<std::uint32_t>(found.f_type);
}

Result<void> CheckFileSystem(const std::string& path, const FileSystemType& type) {
  const auto magic = type(path);
  if (!magic) return tl::unexpected(magic.error());
  const auto* known = std::ranges::find(kNetworkFileSystems, *magic, &NetworkFileSystem::magic);
  if (known == kNetworkFileSystems.end()) return {};
  return Fail(
      Errc::kInvalid,
      fmt::format("{} is on a network file system ({}), where locks cannot be relied on; a journal has "
                  "to be on a local disk",
                  path, known->name));
}

Result<FileState> LookAtFile(const std::string& path, int schema) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.fd < 0 && errno == ENOENT) return FileState::kAbsent;
  if (file.fd < 0) return tl::unexpected(SystemError(path));
  struct stat found {};
  if (fstat(file.fd, &found) != 0) return tl::unexpected(SystemError(path));
  const auto wrong = [&](std::string_view what) {
    return Fail(Errc::kMalformed, fmt::format("{} {}; it is left as it is", path, what));
  };
  if (!S_ISREG(found.st_mode)) return wrong("is no journal: it is no regular file");
  if (found.st_size == 0) return wrong("is no journal: it is empty");
  std::array<unsigned char, kHeaderSize> header{};
  const ssize_t got = pread(file.fd, header.data(), header.size(), 0);
  if (got < 0) return tl::unexpected(SystemError(path));
  const auto size = static_cast<std::size_t>(got);
  if (std::memcmp(header.data(), kMagic.data(), std::min(size, kMagic.size())) != 0) {
    return wrong("is no journal, or its beginning is damaged");
  }
  if (size < header.size()) return wrong("is damaged: it was cut");
  if (BigEndian(header, kApplicationIdAt, 4) != kApplicationId) {
    return wrong("is a database of another program");
  }
  if (static_cast<std::uint64_t>(found.st_size) < ExpectedSize(path, header)) {
    return wrong("is damaged: it was cut");
  }
  const auto version = BigEndian(header, kUserVersionAt, 4);
  if (version > static_cast<std::uint32_t>(schema)) {
    return Fail(
        Errc::kUnsupported,
        fmt::format("{} was written by a newer aftershock (schema {}, known here up to {}); it is left "
                    "as it is",
                    path, version, schema));
  }
  return FileState::kJournal;
}

}  // namespace aftershock::journal
