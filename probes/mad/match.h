// Is this arrival the answer to that request, and what does it say.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "probes/mad/transport.h"

namespace aftershock::mad {

// The class an arrival says it is of; others than ours count as kPma, with which they share the queue pair.
MadClass ClaimedClass(const Arrival& arrival);

// `arrival` answers `sent`, whose transaction id it is known to carry: class, method, attribute, modifier,
// and where it comes from. An answer that redirects may carry ClassPortInfo instead of the attribute asked
// for.
bool IsAnswerTo(const Arrival& arrival, const RequestMad& sent);

enum class Reply : std::uint8_t {
  kAnswered,
  kUnsupported,  // version, method, attribute or a field (a port that is not there) is unknown to the device
  kBusy,         // not now
  kRedirect,     // ask elsewhere
  kError,
};
// Of a finished answer; without the direction bit of directed routes.
std::uint16_t StatusOf(const Arrival& arrival);
Reply Classify(MadClass c, std::uint16_t status);

// Of an answer to GetTable: its records have all come.
bool IsWhole(const Arrival& arrival);
std::span<const std::uint8_t> DataOf(const Arrival& arrival, MadClass c);

// Where the ClassPortInfo in a redirecting answer leads; nullopt: nowhere a LID alone can reach.
std::optional<LidAddress> RedirectionOf(const Arrival& arrival, MadClass c);

}  // namespace aftershock::mad
