// Values out of sysfs folders, with a list of what went wrong on the way.
//
// Threading: one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/printable.h"
#include "model/host.h"
#include "probes/host/sysfs_file.h"

namespace aftershock::host {

class SysfsReader {
 public:
  // `faults` must outlive it; no more than `max_faults` are listed.
  SysfsReader(std::vector<FileFault>& faults, std::size_t max_faults)
      : faults_(faults), max_faults_(max_faults) {}

  // What `parse` (std::string_view -> std::optional<T>) makes of the file's text; nullopt: the file is
  // missing, or it is a fault.
  template <typename Parse>
  auto Value(const Folder& folder, const std::string& name, Parse parse)
      -> decltype(parse(std::string_view())) {
    const auto text = Text(folder, name);
    if (!text) return std::nullopt;
    auto value = parse(std::string_view(*text));
    if (!value) Odd(folder.PathOf(name), *text);
    return value;
  }

  // The text as it is; nullopt as above.
  std::optional<std::string> Text(const Folder& folder, const std::string& name);
  // The text made Printable(); empty as above.
  std::string Label(const Folder& folder, const std::string& name);

  void Fault(std::string path, Error error);
  // `text` is not what the kernel documents for `path`.
  void Odd(const std::string& path, std::string_view text);

 private:
  std::vector<FileFault>& faults_;
  std::size_t max_faults_;
};

}  // namespace aftershock::host
