// A sysfs of our own in a temporary folder, which goes with it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace aftershock::host {

class SysfsTree {
 public:
  SysfsTree();
  ~SysfsTree();
  SysfsTree(const SysfsTree&) = delete;
  SysfsTree& operator=(const SysfsTree&) = delete;

  std::string root() const { return root_.string(); }
  // A file with `text` and the line feed that the kernel adds; folders on the way are made.
  void Write(const std::string& path, std::string_view text) const;
  // As it is, without a line feed.
  void WriteRaw(const std::string& path, std::string_view octets) const;
  void MakeFolder(const std::string& path) const;
  void Link(const std::string& path, const std::string& target) const;
  void Remove(const std::string& path) const;

  // A healthy device with one InfiniBand port.
  void AddHca(const std::string& name) const;

 private:
  std::filesystem::path root_;
};

}  // namespace aftershock::host
