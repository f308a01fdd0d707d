// Text to a JSON document that says it is a snapshot of ours, believing nothing. Internal to model/json.
//
// Errors: kMalformed    not JSON, or not a document of ours
//         kUnsupported  written by a newer aftershock
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace aftershock::codec {

using ParseEvent = nlohmann::json::parse_event_t;

// Ends the parser, which nothing but an exception can do. Thrown by the parser's callback; it does not leave
// ParseDocument().
struct TooMuch {
  std::string what;
};

// `keep`: the parser's question whether to keep what it has just read; may throw TooMuch.
Result<nlohmann::json> ParseDocument(std::string_view text, const nlohmann::json::parser_callback_t& keep);

// Whether the document is one of this schema. Says first what it is not: complaints about its parts would
// only confuse.
std::optional<Error> WrongSchema(const nlohmann::json& document);

}  // namespace aftershock::codec
