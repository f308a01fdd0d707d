#include "app/suggest.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace aftershock::app {
namespace {

// Nobody means a word of this length; and the distance costs the product of the lengths.
constexpr std::size_t kLongestWord = 64;

// Levenshtein's distance: how many letters to insert, remove or replace.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord || candidates.empty()) return {};
  const auto nearest =
      std::ranges::min_element(candidates, {}, [&](std::string_view c) { return Distance(word, c); });
  // A third of the word wrong is a slip; more is another word. One that begins like it is near all the same.
  const bool near = Distance(word, *nearest) <= std::max<std::size_t>(2, word.size() / 3);
  const auto longer =
      std::ranges::find_if(candidates, [&](std::string_view c) { return c.starts_with(word); });
  if (near) return fmt::format("; did you mean \"{}\"?", *nearest);
  if (word.size() >= 3 && longer != candidates.end()) return fmt::format("; did you mean \"{}\"?", *longer);
  return {};
}

}  // namespace aftershock::app
