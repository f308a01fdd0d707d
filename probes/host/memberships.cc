#include "probes/host/memberships.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "probes/host/sa_question.h"
#include "probes/mad/decode.h"

namespace aftershock::host {
namespace {

constexpr std::uint16_t kFullMember = 0xffff, kLimitedMember = 0x7fff;

bool InDefaultPartition(const HostPort& port) {
  return port.p_keys.empty() || std::ranges::any_of(port.p_keys, [](std::uint16_t p_key) {
           return p_key == kFullMember || p_key == kLimitedMember;
         });
}

std::uint16_t PKeyOf(const Gid& group) {
  return static_cast<std::uint16_t>(group.prefix >> 16);
}

bool SameQuestion(const Membership& a, const Membership& b) {
  return a.port == b.port && a.group == b.group && a.port_gid == b.port_gid;
}

// It cannot be asked about.
std::string Obstacle(const Membership& question) {
  if (question.group == Gid{}) return "its broadcast group is not known";
  if (question.port_gid == Gid{}) return "its GID is not known";
  return {};
}

}  // namespace

Membership Memberships::Recall(const IpoibLink& link, const HostPort* port) const {
  Membership question;
  question.link = link.index;
  question.interface = link.name;
  question.port = link.hca_port.value_or(HcaPortName{});
  if (link.broadcast_group) {
    question.group = *link.broadcast_group;
  } else if (link.p_key) {
    question.group = BroadcastGroup(*link.p_key);
  }
  question.p_key = link.p_key.value_or(PKeyOf(question.group));
  if (link.address) {
    question.port_gid = link.address->gid;
  } else if (port && port->gid) {
    question.port_gid = *port->gid;
  }
  const auto known = answers_.find(link.index);
  if (known == answers_.end() || !SameQuestion(known->second, question)) return question;
  Membership answer = known->second;
  answer.interface = link.name;
  return answer;
}

Membership Memberships::Of(const IpoibLink& link, const HostPort* port, std::string why) const {
  Membership answer = Recall(link, port);
  if (answer.answer != SaAnswer::kNotAsked) return answer;
  if (auto obstacle = Obstacle(answer); !obstacle.empty()) {
    answer.answer = SaAnswer::kError;
    why = std::move(obstacle);
  }
  if (answer.why.empty()) answer.why = std::move(why);
  return answer;
}

void Memberships::Ask(Way& way, const HostPort& port, std::span<const IpoibLink* const> links,
                      Schedule& schedule, Pace pace) {
  // A look that shows no interface at all may have failed to.
  std::erase_if(answers_, [&](const auto& known) {
    return !links.empty() &&
           std::ranges::none_of(links, [&](const IpoibLink* link) { return link->index == known.first; });
  });
  if (!schedule.Due(clock_.Steady())) return;
  std::vector<Membership> questions;
  for (const IpoibLink* link : links) {
    Membership question = Recall(*link, &port);
    if (Obstacle(question).empty()) questions.push_back(std::move(question));
  }
  if (questions.empty()) return;
  // Never asked before ever asked, by link.
  std::ranges::stable_sort(questions, {},
                           [](const Membership& m) { return m.asked.value_or(SteadyTime::min()); });
  if (pace == Pace::kBudget) questions.resize(1);
  schedule.Asked(clock_.Steady());
  for (Membership& question : questions) AskOne(way, port, std::move(question), schedule, pace);
}

void Memberships::AskOne(Way& way, const HostPort& port, Membership question, Schedule& schedule, Pace pace) {
  mad::Request request =
      AskSa(port, mad::Attribute::kMcMemberRecord, mad::AskMember(question.group, question.port_gid));
  if (pace == Pace::kBudget) request.tries = 1;
  Membership asked = question;
  asked.asked = clock_.Steady();
  asked.asked_wall = clock_.Wall();
  way.engine().Submit(request, [this, &way, &port, &schedule, asked](const mad::Outcome& outcome) {
    if (outcome.tries != 0) Tell(schedule, outcome);
    if (outcome.answer == Answer::kTimeout) way.engine().GiveUpOn(kSaLane);
    Hear(way, port, asked, outcome);
  });
}

// What was not asked after all leaves the last answer as it is.
void Memberships::Hear(Way& way, const HostPort& port, Membership question, const mad::Outcome& outcome) {
  Said said = WhatWasSaid(outcome, way.trouble());
  if (said.answer == SaAnswer::kNotAsked) {
    if (answers_.contains(question.link)) return;
    question.asked.reset();
    question.asked_wall.reset();
  }
  question.record.reset();
  if (said.answer == SaAnswer::kYes) {
    const mad::MemberRecord record = mad::DecodeMemberRecord(outcome.data);
    if (outcome.data.size() >= mad::kMemberRecordSize && record.group == question.group) {
      question.record = record.shared;
    } else {
      said = {.answer = SaAnswer::kError, .why = "the record it answers with is not of this group"};
    }
  }
  if (said.answer == SaAnswer::kTimeout && !InDefaultPartition(port)) {
    said.why = "the port is not in the default partition, where the SA listens";
  }
  question.answer = said.answer;
  question.status = said.status;
  question.why = std::move(said.why);
  answers_[question.link] = std::move(question);
}

}  // namespace aftershock::host
