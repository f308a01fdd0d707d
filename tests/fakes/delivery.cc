// How requests and answers travel over the fake fabric, and what goes wrong with them.
#include <algorithm>
#include <cerrno>

#include "probes/mad/wire.h"
#include "tests/fakes/agent.h"
#include "tests/fakes/encode.h"
#include "tests/fakes/fake_fabric.h"

namespace aftershock::fake {
namespace {

namespace wire = mad::wire;

constexpr std::size_t kShortLength = 100;

template <typename Integer>
void FlipLowestBit(mad::Arrival& arrival, std::size_t offset) {
  wire::Store(arrival.bytes, offset, static_cast<Integer>(wire::Load<Integer>(arrival.bytes, offset) ^ 1u));
}

void MoveSource(mad::Arrival& arrival, bool directed) {
  if (directed) {
    arrival.bytes[wire::kInitialPath + 1] ^= 1u;
    arrival.bytes[wire::kHopCount] ^= 1u;
  } else {
    arrival.source = static_cast<Lid>(static_cast<std::uint16_t>(arrival.source) ^ 1u);
  }
}

ClassPortInfo Towards(const mad::LidAddress& to) {
  ClassPortInfo info;
  info.redirect_lid = to.lid;
  info.redirect_sl = to.sl;
  info.redirect_qp = to.qp;
  info.redirect_q_key = to.q_key;
  return info;
}

// The stack that sent the request does not recognise the answer, and goes on waiting.
bool IsLostToo(Misdeed misdeed) {
  return misdeed == Misdeed::kGarbage || misdeed == Misdeed::kWrongTransaction ||
         misdeed == Misdeed::kWrongClass || misdeed == Misdeed::kNoResponseBit;
}

}  // namespace

Result<void> FakeFabric::Send(const mad::RequestMad& mad, std::chrono::milliseconds timeout) {
  if (send_error) return tl::unexpected(*send_error);
  if (before_request) before_request(mad);
  if (const auto* address = std::get_if<mad::LidAddress>(&mad.address())) last_address = *address;
  const FakeEnd end = Target(mad);
  Count(end.node, mad);
  const Question question{mad, timeout, end.node, CountedAs(mad.mgmt_class())};
  if (!end.node) {
    Lose(question, /*settles=*/true);
    return {};
  }
  Misbehaviour* misbehaviour = Choose(*end.node, mad);
  auto answer = Answer(*end.node, end.port, mad);
  if (!answer || (misbehaviour && misbehaviour->misdeed == Misdeed::kSilent)) {
    Lose(question, /*settles=*/true);
  } else {
    Deliver(question, *answer, misbehaviour);
  }
  return {};
}

void FakeFabric::Count(FakeNode* node, const mad::RequestMad& mad) {
  const MadClass c = CountedAs(mad.mgmt_class());
  ++requests;
  ++methods[mad.bytes()[wire::kMethod]];
  auto& now = in_flight[static_cast<std::size_t>(c)];
  auto& peak = peak_in_flight[static_cast<std::size_t>(c)];
  peak = std::max(peak, ++now);
  if (!node) return;
  ++node->requests;
  ++node->asked[{c, static_cast<mad::Attribute>(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute))}];
  node->peak_in_flight = std::max(node->peak_in_flight, ++node->in_flight);
}

Misbehaviour* FakeFabric::Choose(FakeNode& node, const mad::RequestMad& mad) {
  const auto attribute =
      static_cast<mad::Attribute>(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute));
  for (Misbehaviour& one : node.misbehaviours) {
    if (one.mad_class && *one.mad_class != CountedAs(mad.mgmt_class())) continue;
    if (one.attribute && *one.attribute != attribute) continue;
    if (one.port && *one.port != PortOf(mad)) continue;
    if (one.times == 0 || static_cast<int>(random_() % 100) >= one.percent) continue;
    if (one.times > 0) --one.times;
    return &one;
  }
  return nullptr;
}

void FakeFabric::Deliver(const Question& question, mad::Arrival answer, Misbehaviour* misbehaviour) {
  if (!misbehaviour) return Schedule(question, answer, latency, /*settles=*/true);
  const bool directed = question.mad.mgmt_class() == mad::MgmtClass::kSubnDirected;
  const std::uint16_t direction = directed ? wire::kDirection : 0;
  Duration after = latency;
  switch (misbehaviour->misdeed) {
    case Misdeed::kSilent:
      return;
    case Misdeed::kStatus:
      Rewrite(answer, static_cast<std::uint16_t>(misbehaviour->status | direction), {});
      break;
    case Misdeed::kRedirect:
      Rewrite(answer, static_cast<std::uint16_t>(wire::kRedirect | direction),
              EncodeClassPortInfo(Towards(misbehaviour->redirect)));
      wire::Store(answer.bytes, wire::kAttribute, static_cast<std::uint16_t>(mad::Attribute::kClassPortInfo));
      break;
    case Misdeed::kGarbage:
      for (auto& octet : answer.bytes) octet = static_cast<std::uint8_t>(random_());
      break;
    case Misdeed::kNonsense: {
      Data data;
      for (auto& octet : data) octet = static_cast<std::uint8_t>(random_());
      Rewrite(answer, direction, data);
      break;
    }
    case Misdeed::kShort:
      answer.length = kShortLength;
      break;
    case Misdeed::kWrongTransaction:
      FlipLowestBit<std::uint32_t>(answer, wire::kTransactionLow);
      break;
    case Misdeed::kWrongSource:
      MoveSource(answer, directed);
      break;
    case Misdeed::kWrongClass:
      FlipLowestBit<std::uint8_t>(answer, wire::kClass);
      break;
    case Misdeed::kWrongAttribute:
      FlipLowestBit<std::uint16_t>(answer, wire::kAttribute);
      break;
    case Misdeed::kWrongModifier:
      FlipLowestBit<std::uint32_t>(answer, wire::kModifier);
      break;
    case Misdeed::kNoResponseBit:
      answer.bytes[wire::kMethod] &= static_cast<std::uint8_t>(~wire::kResponse);
      break;
    case Misdeed::kNoDirectionBit:
      answer.bytes[wire::kStatus] &= 0x7f;
      break;
    case Misdeed::kTwice:
      Schedule(question, answer, latency, /*settles=*/false);
      break;
    case Misdeed::kSlow:
      after = misbehaviour->late;
      break;
    case Misdeed::kLate:
      after = misbehaviour->late;
      Lose(question, /*settles=*/true);
      return Schedule(question, answer, after, /*settles=*/false);
  }
  Schedule(question, answer, after, /*settles=*/true);
  if (IsLostToo(misbehaviour->misdeed)) Lose(question, /*settles=*/false);
}

void FakeFabric::Lose(const Question& question, bool settles) {
  mad::Arrival back;
  std::copy(question.mad.bytes().begin(), question.mad.bytes().end(), back.bytes.begin());
  // A kernel hands back the header alone.
  back.length = undelivered == Undelivered::kAfterTimeout ? wire::kHeaderSize : mad::kMadSize;
  back.send_status = ETIMEDOUT;
  const Duration after = undelivered == Undelivered::kAtOnce ? latency : Duration(question.timeout);
  Schedule(question, back, after, settles, /*arrives=*/undelivered != Undelivered::kNever);
}

void FakeFabric::Schedule(const Question& question, const mad::Arrival& arrival, Duration after, bool settles,
                          bool arrives) {
  events_.push(
      {clock_.Steady() + after, next_order_++, settles, arrives, question.node, question.mad_class, arrival});
}

void FakeFabric::Inject(const mad::Arrival& arrival, Duration after) {
  events_.push({clock_.Steady() + after, next_order_++, false, true, nullptr, MadClass::kSmp, arrival});
}

Result<bool> FakeFabric::Receive(mad::Arrival& arrival, std::chrono::milliseconds wait) {
  if (receive_error) return tl::unexpected(*receive_error);
  const SteadyTime until = clock_.Steady() + wait;
  while (!events_.empty() && events_.top().due <= until) {
    const Event event = events_.top();
    events_.pop();
    clock_.AdvanceTo(event.due);
    if (event.settles) {
      --in_flight[static_cast<std::size_t>(event.mad_class)];
      if (event.node) --event.node->in_flight;
    }
    if (!event.arrives) continue;
    arrival = event.arrival;
    return true;
  }
  clock_.AdvanceTo(until);
  return false;
}

}  // namespace aftershock::fake
