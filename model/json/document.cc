#include "model/json/document.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/printable.h"
#include "model/json/snapshot.h"

namespace aftershock::codec {

Result<nlohmann::json> ParseDocument(std::string_view text, const nlohmann::json::parser_callback_t& keep) {
  try {
    return nlohmann::json::parse(text, keep);
  } catch (const TooMuch& e) {
    return Fail(Errc::kMalformed, "not a snapshot of aftershock: " + e.what);
  } catch (const nlohmann::json::parse_error& e) {
    const bool cut = e.byte > text.size();
    return Fail(Errc::kMalformed, cut ? fmt::format("truncated: the text ends at byte {}", text.size())
                                      : fmt::format("not JSON: syntax error at byte {}", e.byte));
  } catch (const nlohmann::json::exception& e) {
    return Fail(Errc::kMalformed, Printable(fmt::format("not a snapshot: {}", e.what())));
  }
}

std::optional<Error> WrongSchema(const nlohmann::json& document) {
  const auto wrong = [](Errc code, std::string what) { return Error{code, std::move(what)}; };
  if (!document.is_object()) return wrong(Errc::kMalformed, "not a snapshot of aftershock: not an object");
  const auto schema = document.find("schema");
  if (schema == document.end() || !schema->is_number_unsigned()) {
    return wrong(Errc::kMalformed, "not a snapshot of aftershock: it has no \"schema\"");
  }
  if (schema->get<std::uint64_t>() > kJsonSchema) {
    return wrong(Errc::kUnsupported,
                 fmt::format("written by a newer aftershock: schema {}, known here up to {}",
                             schema->get<std::uint64_t>(), kJsonSchema));
  }
  if (*schema != kJsonSchema) return wrong(Errc::kMalformed, "schema: there is no schema 0");
  return std::nullopt;
}

}  // namespace aftershock::codec
