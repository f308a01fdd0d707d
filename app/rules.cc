// aftershock rules: what the rules look at, why it matters and what they compare with.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/console.h"
#include "app/suggest.h"
#include "base/printable.h"
#include "rules/judge.h"
#include "rules/text.h"

namespace aftershock::app {
namespace {

int Print(const std::string& text) {
  std::cout << text;
  return FinishOutput(0);
}

int Show(const std::string& id) {
  if (const RuleSpec* rule = rules::FindRule(id)) return Print(rules::RuleText(*rule));
  std::vector<std::string_view> known;
  for (const RuleSpec* rule : rules::AllRules()) known.push_back(rule->id);
  return Complain(kExitUsage, fmt::format("there is no rule \"{}\"{} (aftershock rules list shows them all)",
                                          Printable(id), DidYouMean(id, known)));
}

}  // namespace

void AddRules(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("rules", "Explain the rules");
  command->require_subcommand(1);
  command->fallthrough();
  CLI::App* list = command->add_subcommand("list", "A line for every rule");
  list->fallthrough();
  list->callback([&exit_code] { exit_code = Print(rules::RuleListText()); });
  auto id = std::make_shared<std::string>();
  CLI::App* show = command->add_subcommand("show", "What a rule looks at, why it matters, its thresholds");
  show->fallthrough();
  show->add_option("ID", *id, "The rule, e.g. link-errors")->required();
  show->callback([id, &exit_code] { exit_code = Show(*id); });
  CLI::App* docs = command->add_subcommand("docs", "All of it, as docs/rules.md");
  docs->fallthrough();
  docs->callback([&exit_code] { exit_code = Print(rules::RulesMarkdown()); });
}

}  // namespace aftershock::app
