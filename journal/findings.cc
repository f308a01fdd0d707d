// Findings, from when they begin to when they end.
#include <algorithm>
#include <set>

#include "base/printable.h"
#include "journal/impl.h"
#include "model/json/window.h"

namespace aftershock::journal {
namespace {

// The window it is attributed to, where there is such a one.
std::optional<std::int64_t> WindowOf(SQLite::Statement& by_id, const Finding& finding) {
  const auto id = ParseWindowName(finding.window);
  if (!id) return std::nullopt;
  by_id.bind(1, *id);
  const bool found = by_id.executeStep();
  by_id.reset();
  return found ? id : std::nullopt;
}

class Standing {
 public:
  Standing(SQLite::Database& db, WallTime now)
      : now_(now),
        window_(db, "SELECT 1 FROM \"window\" WHERE id = ?"),
        update_(db,
                "UPDATE finding SET last_seen = ?, \"window\" = ?, body = ? WHERE key = ? AND ended IS NULL"),
        begin_(db,
               "INSERT INTO finding(last_seen, \"window\", body, key, first_seen) VALUES(?, ?, ?, ?, ?)") {}

  void Put(const Finding& finding, const std::string& key) {
    const auto window = WindowOf(window_, finding);
    const std::string body = ToJson(finding).dump();
    const auto bind = [&](SQLite::Statement& statement) {
      statement.bind(1, Milliseconds(now_));
      BindNumber(statement, 2, window);
      statement.bind(3, body);
      statement.bind(4, key);
    };
    bind(update_);
    if (Run(update_) > 0) return;
    bind(begin_);
    begin_.bind(5, Milliseconds(std::min(finding.since.value_or(now_), now_)));
    Run(begin_);
  }

 private:
  WallTime now_;
  SQLite::Statement window_, update_, begin_;
};

void EndOthers(SQLite::Database& db, const std::set<std::string>& standing, WallTime now) {
  SQLite::Statement query(db, "SELECT id, key FROM finding WHERE ended IS NULL");
  std::vector<std::int64_t> gone;
  while (query.executeStep()) {
    if (!standing.contains(query.getColumn(1).getString())) gone.push_back(query.getColumn(0).getInt64());
  }
  SQLite::Statement end(db, "UPDATE finding SET ended = ? WHERE id = ?");
  for (const std::int64_t id : gone) {
    end.bind(1, Milliseconds(now));
    end.bind(2, id);
    Run(end);
  }
}

}  // namespace

Result<void> Journal::PutFindings(std::span<const Finding> findings, WallTime now) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    Standing standing(impl_->db, now);
    std::set<std::string> keys;
    for (const Finding& finding : findings) {
      const std::string key = Printable(Key(finding));
      standing.Put(finding, key);
      keys.insert(key);
    }
    EndOthers(impl_->db, keys, now);
    return {};
  });
}

Result<std::vector<FindingRow>> Journal::Findings(bool standing_only) {
  return impl_->Read([&]() -> Result<std::vector<FindingRow>> {
    SQLite::Statement query(impl_->db,
                            std::string("SELECT id, first_seen, last_seen, ended, \"window\", body "
                                        "FROM finding ") +
                                (standing_only ? "WHERE ended IS NULL " : "") + "ORDER BY id");
    std::vector<FindingRow> rows;
    while (query.executeStep()) {
      auto finding = FindingFromJson(query.getColumn(5).getString());
      if (!finding) return tl::unexpected(impl_->Damaged("a finding: " + finding.error().what));
      rows.push_back({query.getColumn(0).getInt64(), std::move(*finding),
                      FromMilliseconds(query.getColumn(1).getInt64()),
                      FromMilliseconds(query.getColumn(2).getInt64()), TimeOrNone(query.getColumn(3)),
                      NumberOrNone(query.getColumn(4))});
    }
    return rows;
  });
}

}  // namespace aftershock::journal
