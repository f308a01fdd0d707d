// The engine's requests from Submit() to callback, and which of them may go next.
//
// A job stands in one list at a time and moves by splicing: nothing is allocated once as many jobs have been
// seen as are ever there at once. Of every lane only the first job per class stands in the ready list; a lane
// that is busy costs nothing until it is free again.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

#include "probes/mad/engine.h"

namespace aftershock::mad {

struct LaneState;

struct Job {
  enum class Redirection : std::uint8_t { kNone, kRemembered, kFollowed };

  Request request;
  Callback done;
  MadClass counted{};
  std::uint8_t tries = 0;    // sent so often
  std::uint8_t allowed = 0;  // to be sent at most so often
  Redirection redirection{};
  LidAddress redirected;      // where to, unless kNone
  Outcome ended;              // in a list of ended jobs: with what
  LaneState* lane = nullptr;  // nullptr: kNoLane

  // While in flight.
  std::uint32_t slot = 0;
  std::uint64_t ticket = 0;
  SteadyTime expires{};
};
using Jobs = std::list<Job>;
using JobHandle = Jobs::iterator;

struct LaneState {
  std::uint32_t in_flight = 0;
  std::array<std::optional<JobHandle>, kMadClassCount>
      offered;  // its first job, which stands in the ready list
  std::array<Jobs, kMadClassCount> waiting;
};

class Queue {
 public:
  explicit Queue(std::uint32_t per_lane);

  // A new job, the last of `to`.
  JobHandle Make(const Request& request, Callback done, Jobs& to);
  // Takes the job out of `from` for good.
  void Discard(Jobs& from, JobHandle job);

  // To the end of its lane.
  void Push(Jobs& from, JobHandle job);
  // A job that was taken: to the front of its lane.
  void PutBack(Jobs& from, JobHandle job);
  // The job of the class whose turn it is, moved to the end of `to` with its lane occupied; false: none may
  // go.
  bool Take(MadClass c, Jobs& to);
  // A job that was taken no longer occupies its lane.
  void Release(const Job& job);

  // Moves the lane's jobs that were never sent to the end of `to`.
  void GiveUp(Lane lane, Jobs& to);
  void GiveUpAll(Jobs& to);
  // REQUIRES: no job is taken
  bool Empty() const;

 private:
  bool Free(const LaneState& lane) const { return lane.in_flight < per_lane_; }
  void Offer(LaneState& lane);
  void Offer(LaneState& lane, std::size_t c);

  std::uint32_t per_lane_;
  std::unordered_map<Lane, LaneState> lanes_;  // a Job points to its LaneState: never erased
  std::array<Jobs, kMadClassCount> ready_;
  Jobs spare_;
};

}  // namespace aftershock::mad
