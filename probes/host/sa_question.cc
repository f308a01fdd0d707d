#include "probes/host/sa_question.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace aftershock::host {
namespace {

constexpr std::uint16_t kNoRecords = 0x0300;
constexpr std::uint16_t kBusy = 1;

// Method, or method with attribute, not supported (IBA 13.4.7): what a node's own agent says for an SM or SA
// that does not run.
constexpr std::uint16_t kBadMethod = 0x0008, kBadMethodAttribute = 0x000c;

// Statuses of the SA's class, IBA 15.2.2.
struct StatusName {
  std::uint16_t status;
  std::string_view name;
};
constexpr std::array kStatuses{
    StatusName{0x0100, "ERR_NO_RESOURCES"},    StatusName{0x0200, "ERR_REQ_INVALID"},
    StatusName{0x0300, "ERR_NO_RECORDS"},      StatusName{0x0400, "ERR_TOO_MANY_RECORDS"},
    StatusName{0x0500, "ERR_REQ_INVALID_GID"}, StatusName{0x0600, "ERR_REQ_INSUFFICIENT_COMPONENTS"},
    StatusName{0x0700, "ERR_REQ_DENIED"},
};

std::string Refusal(std::uint16_t status) {
  for (const StatusName& row : kStatuses) {
    if (row.status == status) return fmt::format("it answers with status {:#06x}, {}", status, row.name);
  }
  if (status == kBadMethod || status == kBadMethodAttribute) {
    return fmt::format("it answers with status {:#06x}, as a node does on which no SM runs", status);
  }
  if ((status & kBusy) != 0) return fmt::format("it answers with status {:#06x}, busy", status);
  return fmt::format("it answers with status {:#06x}", status);
}

}  // namespace

mad::Request AskUplink(std::uint8_t port, mad::Attribute attribute) {
  return {.address = mad::DirectedRoute{}.Through(port), .attribute = attribute, .lane = kUplinkLane};
}

mad::Request AskSm(Lid sm_lid) {
  return {.address = mad::LidAddress{.lid = sm_lid, .qp = 0, .q_key = 0},
          .mgmt_class = mad::MgmtClass::kSubnLid,
          .attribute = mad::Attribute::kSmInfo,
          .lane = kSmLane};
}

mad::Request AskSa(const HostPort& port, mad::Attribute record, mad::SaQuestion question) {
  return {.address = mad::LidAddress{.lid = port.sm_lid.value_or(Lid{}), .sl = port.sm_sl.value_or(0)},
          .mgmt_class = mad::MgmtClass::kSubnAdm,
          .attribute = record,
          .lane = kSaLane,
          .sa = std::make_shared<const mad::SaQuestion>(std::move(question))};
}

Said WhatWasSaid(const mad::Outcome& outcome, const std::optional<Error>& trouble) {
  switch (outcome.answer) {
    case Answer::kAnswered:
      return {.answer = SaAnswer::kYes};
    case Answer::kUnsupported:
    case Answer::kError:
      if (outcome.status == kNoRecords) return {.answer = SaAnswer::kNo, .status = outcome.status};
      return {.answer = SaAnswer::kRefused, .status = outcome.status, .why = Refusal(outcome.status)};
    case Answer::kTimeout:
      if (outcome.tries != 0) return {.answer = SaAnswer::kTimeout};
      return {.why = "the question before this one had no answer"};
    case Answer::kUnreachable:
    case Answer::kNotAsked:
      break;
  }
  if (trouble) return {.answer = SaAnswer::kError, .why = trouble->what};
  if (outcome.tries != 0) return {.answer = SaAnswer::kTimeout};
  return {.why = "the look was over before its turn came"};
}

void Tell(Schedule& schedule, const mad::Outcome& outcome) {
  const bool silent = outcome.answer == Answer::kTimeout || outcome.answer == Answer::kUnreachable;
  if (silent || (outcome.status & kBusy) != 0) {
    schedule.TimedOut();
  } else {
    schedule.Answered();
  }
}

}  // namespace aftershock::host
