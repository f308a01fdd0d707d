#include "probes/fabric/asker.h"

#include <algorithm>

namespace aftershock::fabric {
namespace {

constexpr std::uint8_t kGiveUpAfter = 2;
constexpr std::uint8_t kSaTries = 2;
constexpr std::chrono::milliseconds kSaTimeout{1000}, kTableTimeout{5000};
constexpr std::uint64_t kReportEvery = 512;  // answers

mad::Lane LaneOf(std::uint32_t node) {
  return mad::Lane{node};
}

mad::Lane EarlierLaneOf(std::uint32_t node) {
  return mad::Lane{0x80000000u + node};
}

}  // namespace

void Asker::Begin(std::uint32_t sweep, SteadyTime started, const ProgressCallback* progress) {
  sweep_ = sweep;
  started_ = started;
  progress_ = progress;
  answers_ = 0;
}

void Asker::Use(Graph& graph) {
  graph_ = &graph;
  abandoned_ = false;
  for (WorkNode& node : graph.nodes) {
    node.given_up = false;
    node.failures_in_row = 0;
  }
}

bool Asker::Refused(std::uint32_t node, const mad::Callback& done) const {
  if (!abandoned_ && !(*graph_)[node].given_up) return false;
  done(mad::Outcome{});
  return true;
}

void Asker::Abandon() {
  abandoned_ = true;
  for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) engine_.GiveUpOn(LaneOf(i));
}

void Asker::SmpOwn(mad::Attribute attribute, mad::Callback done) {
  engine_.Submit({.address = mad::DirectedRoute{}, .attribute = attribute}, std::move(done));
}

void Asker::Smp(std::uint32_t node, mad::Attribute attribute, std::uint32_t modifier, mad::Callback done,
                std::uint8_t tries) {
  if (Refused(node, done)) return;
  mad::Request request{.address = (*graph_)[node].route, .attribute = attribute, .modifier = modifier};
  request.lane = LaneOf(node);
  request.tries = tries;
  engine_.Submit(request, std::move(done));
}

void Asker::SmpThrough(End end, mad::Attribute attribute, mad::Callback done, std::uint8_t tries,
                       std::uint32_t modifier) {
  mad::Request request{
      .address = (*graph_)[end.node].route.Through(end.port), .attribute = attribute, .modifier = modifier};
  // Whoever is known to be there has one request at a time; a stranger's lane is not known yet.
  if (const Port& port = *graph_->At(end); port.peer) request.lane = LaneOf(port.peer->node);
  request.tries = tries;
  engine_.Submit(request, std::move(done));
}

void Asker::SmpWhereWas(std::uint32_t expected, End end, mad::Attribute attribute, mad::Callback done) {
  mad::Request request{.address = (*graph_)[end.node].route.Through(end.port), .attribute = attribute};
  request.lane = EarlierLaneOf(expected);
  engine_.Submit(request, std::move(done));
}

void Asker::GiveUpWhereWas(std::uint32_t expected) {
  engine_.GiveUpOn(EarlierLaneOf(expected));
}

void Asker::Pma(std::uint32_t node, Lid lid, mad::Attribute attribute, std::uint8_t port,
                mad::Callback done) {
  if (Refused(node, done)) return;
  mad::Request request{
      .address = mad::LidAddress{.lid = lid}, .mgmt_class = mad::MgmtClass::kPerf, .attribute = attribute};
  request.lane = LaneOf(node);
  request.port_select = port;
  engine_.Submit(request, std::move(done));
}

void Asker::SmpToLid(Lid lid, mad::Attribute attribute, mad::Callback done) {
  engine_.Submit({.address = mad::LidAddress{.lid = lid, .qp = 0, .q_key = 0},
                  .mgmt_class = mad::MgmtClass::kSubnLid,
                  .attribute = attribute},
                 std::move(done));
}

void Asker::Sa(Lid lid, std::uint8_t sl, mad::Attribute record,
               std::shared_ptr<const mad::SaQuestion> question, mad::Callback done) {
  mad::Request request{.address = mad::LidAddress{.lid = lid, .sl = sl},
                       .mgmt_class = mad::MgmtClass::kSubnAdm,
                       .attribute = record};
  request.tries = kSaTries;
  request.timeout = kSaTimeout;
  request.sa = std::move(question);
  engine_.Submit(request, std::move(done));
}

void Asker::SaTable(Lid lid, std::uint8_t sl, mad::Attribute record,
                    std::shared_ptr<const mad::SaQuestion> question, mad::Callback done) {
  engine_.Submit({.address = mad::LidAddress{.lid = lid, .sl = sl},
                  .mgmt_class = mad::MgmtClass::kSubnAdm,
                  .attribute = record,
                  .get_table = true,
                  .tries = 1,
                  .timeout = kTableTimeout,
                  .sa = std::move(question)},
                 std::move(done));
}

void Asker::Account(std::uint32_t node, const mad::Outcome& outcome) {
  WorkNode& work = (*graph_)[node];
  const bool heard = outcome.tries > 0 && outcome.answer != Answer::kTimeout;
  work.node.requests += outcome.tries;
  work.node.lost += outcome.tries - (heard ? 1u : 0u);
  if (heard) {
    work.failures_in_row = 0;
    Report();
  } else if (outcome.answer == Answer::kTimeout && outcome.tries > 0 &&
             ++work.failures_in_row >= kGiveUpAfter) {
    work.given_up = true;
    engine_.GiveUpOn(LaneOf(node));
  }
}

void Asker::Report() {
  if (++answers_ % kReportEvery != 0 || progress_ == nullptr || !*progress_) return;
  Progress progress{.nodes = static_cast<std::uint32_t>(graph_->nodes.size()), .answers = answers_};
  for (const WorkNode& node : graph_->nodes) {
    progress.ports += static_cast<std::uint32_t>(std::ranges::count_if(node.node.ports, &Port::Linked));
  }
  (*progress_)(progress);
}

}  // namespace aftershock::fabric
