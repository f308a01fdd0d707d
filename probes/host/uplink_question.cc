#include "probes/host/uplink_question.h"

#include <fmt/format.h>

#include "probes/host/budget.h"
#include "probes/host/sa_question.h"
#include "probes/mad/decode.h"

namespace aftershock::host {
namespace {

bool MakesSense(const NodeInfo& info) {
  return info.node_guid != Guid{} && info.type > NodeType::kUnknown && info.type <= NodeType::kRouter &&
         info.local_port <= info.num_ports && (info.local_port != 0 || info.type == NodeType::kSwitch);
}

}  // namespace

void UplinkQuestion::Ask(Way& way, Pace pace, SteadyTime now) {
  if (now < not_before_) return;
  const bool fresh = answer_ && answer_->has_value() && now - asked_ < kBudgetPeriod;
  if (pace == Pace::kBurst && fresh) return;
  asked_ = now;
  way.engine().Submit(AskUplink(port_, mad::Attribute::kNodeInfo),
                      [this, &way](const mad::Outcome& outcome) { Hear(way, outcome); });
}

void UplinkQuestion::Forget() {
  answer_.reset();
  described_.reset();
  failures_ = 0;
  not_before_ = SteadyTime::min();
}

void UplinkQuestion::Hear(Way& way, const mad::Outcome& outcome) {
  if (outcome.ok()) {
    failures_ = 0;
    return HearNode(way, mad::DecodeNodeInfo(outcome.data));
  }
  const Said said = WhatWasSaid(outcome, way.trouble());
  described_.reset();
  switch (said.answer) {
    case SaAnswer::kNotAsked:
      answer_.reset();
      return;
    case SaAnswer::kTimeout:
      not_before_ = asked_ + BackoffDelay(guid_, QuestionKind::kUplink, failures_++);
      answer_ = Fail(Errc::kTimeout, "the node at the other end of the cable does not answer NodeInfo");
      return;
    case SaAnswer::kError:
      answer_ = Fail(Errc::kInternal, said.why);
      return;
    default:
      answer_ =
          Fail(Errc::kUnsupported,
               fmt::format("the node at the other end of the cable refuses NodeInfo with status {:#06x}",
                           outcome.status));
  }
}

void UplinkQuestion::HearNode(Way& way, const NodeInfo& info) {
  if (!MakesSense(info)) {
    answer_ = Fail(Errc::kMalformed, "the NodeInfo of the node at the other end of the cable makes no sense");
    return;
  }
  const bool same = answer_ && answer_->has_value() && (*answer_)->node == info.node_guid;
  if (!same) {
    described_.reset();
    answer_ = Uplink{.node = info.node_guid};
  }
  (*answer_)->port = info.local_port;
  (*answer_)->type = info.type;
  if (!MayDescribe()) return;
  described_ = asked_;
  mad::Request request = AskUplink(port_, mad::Attribute::kNodeDescription);
  request.tries = 1;
  way.engine().Submit(request, [this](const mad::Outcome& outcome) {
    if (outcome.ok() && answer_ && answer_->has_value()) {
      (*answer_)->description = mad::DecodeNodeDescription(outcome.data);
    }
  });
}

// Once for a node, and again after a minute if it did not answer.
bool UplinkQuestion::MayDescribe() const {
  if (!described_) return true;
  return (*answer_)->description.empty() && asked_ - *described_ >= kBudgetPeriod;
}

}  // namespace aftershock::host
