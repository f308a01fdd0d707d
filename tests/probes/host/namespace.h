// A network namespace of a test's own, with links made of software in it. Needs root, or the right to make
// user namespaces.
#pragma once

#include <memory>
#include <string>

#include "probes/host/netlink_attributes.h"

struct nl_sock;

namespace aftershock::host {

class Namespace {
 public:
  // Why this process may not make namespaces with veth links; empty: it may. To be called first, while there
  // is one thread.
  static std::string WhyNot();

  // Empty but for its loopback. Throws where it cannot be made; so do the others when the kernel refuses.
  Namespace();
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  // The calling thread, and those that it starts, live in it from now on.
  void Enter() const;

  void AddPair(const std::string& name, const std::string& peer) const;
  // False: this kernel has no bridges.
  bool AddBridge(const std::string& name) const;
  void Delete(const std::string& name) const;
  void SetUp(const std::string& name, bool up) const;
  void SetMtu(const std::string& name, unsigned mtu) const;
  // REQUIRES: the calling thread has entered it; the next two too.
  void Rename(const std::string& name, const std::string& to) const;
  void SetMaster(const std::string& name, const std::string& master) const;  // "": none
  void SetNeighbour(const std::string& name, const std::string& ip, unsigned state) const;
  void DeleteNeighbour(const std::string& name, const std::string& ip) const;
  void Move(const std::string& name, const Namespace& to) const;

 private:
  struct Close {
    void operator()(nl_sock* socket) const;
  };
  void Open();
  int Ask(int type, int flags, Bytes payload) const;
  void Demand(int type, int flags, Bytes payload, const std::string& doing) const;

  int fd_ = -1;
  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace aftershock::host
