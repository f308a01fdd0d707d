// Asks the SA at the master: ClassPortInfo, the IPoIB broadcast group of the default partition, one path from
// our port to another adapter in turn, and of some ports in turn whether they are members of that group.
// Where packets travel on several data VLs, also paths between others, spread over all pairs: what service
// level they are given decides whether a cycle of links is one of credits.
//
// One question at a time, and after the first that stays without an answer none in this sweep. Threading:
// that of the sweep.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "probes/fabric/asker.h"
#include "probes/fabric/graph.h"

namespace aftershock::fabric {

class SaReader {
 public:
  static constexpr std::size_t kMembersPerSweep = 16, kMostPaths = 1024;
  // Of other pairs: in a sweep that begins with fewer, so many are asked as are missing; else some in turn.
  static constexpr std::size_t kPathsAtFirst = 64, kPathsPerSweep = 16;
  static constexpr Duration kMemberAgain = std::chrono::minutes(1);  // of one port, at the soonest
  static constexpr Duration kTurnTakes = std::chrono::seconds(2);    // no more paths, or members, after that

  // `sa_key`: not 0: the SA tells all members of the group at once to who knows it.
  SaReader(Asker& ask, std::uint64_t sa_key) : ask_(ask), sa_key_(sa_key) {}

  // A sweep begins: nothing was asked.
  void Forget();
  // `own`: our port. Asks nothing while it is not Active, or the one at its SM LID is no master.
  void Ask(Graph& graph, End own, const SmView& master);

  // Somebody routed anew: paths may have other service levels.
  void ForgetPaths();

  const SaView& view() const { return view_; }

 private:
  struct Path {
    Guid from{}, to{};  // of ports
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
  void AskOwnPath();
  void PlanPaths();
  void AskPathBetweenOthers();
  void AskPath(const Adapter& from, const Adapter& to, bool own);
  void PlanMembers();
  void AskAllMembers();
  bool TakeAllMembers(std::span<const std::uint8_t> table);
  void PlanSomeMembers();
  void AskMember();
  bool TakePath(const Adapter& from, const Adapter& to, const mad::Outcome& outcome);
  void TakeMember(const Adapter& of, const mad::Outcome& outcome);
  void ShowPaths();

  Asker& ask_;
  std::uint64_t sa_key_;
  Graph* graph_ = nullptr;
  Adapter own_;
  std::uint8_t sl_ = 0;
  SaView view_;
  std::vector<Adapter> adapters_;  // that could be members, by port GUID
  Guid last_path_to_{}, master_{};
  std::deque<Path> paths_;
  std::uint64_t pairs_asked_ = 0;
  std::size_t pairs_left_ = 0;  // to be asked in this sweep
  Duration pairs_since_{};
  std::deque<Adapter> members_;                        // to be asked
  std::unordered_map<Guid, SteadyTime> member_asked_;  // within the last minute
  Duration members_since_{};
  bool members_planned_ = false;         // in this sweep, which may ask for paths a second time
  std::optional<SteadyTime> all_asked_;  // for the table of all members
  bool all_known_ = false;               // it came, and stands until it is asked for again
};

}  // namespace aftershock::fabric
