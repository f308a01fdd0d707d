// Folders and files of sysfs, or of anything that looks like it: every read is bounded, no read waits for a
// writer, and a folder that is held stays the folder it was when it was opened.
//
// Threading: a Folder belongs to one thread; a read may block as long as a driver does.
// Errors:    kAbsent       it does not exist, or no longer
//            kDenied       it may not be read
//            kUnsupported  EINVAL: the driver knows no such value
//            kMalformed    not a file (or folder), a loop of links, longer than a page
//            kInternal     anything else that the kernel says
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace aftershock::host {

class Folder {
 public:
  // `path` below `root`; faults and errors name `path`.
  static Result<Folder> Open(const std::string& root, const std::string& path);
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&&) = delete;
  ~Folder();

  Result<Folder> Enter(const std::string& name) const;
  // The file's text without trailing white space; at most a page of 4096 octets, as sysfs gives.
  Result<std::string> Read(const std::string& name) const;
  // The last component of where a symbolic link leads: "mlx5_core" of "../../../bus/pci/drivers/mlx5_core".
  Result<std::string> LinkName(const std::string& name) const;
  // Sorted, without "." and "..", at most kMaxEntries.
  std::vector<std::string> Names() const;

  // A number that no other folder of sysfs has: one that went and came back has another. 0: not known.
  std::uint64_t Inode() const;
  std::string PathOf(const std::string& name) const { return path_ + "/" + name; }

  static constexpr std::size_t kMaxEntries = 4096;

 private:
  Folder(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

}  // namespace aftershock::host
