// The one monitor of a journal holds FILE.lock as long as it runs; the kernel lets go of it when the process
// ends, however it ends. Internal to journal/.
#pragma once

#include <string>

#include "base/result.h"

namespace aftershock::journal {

class MonitorLock {
 public:
  // Makes the file. kDenied: another one holds it (named by its process id), or the folder may not be
  // written.
  static Result<MonitorLock> Take(const std::string& journal);

  MonitorLock() = default;
  MonitorLock(MonitorLock&& other) noexcept;
  MonitorLock& operator=(MonitorLock&& other) noexcept;
  ~MonitorLock();

 private:
  explicit MonitorLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace aftershock::journal
