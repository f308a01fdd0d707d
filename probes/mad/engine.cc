#include "probes/mad/engine.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probes/mad/match.h"
#include "probes/mad/queue.h"
#include "probes/mad/shared.h"
#include "probes/mad/window.h"
#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

using std::chrono::milliseconds;

// A transaction id is a slot and how often it was used: of an earlier use means late.
constexpr std::uint32_t kSlotBits = 12;
constexpr std::uint32_t kMaxSlots = 1u << kSlotBits;
constexpr std::uint32_t kMaxInFlight = kMaxSlots / kMadClassCount;

constexpr milliseconds kLongestWait{100};  // a stop is noticed after so long
constexpr milliseconds kLeastSlack{20};    // between the local stack's time-out and ours

std::size_t Index(MadClass c) {
  return static_cast<std::size_t>(c);
}

// From sending to our own time-out.
milliseconds Patience(milliseconds timeout) {
  return timeout + std::max(timeout / 4, kLeastSlack);
}

// A redirection holds for one class at one LID.
std::uint32_t RedirectKey(Lid lid, MadClass c) {
  return static_cast<std::uint32_t>(lid) << 8 | static_cast<std::uint32_t>(c);
}

}  // namespace

class Engine::Impl {
 public:
  Impl(Transport& transport, const Clock& clock, Limits limits);

  void Submit(const Request& request, Callback done);
  void GiveUpOn(Lane lane) {
    EndAs({.answer = Answer::kTimeout}, [&] { queue_.GiveUp(lane, ended_); });
  }
  Result<void> Run(SteadyTime deadline, std::stop_token stop);
  Result<bool> RunUntil(SteadyTime until);

  std::uint64_t m_key_ = 0;
  std::array<MadCount, kMadClassCount> counts_{};

 private:
  struct Slot {
    std::optional<RequestMad> sent;  // nullopt: free
    std::uint32_t uses = 0;
    JobHandle job;
    // The highest bit is the engine's, see SharedPort.
    std::uint32_t Transaction(std::uint32_t index) const {
      return (uses << kSlotBits | index) & ~kSecondUser;
    }
  };

  template <typename Move>
  void EndAs(Outcome outcome, Move move);
  Result<void> SendAndReceive(SteadyTime until, SteadyTime now);
  Error EndEverything(Error why);
  void DeliverEnded();
  void End(JobHandle job, Outcome outcome);

  void SendAll(SteadyTime now);
  void Send(JobHandle job, SteadyTime now);
  void SortIn(JobHandle job);
  Result<void> ReceiveAll(SteadyTime deadline, SteadyTime now);
  milliseconds LongestWait(SteadyTime deadline, SteadyTime now) const;
  void Expire(SteadyTime now);

  void Handle();
  const Slot* FindSlot() const;
  void HandleAnswer(JobHandle job);
  void Redirect(JobHandle job, std::uint16_t status);
  void Lost(JobHandle job);
  void TryAgain(JobHandle job, Outcome otherwise);
  void FreeSlot(const Job& job);
  milliseconds TimeoutOf(const Job& job) const {
    return job.request.timeout.count() != 0 ? job.request.timeout : limits_.timeout;
  }

  MadCount& CountOf(MadClass c) { return counts_[Index(c)]; }
  Window& WindowOf(const Job& job) { return windows_[Index(job.counted)]; }

  Transport& transport_;
  const Clock& clock_;
  Limits limits_;
  std::uint32_t user_;  // our bit of every transaction id
  Queue queue_;
  std::array<Window, kMadClassCount> windows_;
  std::size_t first_class_ = 0;  // to be served first, in turn
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  Jobs in_flight_;  // in the order of their time-outs
  Jobs ended_;      // callbacks to come
  Arrival arrival_;
  std::unordered_map<std::uint32_t, LidAddress> redirections_;
};

Engine::Impl::Impl(Transport& transport, const Clock& clock, Limits limits)
    : transport_(transport),
      clock_(clock),
      limits_(limits),
      user_(limits.second ? kSecondUser : 0),
      queue_(limits.per_lane),
      windows_{Window(std::min(limits.smp_in_flight, kMaxInFlight)),
               Window(std::min(limits.gmp_in_flight, kMaxInFlight)),
               Window(std::min(limits.sa_in_flight, kMaxInFlight))} {
  limits_.tries = std::max<std::uint8_t>(limits.tries, 1);
  std::uint32_t slots = 0;
  for (const Window& window : windows_) slots += window.size();
  slots_.resize(slots);
  for (std::uint32_t i = slots; i-- > 0;) free_slots_.push_back(i);
}

void Engine::Impl::Submit(const Request& request, Callback done) {
  const JobHandle job = queue_.Make(request, std::move(done), ended_);
  job->allowed = request.tries != 0 ? request.tries : limits_.tries;
  job->ended = {.answer = Answer::kUnreachable};
  if (IsSendable(request)) queue_.Push(ended_, job);
}

// What `move` adds to the ended jobs has this outcome.
template <typename Move>
void Engine::Impl::EndAs(Outcome outcome, Move move) {
  const std::size_t before = ended_.size();
  move();
  auto job = ended_.rbegin();
  for (std::size_t i = ended_.size(); i > before; --i, ++job) {
    outcome.tries = job->tries;
    job->ended = outcome;
  }
}

Result<void> Engine::Impl::Run(SteadyTime deadline, std::stop_token stop) {
  while (true) {
    const SteadyTime now = clock_.Steady();
    Expire(now);
    DeliverEnded();
    if (in_flight_.empty() && queue_.Empty()) return {};
    if (stop.stop_requested()) return tl::unexpected(EndEverything({Errc::kAbsent, "stopped"}));
    if (now >= deadline) return tl::unexpected(EndEverything({Errc::kTimeout, "the deadline came first"}));
    if (auto sent = SendAndReceive(deadline, now); !sent) return tl::unexpected(std::move(sent.error()));
  }
}

// At least once, so that a caller without time to wait gets on too.
Result<bool> Engine::Impl::RunUntil(SteadyTime until) {
  while (true) {
    const SteadyTime now = clock_.Steady();
    Expire(now);
    DeliverEnded();
    if (in_flight_.empty() && queue_.Empty()) return true;
    if (auto sent = SendAndReceive(until, now); !sent) return tl::unexpected(std::move(sent.error()));
    if (clock_.Steady() >= until) return false;
  }
}

Result<void> Engine::Impl::SendAndReceive(SteadyTime until, SteadyTime now) {
  SendAll(now);
  if (!ended_.empty()) return {};
  if (auto received = ReceiveAll(until, now); !received) {
    return tl::unexpected(EndEverything(std::move(received.error())));
  }
  return {};
}

Error Engine::Impl::EndEverything(Error why) {
  while (true) {
    EndAs({.answer = Answer::kUnreachable}, [&] {
      for (const Job& job : in_flight_) {
        WindowOf(job).Abandoned();
        queue_.Release(job);
        FreeSlot(job);
      }
      ended_.splice(ended_.end(), in_flight_);
      queue_.GiveUpAll(ended_);
    });
    if (ended_.empty()) return why;
    DeliverEnded();
  }
}

void Engine::Impl::DeliverEnded() {
  while (!ended_.empty()) {
    const JobHandle job = ended_.begin();
    const Callback done = std::move(job->done);
    const Outcome outcome = job->ended;
    queue_.Discard(ended_, job);
    done(outcome);
  }
}

// Of a job in flight, whose slot is free already.
void Engine::Impl::End(JobHandle job, Outcome outcome) {
  outcome.tries = job->tries;
  const Callback done = std::move(job->done);
  queue_.Release(*job);
  queue_.Discard(in_flight_, job);
  done(outcome);
}

void Engine::Impl::SendAll(SteadyTime now) {
  first_class_ = (first_class_ + 1) % kMadClassCount;
  for (std::size_t i = 0; i < kMadClassCount; ++i) {
    const std::size_t c = (first_class_ + i) % kMadClassCount;
    while (windows_[c].Open() && queue_.Take(static_cast<MadClass>(c), in_flight_)) {
      Send(std::prev(in_flight_.end()), now);
    }
  }
}

void Engine::Impl::Send(JobHandle job, SteadyTime now) {
  Request request = job->request;
  if (const auto* asked = std::get_if<LidAddress>(&request.address); asked && !redirections_.empty()) {
    const auto known = redirections_.find(RedirectKey(asked->lid, job->counted));
    if (job->redirection == Job::Redirection::kNone && known != redirections_.end()) {
      job->redirection = Job::Redirection::kRemembered;
      job->redirected = known->second;
    }
  }
  if (job->redirection != Job::Redirection::kNone) request.address = job->redirected;

  job->slot = free_slots_.back();
  Slot& slot = slots_[job->slot];
  ++slot.uses;
  slot.sent.emplace(request, slot.Transaction(job->slot) | user_, m_key_);
  if (const auto sent = transport_.Send(*slot.sent, TimeoutOf(*job)); !sent) {
    slot.sent.reset();
    ++CountOf(job->counted).errors;
    queue_.Release(*job);
    job->ended = {.answer = Answer::kUnreachable, .tries = job->tries};
    ended_.splice(ended_.end(), in_flight_, job);
    return;
  }
  free_slots_.pop_back();
  slot.job = job;
  job->ticket = WindowOf(*job).Sent();
  job->expires = now + Patience(TimeoutOf(*job));
  ++job->tries;
  ++CountOf(job->counted).sent;
  SortIn(job);
}

// Among those in flight by its time-out; nearly always that is the end, where it stands.
void Engine::Impl::SortIn(JobHandle job) {
  auto place = job;
  while (place != in_flight_.begin() && std::prev(place)->expires > job->expires) --place;
  if (place != job) in_flight_.splice(place, in_flight_, job);
}

// Everything that is there; waits when nothing is. A flood does not keep the clock from being looked at.
Result<void> Engine::Impl::ReceiveAll(SteadyTime deadline, SteadyTime now) {
  for (std::size_t arrivals = 0; arrivals < slots_.size(); ++arrivals) {
    auto received = transport_.Receive(arrival_, milliseconds{0});
    if (received && !*received) {
      if (arrivals != 0) return {};
      received = transport_.Receive(arrival_, LongestWait(deadline, now));
      if (received && !*received) return {};
    }
    if (!received) return tl::unexpected(std::move(received.error()));
    Handle();
  }
  return {};
}

milliseconds Engine::Impl::LongestWait(SteadyTime deadline, SteadyTime now) const {
  SteadyTime until = std::min(deadline, now + kLongestWait);
  if (!in_flight_.empty()) until = std::min(until, in_flight_.front().expires);
  return std::max(std::chrono::ceil<milliseconds>(until - now), milliseconds{0});
}

void Engine::Impl::Expire(SteadyTime now) {
  while (!in_flight_.empty() && in_flight_.front().expires <= now) Lost(in_flight_.begin());
}

void Engine::Impl::Handle() {
  const Slot* slot = arrival_.length < wire::kHeaderSize ? nullptr : FindSlot();
  const bool undelivered = arrival_.send_status != 0;
  if (slot && undelivered && arrival_.bytes[wire::kClass] == slot->sent->bytes()[wire::kClass]) {
    Lost(slot->job);
  } else if (slot && !undelivered && IsAnswerTo(arrival_, *slot->sent)) {
    HandleAnswer(slot->job);
  } else {
    ++CountOf(ClaimedClass(arrival_)).dropped;
  }
}

const Engine::Impl::Slot* Engine::Impl::FindSlot() const {
  const auto transaction = wire::Load<std::uint32_t>(arrival_.bytes, wire::kTransactionLow);
  const std::uint32_t index = transaction % kMaxSlots;
  if (index >= slots_.size() || !slots_[index].sent) return nullptr;
  return transaction == (slots_[index].Transaction(index) | user_) ? &slots_[index] : nullptr;
}

void Engine::Impl::HandleAnswer(JobHandle job) {
  const std::uint16_t status = StatusOf(arrival_);
  const Reply reply = Classify(job->counted, status);
  FreeSlot(*job);
  WindowOf(*job).Answered();
  MadCount& count = CountOf(job->counted);
  ++(reply == Reply::kAnswered || reply == Reply::kRedirect ? count.answered : count.errors);
  switch (reply) {
    case Reply::kAnswered:
      if (job->request.get_table && !IsWhole(arrival_))
        return End(job, {.answer = Answer::kError, .status = status});
      return End(job, {.answer = Answer::kAnswered, .data = DataOf(arrival_, job->counted)});
    case Reply::kUnsupported:
      return End(job, {.answer = Answer::kUnsupported, .status = status});
    case Reply::kError:
      return End(job, {.answer = Answer::kError, .status = status});
    case Reply::kBusy:
      return TryAgain(job, {.answer = Answer::kError, .status = status});
    case Reply::kRedirect:
      return Redirect(job, status);
  }
}

// Once per request: two that redirect to each other are not followed in circles.
void Engine::Impl::Redirect(JobHandle job, std::uint16_t status) {
  const auto* asked = std::get_if<LidAddress>(&job->request.address);
  const auto to = RedirectionOf(arrival_, job->counted);
  const std::uint32_t key = RedirectKey(asked->lid, job->counted);
  if (!to || job->redirection != Job::Redirection::kNone) {
    redirections_.erase(key);
    return End(job, {.answer = Answer::kError, .status = status});
  }
  redirections_[key] = *to;
  job->redirection = Job::Redirection::kFollowed;
  job->redirected = *to;
  if (job->allowed == job->tries) ++job->allowed;
  queue_.PutBack(in_flight_, job);
}

void Engine::Impl::Lost(JobHandle job) {
  FreeSlot(*job);
  WindowOf(*job).TimedOut(job->ticket);
  ++CountOf(job->counted).timeouts;
  if (job->redirection != Job::Redirection::kNone) {
    redirections_.erase(RedirectKey(std::get<LidAddress>(job->request.address).lid, job->counted));
    if (job->redirection == Job::Redirection::kRemembered) job->redirection = Job::Redirection::kNone;
  }
  TryAgain(job, {.answer = Answer::kTimeout});
}

void Engine::Impl::TryAgain(JobHandle job, Outcome otherwise) {
  if (job->tries >= job->allowed) return End(job, otherwise);
  queue_.PutBack(in_flight_, job);
}

void Engine::Impl::FreeSlot(const Job& job) {
  slots_[job.slot].sent.reset();
  free_slots_.push_back(job.slot);
}

Engine::Engine(Transport& transport, const Clock& clock, Limits limits)
    : impl_(std::make_unique<Impl>(transport, clock, limits)) {}
Engine::~Engine() = default;

void Engine::SetMKey(std::uint64_t m_key) {
  impl_->m_key_ = m_key;
}
void Engine::Submit(const Request& request, Callback done) {
  impl_->Submit(request, std::move(done));
}
void Engine::GiveUpOn(Lane lane) {
  impl_->GiveUpOn(lane);
}
Result<void> Engine::Run(SteadyTime deadline, std::stop_token stop) {
  return impl_->Run(deadline, stop);
}
Result<bool> Engine::RunUntil(SteadyTime until) {
  return impl_->RunUntil(until);
}
const std::array<MadCount, kMadClassCount>& Engine::counts() const {
  return impl_->counts_;
}

}  // namespace aftershock::mad
