// Whether an interface is out of its broadcast group, for the rules that need to know.
//
// Pure functions, thread-safe.
#pragma once

#include "rules/host/view.h"

namespace aftershock::rules {

// It has carrier, and the SA answered that it is no member.
bool IsOut(const HostView& view, const IpoibLink& link);

// Lets the suspicion wait as long as one about the membership does: the answer is of when it was asked, and
// a join may be under way.
void TimeMembership(const HostView& view, const IpoibLink& link, Suspect& suspect);

}  // namespace aftershock::rules
