#include "exporter/plan_svg.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "exporter/plan_text.h"
#include "exporter/svg_words.h"
#include "exporter/wording.h"

namespace aftershock::exporter {
namespace {

constexpr int kMargin = 20;
constexpr int kMaxColumns = 14;
constexpr int kCellWidth = 108, kCellHeight = 24, kBoxInset = 2, kLine = 13;
constexpr int kBadgeWidth = 24, kBarHeight = 4, kGapX = 8, kGapY = 14, kTierGap = 30;
constexpr int kCableRoom = 70;   // between tiers whose cables are drawn
constexpr int kMinWidth = 1000;  // of the headline and the legend
constexpr std::size_t kNameLength = 16, kHeadLength = 140, kMaxTaken = 8;
constexpr std::size_t kMaxTrunks = 400;  // more lines than this cannot be followed
constexpr std::size_t kMaxCounts = 24;

constexpr std::string_view kStyle = R"(<style>
text { font: 11px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
.title { font-size: 17px; font-weight: 600; } .tier { font-size: 12px; font-weight: 600; fill: #59636e; }
.fact { font-size: 12px; } .hosts { font-size: 10px; } .name { font-weight: 600; }
.sw { fill: #eaeef2; stroke: #8c959f; } .box { fill: #fff; stroke: #c2c9d1; }
.taken { fill: #fff; stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 4 3; }
.taken-name { fill: #59636e; text-decoration: line-through; }
.cut { fill: #ffcecb; stroke: #cf222e; stroke-width: 1.5; } .weak { fill: #fff1b8; stroke: #9a6700; }
.cable { stroke: #8c959f; stroke-opacity: .5; fill: none; }
.fewer { stroke: #bc4c00; stroke-width: 1.5; fill: none; }
.gone { stroke: #cf222e; stroke-width: 1.2; stroke-dasharray: 4 4; stroke-opacity: .75; fill: none; }
.count { font-size: 10px; font-weight: 600; fill: #953800; stroke: #fff; stroke-width: 3; paint-order: stroke; }
.badge { fill: #cf222e; } .minus { font-size: 10px; font-weight: 600; fill: #fff; }
.left { fill: #1a7f37; } .lost { fill: #cf222e; }
</style>
)";

struct Place {
  int x = 0, y = 0;
};

class Drawing {
 public:
  explicit Drawing(const Plan& plan)
      : plan_(plan),
        places_(plan.switches.size()),
        cables_drawn_(plan.trunks.size() <= kMaxTrunks),
        lost_(plan.switches.size()) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> tiers;
    for (const PlanSwitch& sw : plan.switches)
      columns_ = std::max(columns_, std::min(kMaxColumns, ++tiers[{sw.plane, sw.tier}]));
    for (const PlanTrunk& trunk : plan.trunks) {
      lost_[trunk.a] += trunk.taken;
      lost_[trunk.b] += trunk.taken;
    }
    width_ = std::max(kMinWidth, 2 * kMargin + columns_ * (kCellWidth + kGapX) - kGapX);
  }

  std::string Draw() {
    int y = Head();
    for (std::uint32_t p = 0; p < plan_.planes.size(); ++p) y = PlaceAndLabel(p, y);
    const std::string labels = std::move(body_);
    body_.clear();
    std::string counts;
    if (cables_drawn_) Trunks(counts);
    for (std::size_t i = 0; i < plan_.switches.size(); ++i) Switch(plan_.switches[i], places_[i], lost_[i]);
    const int height = y + kMargin;
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n{2}"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n{3}{4}{5}</svg>\n",
        width_, height, kStyle, body_, counts, labels);
  }

 private:
  void Text(std::string_view kind, int x, int y, std::string_view text, bool middle = false) {
    body_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\"{}>{}</text>\n", kind, x, y,
                         middle ? " text-anchor=\"middle\"" : "", Escaped(text));
  }
  void Rect(std::string_view kind, Place at, int width, int height) {
    body_ += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\"/>\n", kind,
                         at.x, at.y, width, height);
  }

  void Badge(Place at, std::uint32_t lost) {
    Rect("badge", at, kBadgeWidth, 12);
    Text("minus", at.x + kBadgeWidth / 2, at.y + 10, fmt::format("−{}", lost), true);
  }

  // The headline, what is taken away, and what the colours mean.
  int Head() {
    int y = kMargin + 14;
    Text("title", kMargin, y, Short(PlanHeadline(plan_), kHeadLength));
    y += 6;
    for (std::size_t i = 0; i < std::min(plan_.taken.size(), kMaxTaken); ++i)
      Text("fact", kMargin, y += 16, "without " + Short(plan_.taken[i], kHeadLength));
    if (plan_.taken.size() > kMaxTaken)
      Text("fact", kMargin, y += 16, fmt::format("and {} more", plan_.taken.size() - kMaxTaken));
    return Legend(y + 16);
  }

  int Legend(int y) {
    static constexpr std::pair<std::string_view, std::string_view> kBoxes[] = {
        {"sw", "stays"}, {"taken", "taken away"}, {"cut", "cut off"}, {"weak", "redundancy lost"}};
    static constexpr std::pair<std::string_view, std::string_view> kLines[] = {
        {"gone", "cables that go"}, {"fewer", "some of several go"}};
    int x = kMargin;
    const auto word = [&](std::string_view text) {
      Text("fact", x + 30, y + 11, text);
      x += 54 + static_cast<int>(text.size()) * 7;
    };
    for (const auto& [kind, text] : kBoxes) {
      Rect(kind, {x, y}, 24, 14);
      word(text);
    }
    for (const auto& [kind, text] : kLines) {
      if (!cables_drawn_) break;
      body_ += fmt::format("<path class=\"{}\" d=\"M{} {}h24\"/>\n", kind, x, y + 7);
      word(text);
    }
    if (!cables_drawn_) {
      Badge({x, y + 1}, 1);
      word("cables to others that go");
    }
    Rect("lost", {x, y + 5}, 24, kBarHeight);
    Rect("left", {x, y + 5}, 16, kBarHeight);
    word("up-paths left and lost");
    return y + 24;
  }

  // Tiers from the top down; those that no cable joins to a leaf last.
  int PlaceAndLabel(std::uint32_t plane, int y) {
    std::map<std::uint32_t, std::vector<std::size_t>, std::greater<>> tiers;
    for (std::size_t i = 0; i < plan_.switches.size(); ++i) {
      if (plan_.switches[i].plane == plane) tiers[plan_.switches[i].tier].push_back(i);
    }
    if (plan_.planes.size() > 1)
      Text("title", kMargin, y += 30, Short(plan_.planes[plane].name, kHeadLength));
    for (auto& [tier, members] : tiers) {
      y += kTierGap;
      Text("tier", kMargin, y - 8,
           tier == 1   ? fmt::format("leaves: {}", Grouped(members.size()))
           : tier == 0 ? fmt::format("not joined to a leaf: {}", Grouped(members.size()))
                       : fmt::format("tier {}: {}", tier, Grouped(members.size())));
      y = PlaceTier(members, y);
      if (tier > 1 && cables_drawn_) y += kCableRoom - kTierGap;
    }
    return y;
  }

  int PlaceTier(std::vector<std::size_t>& members, int y) {
    std::ranges::stable_sort(members, {}, [&](std::size_t i) { return plan_.switches[i].name; });
    int height = kCellHeight;
    for (const std::size_t i : members) {
      const PlanSwitch& sw = plan_.switches[i];
      if (sw.hosts != 0)
        height = std::max(height, kCellHeight + BoxHeight(sw) + (sw.paths_before ? kBarHeight + 2 : 0));
    }
    height += kGapY;
    const int size = static_cast<int>(members.size()), columns = std::min(kMaxColumns, size);
    const int left = (width_ - columns * (kCellWidth + kGapX) + kGapX) / 2;
    for (int i = 0; i < size; ++i) {
      places_[members[static_cast<std::size_t>(i)]] = {left + i % columns * (kCellWidth + kGapX),
                                                       y + i / columns * height};
    }
    return y + (size + columns - 1) / columns * height;
  }

  void Trunks(std::string& counts) {
    std::size_t counted = 0;
    for (const PlanTrunk& trunk : plan_.trunks) {
      Place a = places_[trunk.a], b = places_[trunk.b];
      if (std::pair(a.y, a.x) > std::pair(b.y, b.x)) std::swap(a, b);
      const bool fewer = trunk.taken != 0 && trunk.taken < trunk.cables;
      const std::string_view kind = fewer ? "fewer" : trunk.taken != 0 ? "gone" : "cable";
      const int ax = a.x + kCellWidth / 2, bx = b.x + kCellWidth / 2;
      const int from = a.y == b.y ? a.y : a.y + kCellHeight;
      // Neighbours in a row are joined by an arch above them.
      body_ += fmt::format("<path class=\"{}\" d=\"M{} {}{} {} {}\"/>\n", kind, ax, from,
                           a.y == b.y ? fmt::format("Q{} {}", (ax + bx) / 2, a.y - 16) : "L", bx, b.y);
      if (!fewer || counted++ >= kMaxCounts) continue;
      counts +=
          fmt::format("<text class=\"count\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{} of {} go</text>\n",
                      (ax + bx) / 2, (from + b.y) / 2, trunk.taken, trunk.cables);
    }
  }

  static std::string_view Kind(const PlanSwitch& sw) {
    if (sw.fate == Fate::kTaken) return "taken";
    return sw.fate == Fate::kCutOff ? "cut" : "sw";
  }

  static std::string Tooltip(const PlanSwitch& sw) {
    std::string text = fmt::format("{} ({})", sw.name, ToString(sw.guid));
    if (sw.hosts != 0)
      text += fmt::format("; {}, {} cut off, {} with redundancy lost", Count(sw.hosts, "host"),
                          sw.hosts_cut_off, sw.hosts_weaker);
    if (sw.paths_before)
      text += fmt::format("; up-paths {:.0f} of {:.0f}", *sw.paths_after, *sw.paths_before);
    return text;
  }

  void Switch(const PlanSwitch& sw, const Place& at, std::uint32_t lost) {
    body_ += fmt::format("<g><title>{}</title>\n", Escaped(Tooltip(sw)));
    Rect(Kind(sw), at, kCellWidth, kCellHeight);
    Text(sw.fate == Fate::kTaken ? "name taken-name" : "name", at.x + kCellWidth / 2, at.y + 16,
         Short(sw.name, kNameLength), true);
    if (sw.hosts != 0) Hosts(sw, {at.x + kBoxInset, at.y + kCellHeight});
    if (!cables_drawn_ && lost != 0 && sw.fate != Fate::kTaken)
      Badge({at.x + kCellWidth - kBadgeWidth + 5, at.y - 5}, lost);
    body_ += "</g>\n";
  }

  static int BoxHeight(const PlanSwitch& sw) {
    return 5 + kLine * (1 + (sw.hosts_cut_off != 0 ? 1 : 0) + (sw.hosts_weaker != 0 ? 1 : 0));
  }

  void Hosts(const PlanSwitch& sw, const Place& at) {
    constexpr int kWidth = kCellWidth - 2 * kBoxInset;
    Rect(sw.hosts_cut_off != 0 ? "cut" : sw.hosts_weaker != 0 ? "weak" : "box", at, kWidth, BoxHeight(sw));
    int y = at.y;
    const auto line = [&](std::string_view text) {
      Text("hosts", at.x + kWidth / 2, y += kLine, text, true);
    };
    line(Count(sw.hosts, "host"));
    if (sw.hosts_cut_off != 0) line(fmt::format("{} cut off", Grouped(sw.hosts_cut_off)));
    if (sw.hosts_weaker != 0) line(fmt::format("{} less redundant", Grouped(sw.hosts_weaker)));
    if (!sw.paths_before || *sw.paths_before == 0) return;
    const Place bar{at.x, at.y + BoxHeight(sw) + 2};
    Rect("lost", bar, kWidth, kBarHeight);
    Rect("left", bar, static_cast<int>(kWidth * *sw.paths_after / *sw.paths_before), kBarHeight);
  }

  const Plan& plan_;
  std::vector<Place> places_;
  bool cables_drawn_;                // few enough to be told apart
  std::vector<std::uint32_t> lost_;  // cables, by switch
  int columns_ = 1, width_ = 0;
  std::string body_;
};

}  // namespace

std::string PlanSvg(const Plan& plan) {
  return Drawing(plan).Draw();
}

}  // namespace aftershock::exporter
