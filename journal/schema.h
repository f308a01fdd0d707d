// The tables, as steps from each version of the schema to the next. Internal to journal/.
#pragma once

#include <span>
#include <string>

#include <SQLiteCpp/Database.h>

#include "base/result.h"

namespace aftershock::journal {

// The SQL that makes version i + 1 of version i, i being its index; version 0 is an empty database.
std::span<const char* const> SchemaSteps();
int SchemaVersion();

// The version a database says it has.
int VersionOf(SQLite::Database& db);
// Takes the steps that are missing, in one transaction. Throws SQLite::Exception.
void Migrate(SQLite::Database& db, std::span<const char* const> steps);

// Makes a new journal at `path`, where there is no file. It is there in full or not at all, whenever power
// goes. REQUIRES: the monitor's lock
Result<void> Create(const std::string& path);

}  // namespace aftershock::journal
