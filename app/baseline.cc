// aftershock baseline: what the fabric is compared with.
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/console.h"
#include "app/journal_use.h"
#include "base/printable.h"
#include "journal/journal.h"
#include "rules/windows/advance.h"

namespace aftershock::app {
namespace {

struct BaselineOptions {
  std::string journal, subject, reason;
  std::string format = kText;
};

struct Shown {
  std::optional<journal::BaselineRow> row;
  Image image;
};

Result<Shown> Read(journal::Journal& journal) {
  Shown shown;
  const auto read = journal.InOneView([&]() -> Result<void> {
    auto row = journal.Baseline();
    if (!row) return tl::unexpected(row.error());
    shown.row = std::move(*row);
    if (!shown.row) return {};
    auto image = journal.ReadImage(shown.row->snapshot);
    if (!image) return tl::unexpected(image.error());
    shown.image = std::move(*image);
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  return shown;
}

// A name that means nothing is a mistake of whoever typed it.
Result<void> CheckSubject(journal::Journal& journal, const std::string& subject) {
  if (subject.empty()) return {};
  const auto last = journal.LastSnapshot();
  if (!last) return Fail(Errc::kInternal, last.error().what);
  if (!*last) return {};
  const auto now = journal.ReadImage((*last)->id);
  if (!now) return Fail(Errc::kInternal, now.error().what);
  const auto before = Read(journal);
  if (!before) return Fail(Errc::kInternal, before.error().what);
  const auto item = rules::ResolveSubject(subject, *now, before->row ? &before->image : nullptr);
  if (!item) return tl::unexpected(item.error());
  return {};
}

nlohmann::json JsonOf(const Shown& shown) {
  if (!shown.row) return {{"schema", 1}, {"baseline", nullptr}};
  nlohmann::json planes = nlohmann::json::array();
  for (const auto& [name, plane] : shown.image.planes)
    planes.push_back(
        {{"plane", Printable(name)}, {"nodes", plane.nodes.size()}, {"cables", plane.cables.size()}});
  return {{"schema", 1},
          {"baseline",
           {{"snapshot", shown.row->snapshot},
            {"taken", FormatTime(shown.image.taken)},
            {"set", FormatTime(shown.row->set)},
            {"because", Printable(shown.row->because)},
            {"hosts", shown.image.hosts.size()},
            {"planes", std::move(planes)}}}};
}

int Show(const BaselineOptions& options, const Globals& globals) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Complain(kExitUsage, file.error().what, options.format);
  const SystemClock clock;
  auto journal = journal::Journal::Open(*file, journal::Access::kRead, clock);
  if (!journal) return Complain(kExitUnknown, journal.error().what, options.format);
  const auto shown = Read(*journal);
  if (!shown) return Complain(kExitUnknown, shown.error().what, options.format);
  if (options.format == kJson) {
    std::cout << JsonOf(*shown).dump(2) << '\n';
  } else if (!shown->row) {
    std::cout << "there is no baseline so far\n";
  } else {
    std::cout << fmt::format("as of {}, set {}: {}\n", FormatTime(shown->image.taken),
                             FormatTime(shown->row->set), Printable(shown->row->because));
    for (const auto& [name, plane] : shown->image.planes)
      std::cout << fmt::format("{}: {} nodes, {} cables\n", Printable(name), plane.nodes.size(),
                               plane.cables.size());
    for (const auto& [name, host] : shown->image.hosts)
      std::cout << fmt::format("host {}: {} adapters\n", Printable(name), host.hcas.size());
  }
  return FinishOutput(shown->row ? 0 : kExitUnknown);
}

int Accept(const BaselineOptions& options, const Globals& globals) {
  const auto file = JournalFile(options.journal, globals);
  if (!file) return Complain(kExitUsage, file.error().what, options.format);
  const SystemClock clock;
  auto journal = journal::Journal::Open(*file, journal::Access::kRequest, clock);
  if (!journal) return Complain(kExitUnknown, journal.error().what, options.format);
  const auto beat = journal->LastHeartbeat();
  if (!beat) return Complain(kExitUnknown, beat.error().what, options.format);
  if (const auto nobody = NobodyThere(*beat, clock))
    return Complain(kExitUnknown, *nobody + ": nobody would answer", options.format);
  if (const auto known = CheckSubject(*journal, options.subject); !known)
    return Complain(known.error().code == Errc::kInvalid ? kExitUsage : kExitUnknown, known.error().what,
                    options.format);
  Request request;
  request.kind = RequestKind::kAccept;
  request.by = WhoAsks();
  request.at = clock.Wall();
  request.reason = Printable(options.reason);
  request.subject = options.subject;
  const auto id = journal->Ask(request);
  if (!id) return Complain(kExitUnknown, id.error().what, options.format);
  if (const auto answer = AwaitAnswer(*journal, *id, clock); !answer)
    return Complain(answer.error().code == Errc::kDenied ? 2 : kExitUnknown, answer.error().what,
                    options.format);
  const std::string what = options.subject.empty() ? "everything" : Printable(options.subject);
  if (options.format == kJson) {
    std::cout << nlohmann::json{{"schema", 1}, {"exit_code", 0}, {"accepted", what}}.dump(2) << '\n';
  } else {
    std::cout << fmt::format("accepted: {}\n", what);
  }
  return FinishOutput(0);
}

}  // namespace

void AddBaseline(CLI::App& app, const Globals& globals, int& exit_code) {
  auto options = std::make_shared<BaselineOptions>();
  CLI::App* baseline = app.add_subcommand("baseline", "What changes are compared with");
  baseline->fallthrough();
  baseline->require_subcommand(1);
  CLI::App* show = baseline->add_subcommand("show", "What it is, and since when");
  AddFormatOption(*show, options->format);
  AddJournalOption(*show, options->journal);
  show->fallthrough();
  show->callback([options, &globals, &exit_code] { exit_code = Show(*options, globals); });
  CLI::App* accept =
      baseline->add_subcommand("accept", "Make what is seen now the baseline, or a part of it");
  accept->fallthrough();
  accept
      ->add_option("SUBJECT", options->subject,
                   "switch:, host:, link:GUID/PORT or pair:; default: everything")
      ->check(NotEmpty);
  accept->add_option("--reason", options->reason, "Why it is right as it is")
      ->required()
      ->type_name("TEXT")
      ->check(NotEmpty);
  AddFormatOption(*accept, options->format);
  AddJournalOption(*accept, options->journal);
  accept->callback([options, &globals, &exit_code] { exit_code = Accept(*options, globals); });
}

}  // namespace aftershock::app
