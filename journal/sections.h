// The texts of sections, stored once by their SHA-256 and in pieces. Internal to journal/.
//
// Both throw SQLite::Exception, and are called within a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <SQLiteCpp/Database.h>

#include "model/json/image.h"

namespace aftershock::journal {

// The row of the image with these sections, which is added where there is none.
class ImageWriter {
 public:
  // Hashes everything; outside of the transaction, because it takes a while.
  explicit ImageWriter(const Sections& sections);
  std::int64_t Write(SQLite::Database& db) const;

 private:
  const Sections& sections_;
  std::map<std::string, std::string> hashes_;  // by section
  std::string hash_;
};

// Of an image: SHA-256 over the names and hashes of its sections.
std::string ImageHash(const std::map<std::string, std::string>& hashes);

// None: the text is not that which was stored.
std::optional<std::string> ReadSection(SQLite::Database& db, std::int64_t section);

}  // namespace aftershock::journal
