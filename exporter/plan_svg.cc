#include "exporter/plan_svg.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "exporter/plan_text.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr int kMargin = 16;
constexpr int kColumns = 16;  // switches in a row
constexpr int kCellWidth = 92, kCellHeight = 22, kBoxHeight = 16;
constexpr int kGapX = 6, kGapY = 10, kTierGap = 44;
constexpr int kWidth = 2 * kMargin + kColumns * (kCellWidth + kGapX) - kGapX;
constexpr std::size_t kNameLength = 15;
constexpr std::size_t kMaxTrunks = 400;  // more lines than this are a grey area

constexpr std::string_view kStyle = R"(<style>
text { font: 10px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; } .tier { font-size: 12px; fill: #59636e; }
.sw { fill: #f6f8fa; stroke: #8c959f; } .box { fill: #fff; stroke: #d1d9e0; }
.taken { fill: #d1d9e0; stroke: #1f2328; stroke-dasharray: 4 2; }
.cut { fill: #ffcecb; stroke: #cf222e; } .weak { fill: #fff1b8; stroke: #9a6700; }
.cable { stroke: #8c959f; stroke-opacity: .45; } .gone { stroke: #cf222e; stroke-dasharray: 3 3; stroke-opacity: .7; }
.left { fill: #1a7f37; } .lost { fill: #cf222e; }
</style>
)";

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// At most so many characters, cut at the boundary of one; the end of a name tells more than its middle.
std::string Short(std::string_view name, std::size_t length) {
  std::vector<std::string_view> characters;
  while (!name.empty()) {
    std::size_t size = 1;
    while (size < name.size() && (static_cast<unsigned char>(name[size]) & 0xc0u) == 0x80u) ++size;
    characters.push_back(name.substr(0, size));
    name.remove_prefix(size);
  }
  std::string out;
  if (characters.size() <= length) {
    for (const auto c : characters) out += c;
    return out;
  }
  const std::size_t head = length / 2, tail = length - head - 1;
  for (std::size_t i = 0; i < head; ++i) out += characters[i];
  out += "…";
  for (std::size_t i = characters.size() - tail; i < characters.size(); ++i) out += characters[i];
  return out;
}

struct Place {
  int x = 0, y = 0;
};

class Drawing {
 public:
  explicit Drawing(const Plan& plan) : plan_(plan), places_(plan.switches.size()) {}

  std::string Draw() {
    int y = kMargin + 16;
    body_ += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n", kMargin, y,
                         Escaped(PlanHeadline(plan_)));
    for (const std::string& taken : plan_.taken) {
      y += 16;
      body_ += fmt::format("<text class=\"tier\" x=\"{}\" y=\"{}\">without {}</text>\n", kMargin, y,
                           Escaped(taken));
    }
    y = Legend(y + 12);
    for (std::uint32_t p = 0; p < plan_.planes.size(); ++p) y = PlaceAndLabel(p, y);
    const std::string labels = std::move(body_);
    body_.clear();
    Trunks();
    for (std::size_t i = 0; i < plan_.switches.size(); ++i) Switch(plan_.switches[i], places_[i]);
    const int height = y + kMargin;
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n{2}"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n{3}{4}</svg>\n",
        kWidth, height, kStyle, labels, body_);
  }

 private:
  int Legend(int y) {
    static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
        {"sw", "stays"}, {"taken", "taken away"}, {"cut", "cut off"}, {"weak", "redundancy lost"}};
    int x = kMargin;
    for (const auto& [kind, word] : kKeys) {
      body_ += fmt::format(
          "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"18\" height=\"12\"/><text x=\"{}\" "
          "y=\"{}\">{}</text>\n",
          kind, x, y, x + 24, y + 10, word);
      x += 120;
    }
    body_ += fmt::format("<text x=\"{}\" y=\"{}\">bar under a leaf: up-paths left</text>\n", x, y + 10);
    return y + 24;
  }

  // Tiers from the top down; those that no cable joins to a leaf last.
  int PlaceAndLabel(std::uint32_t plane, int y) {
    std::map<std::uint32_t, std::vector<std::size_t>, std::greater<>> tiers;
    for (std::size_t i = 0; i < plan_.switches.size(); ++i) {
      if (plan_.switches[i].plane == plane) tiers[plan_.switches[i].tier].push_back(i);
    }
    if (plan_.planes.size() > 1) {
      y += 16;
      body_ += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n", kMargin, y,
                           Escaped(plan_.planes[plane].name));
    }
    for (auto& [tier, members] : tiers) {
      y += kTierGap - 22;
      body_ += fmt::format("<text class=\"tier\" x=\"{}\" y=\"{}\">{}</text>\n", kMargin, y - 4,
                           tier == 1   ? fmt::format("leaves: {}", Grouped(members.size()))
                           : tier == 0 ? "not joined to a leaf"
                                       : fmt::format("tier {}: {}", tier, Grouped(members.size())));
      y = PlaceTier(members, y);
      y += 12;
    }
    return y;
  }

  int PlaceTier(std::vector<std::size_t>& members, int y) {
    std::ranges::stable_sort(members, {}, [&](std::size_t i) { return plan_.switches[i].name; });
    const bool boxes =
        std::ranges::any_of(members, [&](std::size_t i) { return plan_.switches[i].hosts != 0; });
    const int height = kCellHeight + (boxes ? kBoxHeight + 5 : 0) + kGapY;
    const int columns = std::min<int>(kColumns, static_cast<int>(members.size()));
    const int left = (kWidth - columns * (kCellWidth + kGapX) + kGapX) / 2;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const int row = static_cast<int>(i) / kColumns, column = static_cast<int>(i) % kColumns;
      places_[members[i]] = {left + column * (kCellWidth + kGapX), y + row * height};
    }
    const int rows = (static_cast<int>(members.size()) + kColumns - 1) / kColumns;
    return y + rows * height;
  }

  void Trunks() {
    const bool all = plan_.trunks.size() <= kMaxTrunks;
    std::size_t drawn = 0;
    for (const PlanTrunk& trunk : plan_.trunks) {
      if ((!all && trunk.taken == 0) || drawn > kMaxTrunks) continue;
      ++drawn;
      Place a = places_[trunk.a], b = places_[trunk.b];
      if (a.y > b.y) std::swap(a, b);
      body_ +=
          fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke-width=\"{}\"/>\n",
                      trunk.taken != 0 ? "gone" : "cable", a.x + kCellWidth / 2, a.y + kCellHeight,
                      b.x + kCellWidth / 2, b.y, std::min(4u, 1 + trunk.cables / 4));
    }
  }

  static std::string_view Kind(const PlanSwitch& sw) {
    if (sw.fate == Fate::kTaken) return "taken";
    if (sw.fate == Fate::kCutOff) return "cut";
    return sw.hosts_exposed != 0 ? "weak" : "sw";
  }

  static std::string Tooltip(const PlanSwitch& sw) {
    std::string text = fmt::format("{} ({})", sw.name, ToString(sw.guid));
    if (sw.hosts != 0)
      text += fmt::format("; {}, {} cut off, {} without redundancy", Count(sw.hosts, "host"),
                          sw.hosts_cut_off, sw.hosts_exposed);
    if (sw.paths_before)
      text += fmt::format("; up-paths {:.0f} of {:.0f}", *sw.paths_after, *sw.paths_before);
    return text;
  }

  void Switch(const PlanSwitch& sw, const Place& at) {
    body_ +=
        fmt::format("<g><title>{}</title>\n<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    Escaped(Tooltip(sw)), Kind(sw), at.x, at.y, kCellWidth, kCellHeight);
    body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", at.x + kCellWidth / 2,
                         at.y + 15, Escaped(Short(sw.name, kNameLength)));
    if (sw.hosts != 0) Hosts(sw, {at.x, at.y + kCellHeight});
    body_ += "</g>\n";
  }

  void Hosts(const PlanSwitch& sw, const Place& at) {
    const std::string_view kind = sw.hosts_cut_off != 0 ? "cut" : sw.hosts_exposed != 0 ? "weak" : "box";
    std::string text = Count(sw.hosts, "host");
    if (sw.hosts_cut_off != 0) text += fmt::format(", {} cut", sw.hosts_cut_off);
    body_ += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", kind, at.x + 6,
                         at.y, kCellWidth - 12, kBoxHeight);
    body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", at.x + kCellWidth / 2,
                         at.y + 12, text);
    if (!sw.paths_before || *sw.paths_before == 0) return;
    const int width = kCellWidth - 12;
    const int left = static_cast<int>(width * *sw.paths_after / *sw.paths_before);
    body_ += fmt::format(
        "<rect class=\"lost\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"3\"/>"
        "<rect class=\"left\" x=\"{0}\" y=\"{1}\" width=\"{3}\" height=\"3\"/>\n",
        at.x + 6, at.y + kBoxHeight + 1, width, left);
  }

  const Plan& plan_;
  std::vector<Place> places_;
  std::string body_;
};

}  // namespace

std::string PlanSvg(const Plan& plan) {
  return Drawing(plan).Draw();
}

}  // namespace aftershock::exporter
