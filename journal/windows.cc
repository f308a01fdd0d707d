// Windows, and what commands ask of the monitor.
#include <fmt/format.h>

#include "journal/impl.h"
#include "model/json/window.h"

namespace aftershock::journal {
namespace {

// What could not be read back is refused when it is written: a journal with such a window could say nothing.
template <typename T>
Result<std::string> BodyOf(const T& value, Result<T> (*read)(std::string_view)) {
  std::string body = ToJson(value).dump();
  if (auto back = read(body); !back) return Fail(Errc::kInvalid, back.error().what);
  return body;
}

// The columns hold, where the body has the same: id, baseline.
Result<Window> ReadWindow(SQLite::Statement& row) {
  auto window = WindowFromJson(row.getColumn(2).getString());
  if (!window) return window;
  window->id = row.getColumn(0).getInt64();
  window->baseline = NumberOrNone(row.getColumn(1));
  return window;
}
constexpr const char* kWindows = "SELECT id, baseline, body FROM \"window\" ";

Result<Request> ReadRequest(SQLite::Statement& row) {
  auto request = RequestFromJson(row.getColumn(1).getString());
  if (!request) return request;
  request->id = row.getColumn(0).getInt64();
  return request;
}
constexpr const char* kRequests = "SELECT id, body FROM request ";

template <typename T>
Result<std::vector<T>> ReadAll(SQLite::Statement& query, Result<T> (*read)(SQLite::Statement&)) {
  std::vector<T> all;
  while (query.executeStep()) {
    auto one = read(query);
    if (!one) return tl::unexpected(one.error());
    all.push_back(std::move(*one));
  }
  return all;
}

std::int64_t AddRequest(SQLite::Database& db, const Request& request, const std::string& body) {
  SQLite::Statement add(db, "INSERT INTO request(\"window\", answered, at, body) VALUES(?, 0, ?, ?)");
  BindNumber(add, 1, request.window == 0 ? std::nullopt : std::optional(request.window));
  add.bind(2, Milliseconds(request.at));
  add.bind(3, body);
  Run(add);
  return db.getLastInsertRowid();
}

}  // namespace

Result<std::int64_t> Journal::AskToOpen(const Window& planned) {
  if (planned.state != WindowState::kPlanned)
    return Fail(Errc::kInvalid, "only a planned window can be opened");
  const auto body = BodyOf(planned, WindowFromJson);
  if (!body) return tl::unexpected(body.error());
  return impl_->Write(Access::kRequest, [&]() -> Result<std::int64_t> {
    SQLite::Statement add(impl_->db, "INSERT INTO \"window\"(asked, baseline, body) VALUES(?, ?, ?)");
    add.bind(1, Milliseconds(planned.asked));
    BindNumber(add, 2, planned.baseline);
    add.bind(3, *body);
    Run(add);
    Request request;
    request.window = impl_->db.getLastInsertRowid();
    request.by = planned.asked_by;
    request.at = planned.asked;
    AddRequest(impl_->db, request, ToJson(request).dump());
    return request.window;
  });
}

Result<std::int64_t> Journal::Ask(const Request& request) {
  const auto body = BodyOf(request, RequestFromJson);
  if (!body) return tl::unexpected(body.error());
  return impl_->Write(Access::kRequest,
                      [&]() -> Result<std::int64_t> { return AddRequest(impl_->db, request, *body); });
}

Result<void> Journal::PutWindow(const Window& window) {
  const auto body = BodyOf(window, WindowFromJson);
  if (!body) return tl::unexpected(body.error());
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement put(impl_->db,
                          "UPDATE \"window\" SET opened = ?, ended = ?, baseline = ?, body = ? WHERE id = ?");
    BindTime(put, 1, window.opened);
    BindTime(put, 2,
             Ended(window.state) ? window.ended.value_or(impl_->clock.Wall()) : std::optional<WallTime>());
    BindNumber(put, 3, window.baseline);
    put.bind(4, *body);
    put.bind(5, window.id);
    if (Run(put) == 1) return {};
    return Fail(Errc::kInvalid, fmt::format("{} has no window {}", impl_->path, WindowName(window.id)));
  });
}

Result<void> Journal::Answer(std::int64_t request, std::optional<std::string> refused) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement query(impl_->db, fmt::format("{}WHERE id = ? AND answered = 0", kRequests));
    query.bind(1, request);
    if (!query.executeStep()) {
      return Fail(Errc::kInvalid, fmt::format("{} has no unanswered request {}", impl_->path, request));
    }
    auto asked = ReadRequest(query);
    if (!asked) return tl::unexpected(impl_->Damaged("a request: " + asked.error().what));
    asked->answered = true;
    asked->refused = std::move(refused);
    SQLite::Statement put(impl_->db, "UPDATE request SET answered = 1, body = ? WHERE id = ?");
    put.bind(1, ToJson(*asked).dump());
    put.bind(2, request);
    Run(put);
    return {};
  });
}

Result<std::vector<Window>> Journal::Windows() {
  return impl_->Read([&]() -> Result<std::vector<Window>> {
    SQLite::Statement query(impl_->db, fmt::format("{}ORDER BY id", kWindows));
    auto windows = ReadAll(query, ReadWindow);
    if (!windows) return tl::unexpected(impl_->Damaged("a window: " + windows.error().what));
    return windows;
  });
}

Result<std::optional<Window>> Journal::FindWindow(std::int64_t id) {
  return impl_->Read([&]() -> Result<std::optional<Window>> {
    SQLite::Statement query(impl_->db, fmt::format("{}WHERE id = ?", kWindows));
    query.bind(1, id);
    if (!query.executeStep()) return std::nullopt;
    auto window = ReadWindow(query);
    if (!window) return tl::unexpected(impl_->Damaged("a window: " + window.error().what));
    return std::move(*window);
  });
}

Result<std::vector<Request>> Journal::UnansweredRequests() {
  return impl_->Read([&]() -> Result<std::vector<Request>> {
    SQLite::Statement query(impl_->db, fmt::format("{}WHERE answered = 0 ORDER BY id", kRequests));
    auto requests = ReadAll(query, ReadRequest);
    if (!requests) return tl::unexpected(impl_->Damaged("a request: " + requests.error().what));
    return requests;
  });
}

Result<std::optional<Request>> Journal::FindRequest(std::int64_t id) {
  return impl_->Read([&]() -> Result<std::optional<Request>> {
    SQLite::Statement query(impl_->db, fmt::format("{}WHERE id = ?", kRequests));
    query.bind(1, id);
    if (!query.executeStep()) return std::nullopt;
    auto request = ReadRequest(query);
    if (!request) return tl::unexpected(impl_->Damaged("a request: " + request.error().what));
    return std::move(*request);
  });
}

}  // namespace aftershock::journal
