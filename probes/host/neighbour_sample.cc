#include "probes/host/neighbour_sample.h"

#include <algorithm>
#include <set>
#include <utility>

namespace aftershock::host {
namespace {

constexpr unsigned kMulticastPrefix = 0xff;

bool IsMulticast(const Gid& gid) {
  return gid.prefix >> 56 == kMulticastPrefix;
}

// A bond's neighbours are reached over its active leg.
const IpoibLink* LinkTo(const HostSnapshot& seen, const Neighbour& neighbour) {
  if (const IpoibLink* link = seen.FindLink(neighbour.link)) return link;
  const auto bond = std::ranges::find(seen.bonds, neighbour.link, &Bond::index);
  return bond == seen.bonds.end() ? nullptr : seen.FindLink(bond->active_leg);
}

std::optional<Gid> OwnGid(const HostSnapshot& seen, const IpoibLink& link) {
  if (link.address) return link.address->gid;
  const HostPort* port = seen.FindPort(*link.hca_port);
  return port ? port->gid : std::nullopt;
}

}  // namespace

void NeighbourSample::See(const HostSnapshot& seen) {
  candidates_.clear();
  std::set<Key> there;
  for (const Neighbour& neighbour : seen.neighbours) {
    if (!neighbour.address || IsMulticast(neighbour.address->gid)) continue;
    const IpoibLink* link = LinkTo(seen, neighbour);
    if (!link || !link->hca_port) continue;
    const auto from = OwnGid(seen, *link);
    const Gid& to = neighbour.address->gid;
    if (!from || to == Gid{} || to == *from) continue;
    Candidate candidate{.port = *link->hca_port, .from = *from};
    candidate.path.link = neighbour.link;
    candidate.path.interface = neighbour.interface;
    candidate.path.ip = neighbour.ip;
    candidate.path.gid = to;
    there.insert(KeyOf(candidate.path));
    candidates_.push_back(std::move(candidate));
  }
  std::erase_if(answers_, [&](const auto& known) { return !there.contains(known.first); });
}

SteadyTime NeighbourSample::LastAsked(const Candidate& candidate) const {
  const auto known = answers_.find(KeyOf(candidate.path));
  return known == answers_.end() ? SteadyTime::min() : known->second.asked.value_or(SteadyTime::min());
}

std::optional<NeighbourSample::Candidate> NeighbourSample::Choose(const std::vector<HcaPortName>& askable) {
  const Candidate* oldest = nullptr;
  const Candidate* oldest_without = nullptr;
  const auto take_older = [this](const Candidate*& best, const Candidate& candidate) {
    if (!best || LastAsked(candidate) < LastAsked(*best)) best = &candidate;
  };
  for (const Candidate& candidate : candidates_) {
    if (std::ranges::find(askable, candidate.port) == askable.end()) continue;
    take_older(oldest, candidate);
    const auto known = answers_.find(KeyOf(candidate.path));
    if (known != answers_.end() && known->second.answer != SaAnswer::kYes)
      take_older(oldest_without, candidate);
  }
  again_ = !again_;
  if (!again_ && oldest_without) return *oldest_without;
  return oldest ? std::optional(*oldest) : std::nullopt;
}

void NeighbourSample::Hear(const Candidate& candidate, const Said& said, SteadyTime asked) {
  if (said.answer == SaAnswer::kNotAsked) return;
  NeighbourPath answer = candidate.path;
  answer.answer = said.answer;
  answer.status = said.status;
  answer.why = said.why;
  answer.asked = asked;
  answers_[KeyOf(candidate.path)] = std::move(answer);
}

std::vector<NeighbourPath> NeighbourSample::Answers() const {
  std::vector<NeighbourPath> answers;
  for (const Candidate& candidate : candidates_) {
    const auto known = answers_.find(KeyOf(candidate.path));
    if (known == answers_.end()) continue;
    answers.push_back(known->second);
    answers.back().interface = candidate.path.interface;
  }
  return answers;
}

}  // namespace aftershock::host
