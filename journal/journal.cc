#include "journal/journal.h"

#include "journal/impl.h"

namespace aftershock::journal {

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<void> Journal::InOneView(const std::function<Result<void>()>& read) {
  return impl_->Read(read);
}

}  // namespace aftershock::journal
