// Where a subject lies as seen from a window: in its scope, one cable away, or elsewhere.
//
// Pure functions, thread-safe. Internal to rules/windows.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/image.h"
#include "model/window.h"

namespace aftershock::rules {

inline constexpr double kInScope = 0.7;  // of a Place: named, touched, or in a scope that is the whole fabric

struct Place {
  double score = 0;   // 1: in scope by name; 0: elsewhere
  std::string where;  // one clause: "sw2 is in scope"
};

// Who is cabled to whom, over all planes and machines of an image. Without an image every subject stands for
// itself alone.
class Surroundings {
 public:
  // `this_host`: whose interfaces, bonds and adapters subjects without a GUID are; empty: any machine's.
  // `seen`: what there is now, where `image` is from before; a device in another's place is known from it.
  explicit Surroundings(const Image* image, std::string_view this_host = {}, const Image* seen = nullptr)
      : image_(image), this_host_(this_host), seen_(seen) {}

  // The nodes that an item of a scope stands for: all adapters of a host.
  std::set<Guid> NodesOf(const ScopeItem& item) const;
  // The nodes that a finding's subject is about: the ends of a link, the members of a pair, the adapters of
  // the machine that has an interface. Empty: the fabric, or not known.
  std::set<Guid> NodesOf(const Subject& subject) const;
  // Those that a cable joins to `node`.
  std::set<Guid> Neighbours(Guid node) const;
  // The other end of the cable in a port.
  std::optional<PortKey> FarEnd(const PortKey& port) const;
  // Every cable of it leads to one of `gone`, and there is one.
  bool HangsOn(Guid node, const std::set<Guid>& gone) const;
  // Its name for people; its GUID where it has none.
  std::string NameOf(Guid node) const;
  // That a person would call the subject.
  std::string NameOf(const Subject& subject) const;

 private:
  std::set<Guid> Adapters(const HostImage& host) const;
  std::set<Guid> NodesOfMachine(const Subject& subject) const;

  const Image* image_;
  const std::string this_host_;
  const Image* seen_;
};

// The nodes of `now` that stand where the item's stood before: by the same name, and unknown before, while
// what it names is gone. A board that was replaced has another GUID.
std::set<Guid> StandIns(const ScopeItem& item, const Image& before, const Image& now);

// What the item names is there now, or another stands where it stood `before`; nullptr: not known.
bool StandsNow(const ScopeItem& item, const Image* before, const Image& now);

// A switch, a host's adapter or a link: what an image has or lacks.
bool ShowsInImage(const Subject& subject);
// The image has it; what does not show there is taken to be there.
bool IsThere(const Subject& subject, const Image& image);

Place PlaceOf(const Subject& subject, const Window& window, const Surroundings& around);

// What the window expects explains the absence of this subject: it is what goes down, a link to it, or
// hangs on nothing else.
std::optional<std::string> ExpectedGone(const Subject& subject, const Window& window,
                                        const Surroundings& around);

// The item names this subject itself, or the same link by its other end.
bool Means(const ScopeItem& item, const Subject& subject, const Surroundings& around);

}  // namespace aftershock::rules
