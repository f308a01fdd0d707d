// Many requests in flight over different nodes, from one thread.
//
// Submit() queues; Run() sends, matches answers, repeats what got lost, and calls back. Callbacks run inside
// Run() and may submit more. A sweep is a set of callbacks that submit each other, and ends when nothing is
// left.
//
// Matching: an answer belongs to a request when transaction id (lower 32 bits: a kernel or simulator may
// change the upper ones), class, attribute, modifier and source agree; the source of a directed-route answer
// is its route. All else is counted in MadCount::dropped and thrown away.
//
// Pacing: per MAD class at most `limit` in flight, less after time-outs (halved, at most once per round trip,
// not below a quarter of the limit), growing by one per window of answers. At most `per_lane` in flight per
// lane.
//
// Time-outs are the engine's own: a kernel hands a request back after its time-out, a simulator at once or
// never.
//
// Threading: one thread. Errors: see Outcome.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>

#include "base/clock.h"
#include "base/result.h"
#include "model/fabric.h"
#include "probes/mad/request.h"
#include "probes/mad/transport.h"

namespace aftershock::mad {

struct Limits {
  std::uint32_t smp_in_flight = 16;  // VL15 has no flow control, and the SM's own packets ride on it
  std::uint32_t gmp_in_flight = 64;
  std::uint32_t sa_in_flight = 1;
  std::uint32_t per_lane = 1;
  std::uint8_t tries = 4;  // OpenSM's default too: 3 retries
  std::chrono::milliseconds timeout{200};
  bool second = false;  // its transaction ids are those of the second user of a SharedPort
};

struct Outcome {
  Answer answer = Answer::kTimeout;
  std::uint16_t status = 0;  // the MAD's status field where there was an answer
  std::span<const std::uint8_t>
      data{};              // of the attribute; empty unless answered; valid during the callback only
  std::uint8_t tries = 0;  // sent so often; 0: never (deadline, cancelled, refused by the local stack)
  bool ok() const { return answer == Answer::kAnswered; }
};
using Callback = std::function<void(const Outcome&)>;

class Engine {
 public:
  // `transport` and `clock` must outlive the engine. m_key_for, where given, is asked for every SMP's M_Key
  // (0: none).
  Engine(Transport& transport, const Clock& clock, Limits limits);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Goes into every SMP; 0: none.
  void SetMKey(std::uint64_t m_key);

  // Queues a request; `done` is called exactly once, from Run().
  void Submit(const Request& request, Callback done);

  // Ends every queued, not yet sent request of the lane with kTimeout and tries 0: its node has just proved
  // silent.
  void GiveUpOn(Lane lane);

  // Until nothing is left, the deadline, or a stop. What is left then ends with kUnreachable, and the result
  // says why: kTimeout (deadline), kAbsent (stopped), or the transport's error. The engine can be used again
  // afterwards.
  Result<void> Run(SteadyTime deadline, std::stop_token stop);

  // As Run, but leaves what is under way at `until` as it is, for a thread that serves several engines. true:
  // nothing is left.
  Result<bool> RunUntil(SteadyTime until);

  // Since the engine was made.
  const std::array<MadCount, kMadClassCount>& counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::mad
