#include "probes/host/way.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace aftershock::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// An SA that is busy answers late, and hears every repetition as a further question: wait rather than repeat.
constexpr mad::Limits kLimits{
    .smp_in_flight = 2, .gmp_in_flight = 1, .sa_in_flight = 1, .tries = 2, .timeout = milliseconds(800)};

constexpr seconds kFirstRetry{5}, kLastRetry{60};
constexpr unsigned kMostDoublings = 4;
constexpr milliseconds kTurn{5}, kStopIsNoticed{100};

}  // namespace

// Remembers what the local stack complained about, which the engine only counts.
class Way::Watched final : public mad::Transport {
 public:
  explicit Watched(std::unique_ptr<mad::Transport> real) : real_(std::move(real)) {}

  Result<void> Send(const mad::RequestMad& mad, milliseconds timeout) override {
    auto sent = real_->Send(mad, timeout);
    if (!sent) trouble = sent.error();
    return sent;
  }
  Result<bool> Receive(mad::Arrival& arrival, milliseconds wait) override {
    auto received = real_->Receive(arrival, wait);
    if (!received) trouble = received.error();
    return received;
  }

  std::optional<Error> trouble;

 private:
  std::unique_ptr<mad::Transport> real_;
};

Way::Way(HcaPortName name, const TransportFactory& open, const Clock& clock)
    : name_(std::move(name)), open_(open), clock_(clock) {}
Way::~Way() = default;

const std::optional<Error>& Way::trouble() const {
  static const std::optional<Error> kNone;
  return transport_ ? transport_->trouble : kNone;
}

MadCounts Way::counts() const {
  auto sum = closed_counts_;
  if (engine_) AddTo(sum, engine_->counts());
  return sum;
}

void AddTo(MadCounts& sum, const MadCounts& counts) {
  for (std::size_t c = 0; c < kMadClassCount; ++c) {
    sum[c].sent += counts[c].sent;
    sum[c].answered += counts[c].answered;
    sum[c].timeouts += counts[c].timeouts;
    sum[c].errors += counts[c].errors;
    sum[c].dropped += counts[c].dropped;
  }
}

// A descriptor of a device that went away fails to be read from then on. What else there is came too late for
// the last look.
bool Way::Alive() {
  mad::Arrival late;
  return transport_->Receive(late, milliseconds{0}).has_value();
}

Result<void> Way::Open() {
  if (engine_ && !Alive()) Close();
  if (engine_) {
    transport_->trouble.reset();
    return {};
  }
  if (refused_ && clock_.Steady() < try_again_) return tl::unexpected(*refused_);
  if (auto opened = OpenNow(); !opened) {
    const Duration wait = kFirstRetry * (1u << std::min(refusals_++, kMostDoublings));
    try_again_ = clock_.Steady() + std::min<Duration>(wait, kLastRetry);
    refused_ = opened.error();
    return opened;
  }
  refused_.reset();
  refusals_ = 0;
  return {};
}

Result<void> Way::OpenNow() {
  auto transport = open_(name_);
  if (!transport) return tl::unexpected(std::move(transport.error()));
  transport_ = std::make_unique<Watched>(std::move(*transport));
  engine_ = std::make_unique<mad::Engine>(*transport_, clock_, kLimits);
  return {};
}

void Way::Close() {
  if (engine_) AddTo(closed_counts_, engine_->counts());
  engine_.reset();
  transport_.reset();
}

void Way::Run(std::span<Way* const> ways, const Clock& clock, SteadyTime deadline, std::stop_token stop) {
  std::vector<Way*> left(ways.begin(), ways.end());
  Duration turn{};  // the first is without waiting: everything is on its way before any answer is waited for
  while (!left.empty() && clock.Steady() < deadline && !stop.stop_requested()) {
    std::erase_if(left, [&](Way* way) {
      const auto over = way->engine_->RunUntil(std::min(deadline, clock.Steady() + turn));
      if (!over) way->Close();
      return !over || *over;
    });
    turn = left.size() == 1 ? kStopIsNoticed : kTurn;
  }
  for (Way* way : left) (void)way->engine_->Run(clock.Steady(), stop);
}

}  // namespace aftershock::host
