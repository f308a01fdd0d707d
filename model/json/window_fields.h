// Which fields windows, requests and findings have in JSON. Internal to model/json.
#pragma once

#include "model/finding.h"
#include "model/json/fields.h"
#include "model/json/window.h"
#include "model/window.h"

namespace aftershock::codec {

template <typename V, MaybeConst<Subject> T>
void Fields(V& v, T& x) {
  v.Required("kind", x.kind);
  v("guid", x.guid);
  v("port", x.port);
  v("route", x.route);
  v("name", x.name);
}

template <typename V, MaybeConst<ScopeItem> T>
void Fields(V& v, T& x) {
  v.Required("text", x.text);
  v.Required("subject", x.subject);
  v("name", x.name);
}

template <typename V, MaybeConst<Expectation> T>
void Fields(V& v, T& x) {
  v.Required("down", x.down);
  v("watched", x.watched);
  v("times", x.times);
  v("went", x.went);
  v("back", x.back);
}

template <typename V, MaybeConst<Transition> T>
void Fields(V& v, T& x) {
  v.Required("from", x.from);
  v.Required("to", x.to);
  v.Required("at", x.at);
  v("by", x.by);
  v("why", x.why);
}

template <typename V, MaybeConst<WindowFinding> T>
void Fields(V& v, T& x) {
  v.Required("key", x.key);
  v("summary", x.summary);
  v.Required("severity", x.severity);
  v("unknown", x.unknown);
  v.Required("since", x.since);
  v("score", x.score);
  v("because", x.because);
}

template <typename V, MaybeConst<WindowSeen> T>
void Fields(V& v, T& x) {
  v.Required("key", x.key);
  v("summary", x.summary);
  v.Required("first", x.first);
  v.Required("worst", x.worst);
  v.Required("since", x.since);
  v("until", x.until);
}

template <typename V, MaybeConst<Window> T>
void Fields(V& v, T& x) {
  v.Required("id", x.id);
  v.Required("title", x.title);
  v.Required("state", x.state);
  v.Required("scope", x.scope);
  v("expect", x.expect);
  v("hands_off", x.hands_off);
  v("asked_by", x.asked_by);
  v.Required("asked", x.asked);
  v("despite", x.despite);
  v("opened", x.opened);
  v("closed", x.closed);
  v("ended", x.ended);
  v("verify_seconds", x.verify);
  v("soak_seconds", x.soak);
  v("soak_because", x.soak_because);
  v("watched_seconds", x.watched);
  v("baseline", x.baseline);
  v("transitions", x.transitions);
  v("findings", x.findings);
  v("changes", x.changes);
  v("stood", x.stood);
  v("awaited", x.awaited);
  v("missing", x.missing);
}

template <typename V, MaybeConst<WindowsTold> T>
void Fields(V& v, T& x) {
  v.Required("served", x.served);
  v.Required("windows", x.windows);
}

template <typename V, MaybeConst<Request> T>
void Fields(V& v, T& x) {
  v.Required("id", x.id);
  v.Required("kind", x.kind);
  v("window", x.window);
  v("by", x.by);
  v.Required("at", x.at);
  v("reason", x.reason);
  v("subject", x.subject);
  v("soak_seconds", x.soak);
  v("answered", x.answered);
  v("refused", x.refused);
}

template <typename V, MaybeConst<Evidence> T>
void Fields(V& v, T& x) {
  v.Required("name", x.name);
  v.Required("value", x.value);
  v("unit", x.unit);
}

template <typename V, MaybeConst<Occurrence> T>
void Fields(V& v, T& x) {
  v.Required("from", x.from);
  v.Required("until", x.until);
  v("count", x.count);
  v("at", x.at);
}

template <typename V, MaybeConst<Recurrence> T>
void Fields(V& v, T& x) {
  v("limit", x.limit);
  v("seen", x.seen);
}

template <typename V, MaybeConst<Finding> T>
void Fields(V& v, T& x) {
  v.Required("rule", x.rule);
  v.Required("severity", x.severity);
  v("unknown", x.unknown);
  v.Required("subject", x.subject);
  v.Required("summary", x.summary);
  v("evidence", x.evidence);
  v("advice", x.advice);
  v("since", x.since);
  v("because", x.because);
  v("accepted", x.accepted);
  v("window", x.window);
  v("explained", x.explained);
}

}  // namespace aftershock::codec
