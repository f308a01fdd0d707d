// Which neighbour's path is asked about next, and the last answers.
//
// In turn: the one whose answer is oldest; every second time the oldest among those to which the SA knew no
// path, so that such an answer does not stand for longer than its reason.
//
// Threading: one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "model/host.h"
#include "probes/host/sa_question.h"

namespace aftershock::host {

class NeighbourSample {
 public:
  struct Candidate {
    NeighbourPath path;  // without an answer
    HcaPortName port;    // by which our link reaches it
    Gid from;
  };

  // The neighbours of this look, their links' ports and the answers that still have a neighbour.
  void See(const HostSnapshot& seen);
  // `askable`: the ports that can be asked through.
  std::optional<Candidate> Choose(const std::vector<HcaPortName>& askable);
  void Hear(const Candidate& candidate, const Said& said, SteadyTime asked);
  std::vector<NeighbourPath> Answers() const;

 private:
  using Key = std::tuple<int, std::string, Gid>;
  static Key KeyOf(const NeighbourPath& path) { return {path.link, path.ip, path.gid}; }
  SteadyTime LastAsked(const Candidate& candidate) const;

  std::vector<Candidate> candidates_;
  std::map<Key, NeighbourPath> answers_;
  bool again_ = false;  // it is the turn of those without a path
};

}  // namespace aftershock::host
