#include "probes/mad/queue.h"

#include <algorithm>
#include <utility>

namespace aftershock::mad {
namespace {

std::size_t Index(MadClass c) {
  return static_cast<std::size_t>(c);
}

}  // namespace

Queue::Queue(std::uint32_t per_lane) : per_lane_(std::max(per_lane, 1u)) {}

JobHandle Queue::Make(const Request& request, Callback done, Jobs& to) {
  if (spare_.empty()) spare_.emplace_back();
  to.splice(to.end(), spare_, spare_.begin());
  Job& job = to.back();
  job.request = request;
  job.done = std::move(done);
  job.counted = CountedAs(request.mgmt_class);
  job.tries = 0;
  job.redirection = Job::Redirection::kNone;
  job.lane = request.lane == kNoLane ? nullptr : &lanes_[request.lane];
  return std::prev(to.end());
}

void Queue::Discard(Jobs& from, JobHandle job) {
  spare_.splice(spare_.begin(), from, job);
}

void Queue::Push(Jobs& from, JobHandle job) {
  const std::size_t c = Index(job->counted);
  Jobs& to = job->lane ? job->lane->waiting[c] : ready_[c];
  to.splice(to.end(), from, job);
  if (job->lane) Offer(*job->lane, c);
}

void Queue::PutBack(Jobs& from, JobHandle job) {
  if (!job->lane) return Push(from, job);
  Jobs& to = job->lane->waiting[Index(job->counted)];
  to.splice(to.begin(), from, job);
  Release(*job);
}

bool Queue::Take(MadClass mad_class, Jobs& to) {
  const std::size_t c = Index(mad_class);
  Jobs& ready = ready_[c];
  while (!ready.empty()) {
    const JobHandle job = ready.begin();
    LaneState* lane = job->lane;
    if (lane) {
      lane->offered[c].reset();
      if (!Free(*lane)) {  // a job of another class was faster
        lane->waiting[c].splice(lane->waiting[c].begin(), ready, job);
        continue;
      }
      ++lane->in_flight;
    }
    to.splice(to.end(), ready, job);
    if (lane) Offer(*lane, c);
    return true;
  }
  return false;
}

void Queue::Release(const Job& job) {
  if (!job.lane) return;
  --job.lane->in_flight;
  Offer(*job.lane);
}

void Queue::GiveUp(Lane id, Jobs& to) {
  const auto found = lanes_.find(id);
  if (found == lanes_.end()) return;
  LaneState& lane = found->second;
  for (std::size_t c = 0; c < kMadClassCount; ++c) {
    if (const auto first = std::exchange(lane.offered[c], std::nullopt)) {
      lane.waiting[c].splice(lane.waiting[c].begin(), ready_[c], *first);
    }
    Jobs& waiting = lane.waiting[c];
    for (JobHandle job = waiting.begin(); job != waiting.end();) {
      const JobHandle next = std::next(job);
      if (job->tries == 0) to.splice(to.end(), waiting, job);
      job = next;
    }
    Offer(lane, c);
  }
}

void Queue::GiveUpAll(Jobs& to) {
  for (Jobs& ready : ready_) to.splice(to.end(), ready);
  for (auto& [id, lane] : lanes_) {
    lane.offered = {};
    for (Jobs& waiting : lane.waiting) to.splice(to.end(), waiting);
  }
}

bool Queue::Empty() const {
  return std::all_of(ready_.begin(), ready_.end(), [](const Jobs& ready) { return ready.empty(); });
}

void Queue::Offer(LaneState& lane) {
  for (std::size_t c = 0; c < kMadClassCount; ++c) Offer(lane, c);
}

void Queue::Offer(LaneState& lane, std::size_t c) {
  if (lane.offered[c] || lane.waiting[c].empty() || !Free(lane)) return;
  lane.offered[c] = lane.waiting[c].begin();
  ready_[c].splice(ready_[c].end(), lane.waiting[c], lane.waiting[c].begin());
}

}  // namespace aftershock::mad
