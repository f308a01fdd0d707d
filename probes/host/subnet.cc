#include "probes/host/subnet.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "probes/host/neighbour_sample.h"
#include "probes/host/port_questions.h"
#include "probes/host/sa_question.h"
#include "probes/mad/decode.h"
#include "probes/mad/umad.h"

namespace aftershock::host {
namespace {

constexpr std::array kParts{HostPart::kCabling, HostPart::kSm, HostPart::kSa};
constexpr Duration kForgottenAfter = kBudgetPeriod * 10;  // longer than any back-off

// "Not here" gives way to "not allowed" and the like.
void Note(std::optional<Error>& worst, const Error& error) {
  if (!worst || (worst->code == Errc::kAbsent && error.code != Errc::kAbsent)) worst = error;
}

template <typename Visit>
void ForEachPort(const HostSnapshot& seen, const Visit& visit) {
  for (const Hca& hca : seen.hcas) {
    for (const HostPort& port : hca.ports) {
      if (port.IsInfiniBand()) visit(HcaPortName{.device = hca.name, .port = port.num}, port);
    }
  }
}

}  // namespace

TransportFactory OpenUmad() {
  return [](const HcaPortName& name) -> Result<std::unique_ptr<mad::Transport>> {
    return mad::UmadTransport::OpenInDefaultPartition(name.device, name.port);
  };
}

class SubnetAsker::Impl {
 public:
  Impl(TransportFactory open, const Clock& clock, const Timeline& timeline, Pace pace)
      : open_(std::move(open)), clock_(clock), timeline_(timeline), pace_(pace) {}

  SubnetAnswers Ask(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop);

 private:
  struct Look {
    const HostSnapshot& seen;
    SteadyTime now{};
    std::vector<Way*> ways;
    std::vector<HcaPortName> askable;     // those with an SM
    std::map<HcaPortName, Error> closed;  // ports that could not be opened
    std::optional<Error> error;           // of the parts
  };

  void ForgetTheGone(const Look& look);
  void Prepare(Look& look, const HcaPortName& name, const HostPort& port);
  void SamplePath(const Look& look);
  SubnetAnswers Collect(const Look& look);
  std::string WhyNot(const Look& look, const HcaPortName& name, bool held) const;

  TransportFactory open_;
  const Clock& clock_;
  const Timeline& timeline_;
  Pace pace_;
  std::map<HcaPortName, PortQuestions> ports_;
  std::map<Guid, PortBudget> budgets_;
  NeighbourSample sample_;
  std::optional<Schedule> path_;  // with the moment of the first port that ever asked: there is one for all
  MadCounts gone_counts_{};       // of ports that are no more
};

SubnetAnswers SubnetAsker::Impl::Ask(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop) {
  Look look{.seen = seen, .now = clock_.Steady()};
  const PartReport* neighbours = seen.Find(HostPart::kNeighbours);
  if (!neighbours || !neighbours->error) sample_.See(seen);
  const PartReport* adapters = seen.Find(HostPart::kAdapters);
  const bool blind = adapters && adapters->error && adapters->error->code != Errc::kAbsent;
  if (blind) {
    look.error = adapters->error;
  } else {
    ForgetTheGone(look);
    look.error = Error{Errc::kAbsent, "no InfiniBand port is Active"};
    ForEachPort(seen, [&](const HcaPortName& name, const HostPort& port) { Prepare(look, name, port); });
    if (!look.askable.empty()) SamplePath(look);
  }
  Way::Run(look.ways, clock_, deadline, stop);
  return Collect(look);
}

// A device that is gone, or another one under its name, must find nothing of ours open.
void SubnetAsker::Impl::ForgetTheGone(const Look& look) {
  std::erase_if(ports_, [&](const auto& known) {
    const HostPort* port = look.seen.FindPort(known.first);
    if (port && port->IsInfiniBand() && port->guid == known.second.guid()) return false;
    AddTo(gone_counts_, known.second.way().counts());
    return true;
  });
  std::erase_if(budgets_, [&](const auto& known) {
    const bool used =
        std::ranges::any_of(ports_, [&](const auto& port) { return port.second.guid() == known.first; });
    return !used && look.now - known.second.used > kForgottenAfter;
  });
}

void SubnetAsker::Impl::Prepare(Look& look, const HcaPortName& name, const HostPort& port) {
  PortQuestions& questions = ports_.try_emplace(name, name, port.guid, open_, clock_).first->second;
  PortBudget& budget = budgets_.try_emplace(port.guid, port.guid).first->second;
  budget.used = look.now;
  if (!path_) path_.emplace(port.guid, QuestionKind::kPath);
  if (questions.SmChanged(port, timeline_)) {
    for (Schedule* schedule : {&budget.sm, &budget.membership, &*path_}) schedule->SmChanged(look.now);
  }
  if (port.state != PortState::kActive) return questions.Rest();
  if (look.ways.empty() && look.closed.empty()) look.error.reset();
  if (const auto opened = questions.way().Open(); !opened) {
    look.closed.emplace(name, opened.error());
    Note(look.error, opened.error());
    return questions.Rest();
  }
  std::vector<const IpoibLink*> links;
  for (const IpoibLink& link : look.seen.links) {
    if (link.Up() && link.hca_port == name) links.push_back(&link);
  }
  questions.Ask(port, links, budget, pace_);
  look.ways.push_back(&questions.way());
  if (port.sm_lid && IsUnicast(*port.sm_lid)) look.askable.push_back(name);
}

void SubnetAsker::Impl::SamplePath(const Look& look) {
  if (!path_->Due(look.now)) return;
  const auto chosen = sample_.Choose(look.askable);
  if (!chosen) return;
  const HostPort& port = *look.seen.FindPort(chosen->port);
  mad::Request request =
      AskSa(port, mad::Attribute::kPathRecord, mad::AskPath(chosen->from, chosen->path.gid));
  if (pace_ == Pace::kBudget) request.tries = 1;
  Way& way = ports_.at(chosen->port).way();
  path_->Asked(look.now);
  way.engine().Submit(request, [this, &way, chosen = *chosen, now = look.now](const mad::Outcome& outcome) {
    if (outcome.tries != 0) Tell(*path_, outcome);
    Said said = WhatWasSaid(outcome, way.trouble());
    const bool whole = outcome.data.size() >= mad::kPathRecordSize;
    const bool leads_there = whole && mad::DecodePathRecord(outcome.data).to == chosen.path.gid;
    if (said.answer == SaAnswer::kYes && !leads_there) {
      said = {.answer = SaAnswer::kError, .why = "the path it answers with leads elsewhere"};
    }
    sample_.Hear(chosen, said, now);
  });
}

std::string SubnetAsker::Impl::WhyNot(const Look& look, const HcaPortName& name, bool held) const {
  const HostPort* port = look.seen.FindPort(name);
  if (!port) return "its port " + ToString(name) + " was not seen";
  if (!port->IsInfiniBand()) return "its port " + ToString(name) + " is not InfiniBand";
  if (port->state != PortState::kActive) return "its port " + ToString(name) + " is " + ToString(port->state);
  if (const auto closed = look.closed.find(name); closed != look.closed.end()) return closed->second.what;
  if (held) return "the SM has just changed, and is not asked before this port's moment of the minute after";
  return "its turn has not come: one question a minute and port";
}

SubnetAnswers SubnetAsker::Impl::Collect(const Look& look) {
  SubnetAnswers answers;
  answers.mads_total = gone_counts_;
  for (const auto& [name, questions] : ports_) {
    AddTo(answers.mads_total, questions.way().counts());
    if (questions.uplink()) answers.uplinks.emplace_back(name, *questions.uplink());
    const HostPort* port = look.seen.FindPort(name);
    if (!port || port->state != PortState::kActive) continue;
    const bool held = budgets_.at(questions.guid()).sm.Held();
    answers.sms.push_back(questions.Sm(*port, WhyNot(look, name, held)));
  }
  for (const IpoibLink& link : look.seen.links) {
    if (!link.Up() || !link.hca_port) continue;
    const auto known = ports_.find(*link.hca_port);
    const bool held = known != ports_.end() && budgets_.at(known->second.guid()).membership.Held();
    const Memberships none(clock_);
    const Memberships& memberships = known == ports_.end() ? none : known->second.memberships();
    answers.memberships.push_back(
        memberships.Of(link, look.seen.FindPort(*link.hca_port), WhyNot(look, *link.hca_port, held)));
  }
  answers.paths = sample_.Answers();
  for (const HostPart part : kParts) answers.parts.push_back({.part = part, .error = look.error});
  return answers;
}

SubnetAsker::SubnetAsker(TransportFactory open, const Clock& clock, const Timeline& timeline, Pace pace)
    : impl_(std::make_unique<Impl>(std::move(open), clock, timeline, pace)) {}
SubnetAsker::~SubnetAsker() = default;

SubnetAnswers SubnetAsker::Ask(const HostSnapshot& seen, SteadyTime deadline, std::stop_token stop) {
  return impl_->Ask(seen, deadline, stop);
}

}  // namespace aftershock::host
