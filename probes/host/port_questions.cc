#include "probes/host/port_questions.h"

#include "probes/host/sa_question.h"
#include "probes/mad/decode.h"

namespace aftershock::host {
namespace {

template <typename... Kind>
constexpr std::uint32_t Bits(Kind... kind) {
  return ((1u << static_cast<unsigned>(kind)) | ...);
}
constexpr std::uint32_t kSmEvents =
    Bits(HostEventKind::kSmChange, HostEventKind::kClientReregister, HostEventKind::kLidChange);
constexpr std::uint32_t kPKeyEvents = Bits(HostEventKind::kPkeyChange);

}  // namespace

PortQuestions::PortQuestions(const HcaPortName& name, Guid guid, const TransportFactory& open,
                             const Clock& clock)
    : name_(name),
      guid_(guid),
      clock_(clock),
      way_(name, open, clock),
      uplink_(name.port, guid),
      memberships_(clock) {}

void PortQuestions::Rest() {
  uplink_.Forget();
  memberships_.Forget();
  sm_.reset();
}

bool PortQuestions::SmChanged(const HostPort& port, const Timeline& timeline) {
  const std::uint64_t event = timeline.LastOf(kSmEvents, name_);
  const bool another = sm_lid_ && port.sm_lid && *sm_lid_ != *port.sm_lid;
  const bool changed = std::exchange(sm_event_, event) != event || another;
  if (port.sm_lid) sm_lid_ = port.sm_lid;
  const std::uint64_t p_keys = timeline.LastOf(kPKeyEvents, name_);
  if (std::exchange(p_key_event_, p_keys) != p_keys) way_.Close();
  return changed;
}

void PortQuestions::Ask(const HostPort& port, std::span<const IpoibLink* const> links, PortBudget& budget,
                        Pace pace) {
  uplink_.Ask(way_, pace, clock_.Steady());
  if (!port.sm_lid || !IsUnicast(*port.sm_lid)) return;
  AskSm(port, budget.sm);
  memberships_.Ask(way_, port, links, budget.membership, pace);
}

void PortQuestions::AskSm(const HostPort& port, Schedule& schedule) {
  if (!schedule.Due(clock_.Steady())) return;
  schedule.Asked(clock_.Steady());
  SmAnswer answer{.port = name_, .lid = *port.sm_lid, .sl = port.sm_sl.value_or(0)};
  answer.asked = clock_.Steady();
  mad::Request request = host::AskSm(answer.lid);
  request.tries = 1;
  way_.engine().Submit(request, [this, &schedule, answer](const mad::Outcome& outcome) {
    if (outcome.tries != 0) Tell(schedule, outcome);
    HearSm(answer, outcome);
  });
}

void PortQuestions::HearSm(SmAnswer answer, const mad::Outcome& outcome) {
  Said said = WhatWasSaid(outcome, way_.trouble());
  if (said.answer == SaAnswer::kNotAsked) return;
  if (said.answer == SaAnswer::kYes) {
    answer.info = mad::DecodeSmInfo(outcome.data);
    if (answer.info->state > SmState::kMaster) {
      answer.info.reset();
      said = {.answer = SaAnswer::kError, .why = "the SMInfo it answers with makes no sense"};
    }
  }
  answer.answer = said.answer == SaAnswer::kNo ? SaAnswer::kRefused : said.answer;
  answer.why = std::move(said.why);
  sm_ = std::move(answer);
}

SmAnswer PortQuestions::Sm(const HostPort& port, std::string why) const {
  SmAnswer blank{.port = name_, .lid = port.sm_lid.value_or(Lid{}), .sl = port.sm_sl.value_or(0)};
  if (!IsUnicast(blank.lid)) {
    blank.answer = SaAnswer::kError;
    blank.why = "the port knows no LID of an SM";
    return blank;
  }
  if (sm_ && sm_->lid == blank.lid) return *sm_;
  blank.why = std::move(why);
  return blank;
}

}  // namespace aftershock::host
