// Other monitors of the same subnet on this machine: one of them is enough, and two ask everything twice.
//
// Each claims a name for the port it looks by, in the kernel's abstract socket namespace (unix(7)):
// "aftershock/fabric/" and the port GUID. Whoever sees a port with such a name in its own sweep has found
// another. Monitors of other machines are not seen: nothing that may be asked by Get tells of them.
//
// Threading: one thread at a time.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "model/fabric.h"

namespace aftershock::app {

class OtherMonitors {
 public:
  OtherMonitors() = default;
  ~OtherMonitors();
  OtherMonitors(const OtherMonitors&) = delete;
  OtherMonitors& operator=(const OtherMonitors&) = delete;

  struct Other {
    Guid port{};
    std::string name;  // of the port's node
    pid_t process = 0;
  };
  // Claims the port the sweep went out by, and finds those that appeared since the last call.
  std::vector<Other> Look(const FabricSnapshot& snapshot);

 private:
  void Claim(Guid port);

  std::map<Guid, int> claims_;  // listening sockets
  std::map<Guid, pid_t> known_;
};

}  // namespace aftershock::app
