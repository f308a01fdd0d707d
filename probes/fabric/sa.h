// Asks the SA at the master: ClassPortInfo, the IPoIB broadcast group of the default partition, one path from
// our port to another adapter in turn, and of some ports in turn whether they are members of that group.
//
// One question at a time, and after the first that stays without an answer none in this sweep. Threading:
// that of the sweep.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "probes/fabric/asker.h"
#include "probes/fabric/graph.h"

namespace aftershock::fabric {

class SaReader {
 public:
  static constexpr std::size_t kMembersPerSweep = 16, kMostPaths = 1024;
  static constexpr Duration kMemberAgain = std::chrono::minutes(1);  // of one port, at the soonest
  static constexpr Duration kMembersTake = std::chrono::seconds(2);  // no more are asked after that

  explicit SaReader(Asker& ask) : ask_(ask) {}

  // A sweep begins: nothing was asked.
  void Forget();
  // `own`: our port. Asks nothing while it is not Active, or the one at its SM LID is no master.
  void Ask(Graph& graph, End own, const SmView& master);

  const SaView& view() const { return view_; }

 private:
  struct PortOfPath {
    Guid guid{};  // of the port at the other end
    PathSample sample;
  };
  struct Adapter {
    End end;
    Guid guid{};
    Gid gid;
  };

  void FindAdapters(const Graph& graph);
  void DropOldPaths(const Graph& graph);
  void AskClassPortInfo();
  void AskGroup();
  void AskPath();
  void PlanMembers();
  void AskMember();
  void TakePath(const Adapter& to, const mad::Outcome& outcome);
  void TakeMember(const Adapter& of, const mad::Outcome& outcome);
  void ShowPaths();

  Asker& ask_;
  Graph* graph_ = nullptr;
  Lid own_lid_{};
  Gid own_gid_;
  std::uint8_t sl_ = 0;
  SaView view_;
  std::vector<Adapter> adapters_;  // that could be members, by port GUID
  Guid last_path_to_{};
  std::deque<PortOfPath> paths_;
  std::deque<Adapter> members_;                        // to be asked
  std::unordered_map<Guid, SteadyTime> member_asked_;  // within the last minute
  Duration members_since_{};
};

}  // namespace aftershock::fabric
