#include "probes/host/sysfs_reader.h"

#include <utility>

namespace aftershock::host {

std::optional<std::string> SysfsReader::Text(const Folder& folder, const std::string& name) {
  auto text = folder.Read(name);
  if (text) return std::move(*text);
  if (text.error().code != Errc::kAbsent) Fault(folder.PathOf(name), std::move(text.error()));
  return std::nullopt;
}

std::string SysfsReader::Label(const Folder& folder, const std::string& name) {
  return Printable(Text(folder, name).value_or(""));
}

void SysfsReader::Fault(std::string path, Error error) {
  if (faults_.size() < max_faults_) faults_.push_back({Printable(path), std::move(error)});
}

void SysfsReader::Odd(const std::string& path, std::string_view text) {
  constexpr std::size_t kShown = 64;
  Fault(path, {Errc::kMalformed, "\"" + Printable(text.substr(0, kShown)) + "\" makes no sense here"});
}

}  // namespace aftershock::host
