#include "journal/errors.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

#include "base/printable.h"

namespace aftershock::journal {
namespace {

struct Meaning {
  int code;
  Errc errc;
  const char* what;
};
// Extended codes go before what they extend.
constexpr std::array kMeanings{
    Meaning{SQLITE_IOERR_SHORT_READ, Errc::kMalformed, "is damaged: it ends too early"},
    Meaning{SQLITE_IOERR_CORRUPTFS, Errc::kMalformed, "is damaged: the file system says so"},
    Meaning{SQLITE_CORRUPT, Errc::kMalformed, "is damaged"},
    Meaning{SQLITE_NOTADB, Errc::kMalformed, "is no journal, or damaged"},
    Meaning{SQLITE_ERROR, Errc::kMalformed, "is not as a journal is"},
    Meaning{SQLITE_MISMATCH, Errc::kMalformed, "is not as a journal is"},
    Meaning{SQLITE_BUSY, Errc::kTimeout, "is kept locked by another process"},
    Meaning{SQLITE_LOCKED, Errc::kTimeout, "is kept locked by another process"},
    Meaning{SQLITE_PERM, Errc::kDenied, "may not be used"},
    Meaning{SQLITE_READONLY, Errc::kDenied, "may not be written"},
    Meaning{SQLITE_AUTH, Errc::kDenied, "may not be used"},
    Meaning{SQLITE_CANTOPEN, Errc::kDenied, "cannot be opened, or what belongs to it (-wal, -shm)"},
    Meaning{SQLITE_CONSTRAINT, Errc::kInvalid, "does not have what this refers to"},
    Meaning{SQLITE_FULL, Errc::kInternal, "could not be written: the disk is full"},
    Meaning{SQLITE_IOERR, Errc::kInternal, "could not be read or written"},
    Meaning{SQLITE_NOMEM, Errc::kInternal, "could not be read or written"},
};
constexpr int kPrimaryCode = 0xff;

}  // namespace

Error ErrorOf(const SQLite::Exception& exception, const std::string& path) {
  const int extended = exception.getExtendedErrorCode();
  for (const Meaning& meaning : kMeanings) {
    const bool primary = meaning.code <= kPrimaryCode;
    if ((primary ? exception.getErrorCode() & kPrimaryCode : extended) != meaning.code) continue;
    return {meaning.errc, fmt::format("{} {} (SQLite: {})", path, meaning.what, Printable(exception.what()))};
  }
  return {Errc::kInternal, fmt::format("{}: {}", path, Printable(exception.what()))};
}

}  // namespace aftershock::journal
