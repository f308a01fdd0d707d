// The questions of a host as requests, and what became of them in the words of the model.
//
// Pure. Threading: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/host.h"
#include "probes/host/budget.h"
#include "probes/mad/engine.h"

namespace aftershock::host {

// One request at a time to each of the three that a port asks.
inline constexpr mad::Lane kUplinkLane{1}, kSmLane{2}, kSaLane{3};

// NodeInfo or NodeDescription of the node at the other end of the cable.
mad::Request AskUplink(std::uint8_t port, mad::Attribute attribute);
mad::Request AskSm(Lid sm_lid);
mad::Request AskSa(const HostPort& port, mad::Attribute record, mad::SaQuestion question);

struct Said {
  SaAnswer answer = SaAnswer::kNotAsked;
  std::uint16_t status = 0;
  std::string why;
};
// `trouble`: the local stack's last complaint, if it had any.
Said WhatWasSaid(const mad::Outcome& outcome, const std::optional<Error>& trouble);
// Nothing came back, or "not now": the next question has to wait.
void Tell(Schedule& schedule, const mad::Outcome& outcome);

}  // namespace aftershock::host
