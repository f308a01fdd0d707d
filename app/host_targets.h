// The monitors of other hosts that `hosts:` names: URLs, and files in Prometheus' file_sd format.
//
// A file is a JSON or YAML list of {targets: ["node7:9917"], labels: {rack: r12}}. Of the labels,
// __scheme__ and __metrics_path__ say how a target is asked, as they do to Prometheus; others that begin
// with two underscores are left out. Source: Prometheus, "file_sd_config".
//
// Threading: one thread at a time.
// Errors: of a file, kInvalid with file, line and key, else kAbsent, kDenied, kInternal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "probes/fleet/http.h"

namespace aftershock::app {

struct HostTarget {
  fleet::Url url;
  std::map<std::string, std::string> labels;
};

// Of the text of one file. `name` names it in errors.
Result<std::vector<HostTarget>> TargetsFromText(const std::string& text, const std::string& name);

class HostTargets {
 public:
  // The URLs are sound. Errors: of the first file that is not.
  static Result<HostTargets> Read(const std::vector<std::string>& urls, std::vector<std::string> files);

  // In the order of the configuration, each once.
  const std::vector<HostTarget>& targets() const { return targets_; }
  // Reads again what has changed. A file that is not sound now counts as it was; says which, and why, once.
  std::vector<std::string> Renew();

 private:
  struct File {
    std::string path, text, complaint;
    std::vector<HostTarget> targets;
  };
  Result<void> ReadAgain(File& file) const;
  void Join();

  std::vector<HostTarget> urls_;
  std::vector<File> files_;
  std::vector<HostTarget> targets_;
};

}  // namespace aftershock::app
