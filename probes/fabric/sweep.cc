#include "probes/fabric/sweep.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "probes/fabric/asker.h"
#include "probes/fabric/counters.h"
#include "probes/fabric/discovery.h"
#include "probes/fabric/reread.h"
#include "probes/fabric/sa.h"
#include "probes/fabric/sms.h"
#include "probes/fabric/table_plan.h"

namespace aftershock::fabric {
namespace {

using MadCounts = std::array<MadCount, kMadClassCount>;

MadCounts Since(const MadCounts& now, const MadCounts& before) {
  MadCounts difference;
  for (std::size_t i = 0; i < kMadClassCount; ++i) {
    difference[i] = {now[i].sent - before[i].sent, now[i].answered - before[i].answered,
                     now[i].timeouts - before[i].timeouts, now[i].errors - before[i].errors,
                     now[i].dropped - before[i].dropped};
  }
  return difference;
}

// A value that is missing stays missing until it is read; everything else was not asked yet in this sweep.
void Forget(Answer& answer) {
  if (!Missing(answer) && answer != Answer::kUnsupported) answer = Answer::kNotAsked;
}

void BeginSweep(Graph& graph) {
  for (WorkNode& work : graph.nodes) {
    work.node.requests = work.node.lost = 0;
    Forget(work.node.switch_answer);
    Forget(work.node.description_answer);
    work.node.tables.linear.answer = work.node.tables.multicast.answer = Answer::kNotAsked;
    if (work.node.tables.sl_to_vl.answer != Answer::kUnsupported) {
      work.node.tables.sl_to_vl.answer = Answer::kNotAsked;
    }
    for (Port& port : work.node.ports) {
      Forget(port.info_answer);
      Forget(port.peer_answer);
      if (!Missing(work.node.answer)) port.counters_answer = Answer::kNotAsked;
      port.restarted = false;
      port.partitions.answer = port.membership.answer = Answer::kNotAsked;
    }
  }
}

}  // namespace

class FabricProbe::Impl {
 public:
  Impl(mad::Transport& transport, LocalPort local, const Clock& clock, SweepOptions options)
      : local_(std::move(local)),
        clock_(clock),
        options_(std::move(options)),
        engine_(transport, clock, options_.limits),
        ask_(engine_, clock),
        counters_(ask_),
        sms_(ask_),
        sa_(ask_, options_.sa_key),
        table_reader_(ask_, options_.limits.smp_in_flight * 3 / 2),
        table_plan_(table_reader_, ask_) {
    if (options_.m_key != 0) engine_.SetMKey(options_.m_key);
  }

  FabricSnapshotPtr Sweep(std::stop_token stop, const ProgressCallback& progress) {
    report_ = SweepReport();
    report_.number = ++number_;
    report_.started = clock_.Wall();
    report_.started_steady = clock_.Steady();
    before_ = engine_.counts();
    sms_.Forget();
    sa_.Forget();
    stop_ = std::move(stop);
    ask_.Begin(number_, report_.started_steady, &progress);
    Walk();
    return Publish();
  }

 private:
  // Runs what was submitted. false: the sweep ends here, and `incomplete_because` says why.
  bool Run() {
    const auto done = engine_.Run(report_.started_steady + options_.deadline, stop_);
    if (done || !report_.incomplete_because.empty()) return done.has_value();
    switch (done.error().code) {
      case Errc::kTimeout:
        report_.incomplete_because =
            fmt::format("its deadline of {} s came first", ToSeconds(options_.deadline));
        break;
      case Errc::kAbsent:
        report_.incomplete_because = "it was stopped";
        break;
      default:
        report_.incomplete_because = done.error().what;
    }
    return false;
  }

  void Use(Graph& graph) {
    ask_.Use(graph);
    counters_.Use(graph);
  }

  void Walk() {
    report_.full = graph_.nodes.empty() || discover_next_;
    discover_next_ = false;
    BeginSweep(graph_);
    counters_.Begin();
    if (!report_.full) {
      Use(graph_);
      ReRead pass(graph_, ask_, counters_, options_.names);
      pass.Start();
      bool ended = Run();
      if (ended && !pass.Moved()) {
        pass.ConfirmCables(counters_.WentDown());
        ended = Run();
      }
      if (!ended) {
        discover_next_ = true;  // what it saw move has been taken over already
        return Unread();
      }
      report_.full = pass.Moved();
    }
    if (report_.full && !Discover()) return;
    if (!AskAgain()) return;
    AskSa();
    ReadTables();
    const TableKinds changed = table_plan_.changed();
    if (changed.Has(TableKind::kLinear) || changed.Has(TableKind::kSlToVl)) {
      sa_.ForgetPaths();
      AskSa();
    }
    if (!report_.full && changed.Has(TableKind::kLinear)) DiscoverWhatRouted();
  }

  // The SM wrote other tables, and no cable was seen to move: two may have changed places since the sweep
  // before.
  void DiscoverWhatRouted() {
    if (!report_.incomplete_because.empty()) return;
    report_.full = true;
    if (!Discover() || !AskAgain()) return;
    ReadTables();
  }

  bool Discover() {
    Graph found;
    Use(found);
    Graph* before = graph_.nodes.empty() ? nullptr : &graph_;
    Discovery pass(found, before, ask_, counters_, options_.names);
    pass.Start();
    bool ended = Run();
    if (ended) {
      pass.ProbeSilentAgain();
      ended = Run();
    }
    if (pass.Overrun() && ended) {
      report_.incomplete_because = "more nodes answered than a subnet can have";
      ended = false;
    }
    if (ended) {
      report_.incomplete_because = Blindness(found);
      ended = report_.incomplete_because.empty();
    }
    pass.AdoptSilent();
    if (!ended) pass.AdoptUnreached();
    graph_ = std::move(found);
    Use(graph_);
    discover_next_ = !ended;
    if (!ended) Unread();
    return ended;
  }

  // The sweep was cut short: what it should still have read is unreachable, not merely unasked.
  void Unread() {
    for (WorkNode& work : graph_.nodes) {
      for (std::size_t i = 0; i < work.node.ports.size(); ++i) {
        Port& port = work.node.ports[i];
        if (port.Linked() && work.tracks[i].sweep != number_ && port.counters_answer == Answer::kNotAsked) {
          port.counters_answer = Answer::kUnreachable;
        }
      }
    }
  }

  bool AskAgain() {
    if (counters_.AllSilent() && report_.incomplete_because.empty()) {
      report_.incomplete_because =
          "subnet management was answered and no performance query was: our port is probably a limited "
          "member of its "
          "partition, or the P_Key index is wrong";
    }
    SecondChance pass(graph_, ask_, counters_, options_.names);
    Use(graph_);
    pass.Start();
    if (const Port* own = OwnPort(graph_); own != nullptr && own->info) sms_.Ask(graph_, own->info->sm_lid);
    const bool ended = Run();
    if (!ended) Unread();
    return ended;
  }

  // By itself: its answers are timed.
  void AskSa() {
    const Port* own = OwnPort(graph_);
    if (own == nullptr) return;
    sa_.Ask(graph_, {0, own->num}, sms_.master());
    Run();
  }

  void ReadTables() {
    const SteadyTime began = clock_.Steady();
    const std::uint64_t sent = SmpsSent();
    Use(graph_);
    if (const auto& group = sa_.view().group) table_reader_.ExpectGroup(group->mlid);
    table_plan_.Begin(graph_, report_.full, sms_.Pulse());
    bool cut_short = false;
    while (!cut_short && table_plan_.NextRound()) {
      cut_short = !Run();
      if (cut_short) break;
      sms_.AskPulse();
      cut_short = !Run();
      if (!cut_short) table_plan_.EndRound(sms_.Pulse());
    }
    table_plan_.End(cut_short);
    report_.tables += clock_.Steady() - began;
    report_.table_mads += SmpsSent() - sent;
  }

  std::uint64_t SmpsSent() const { return engine_.counts()[static_cast<std::size_t>(MadClass::kSmp)].sent; }

  const Port* OwnPort(const Graph& graph) const {
    if (graph.nodes.empty()) return nullptr;
    const Node& own = graph.nodes.front().node;
    return own.FindPort(own.IsSwitch() ? 0 : local_.port);
  }

  // Why a discovery that reached its end tells nothing of the fabric; empty: it does.
  std::string Blindness(const Graph& found) const {
    const Port* own = OwnPort(found);
    if (own == nullptr || !own->info) {
      return fmt::format("our own node does not answer at {}", local_.Name());
    }
    if (own->num == 0 || own->Linked()) return {};
    return fmt::format("our own port {} is {}/{}", local_.Name(), ToString(own->info->state),
                       ToString(own->info->phys_state));
  }

  void NoteOwnLids() {
    const Port* own = OwnPort(graph_);
    if (own == nullptr || !own->info) return;
    local_.lid = own->info->lid;
    local_.sm_lid = own->info->sm_lid;
  }

  // A local stack that takes no request leaves everything as it was, which must not pass for having been
  // read.
  void NoteDeafness() {
    const bool heard = std::ranges::any_of(report_.mads, [](const MadCount& c) { return c.answered > 0; });
    if (heard || !report_.incomplete_because.empty()) return;
    report_.incomplete_because =
        fmt::format("not one request could be sent by {} or was answered", local_.Name());
    sms_.ForgetAnswer();
    discover_next_ = true;
  }

  // A cable behind which nobody was looked for is as unknown as one behind which nobody answered.
  void NoteUnprobed() {
    for (WorkNode& work : graph_.nodes) {
      if (!work.node.IsSwitch()) continue;
      for (Port& port : work.node.ports) {
        const bool unprobed = port.Linked() && !port.peer && port.peer_answer == Answer::kNotAsked;
        if (unprobed && !Missing(work.node.answer)) port.peer_answer = Answer::kUnreachable;
      }
    }
  }

  FabricSnapshotPtr Publish() {
    report_.mads_total = engine_.counts();
    report_.mads = Since(report_.mads_total, before_);
    NoteDeafness();
    NoteUnprobed();
    NoteOwnLids();
    auto snapshot = std::make_shared<FabricSnapshot>();
    std::vector<std::uint32_t> order(graph_.nodes.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
      const Node& x = graph_.nodes[a].node;
      const Node& y = graph_.nodes[b].node;
      return std::tie(x.guid, x.route) < std::tie(y.guid, y.route);
    });
    std::vector<std::uint32_t> place(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    snapshot->nodes.reserve(order.size());
    for (const std::uint32_t i : order) {
      Node& node = snapshot->nodes.emplace_back(graph_.nodes[i].node);
      if (node.name.empty()) node.name = ToString(node.guid);
      for (Port& port : node.ports) {
        if (port.peer) port.peer->node = place[port.peer->node];
      }
    }
    report_.complete = report_.incomplete_because.empty();
    report_.duration = clock_.Steady() - report_.started_steady;
    snapshot->local = local_;
    snapshot->sm = sms_.master();
    snapshot->sms = sms_.Seen();
    snapshot->sa = sa_.view();
    snapshot->sweep = report_;
    snapshot->sweep.coverage = CountCoverage(*snapshot);
    return snapshot;
  }

  LocalPort local_;
  const Clock& clock_;
  SweepOptions options_;
  mad::Engine engine_;
  Asker ask_;
  CounterReader counters_;
  SmReader sms_;
  SaReader sa_;
  TableReader table_reader_;
  TablePlan table_plan_;
  Graph graph_;
  SweepReport report_;
  MadCounts before_{};
  std::stop_token stop_;
  std::uint32_t number_ = 0;
  bool discover_next_ = false;  // the last discovery was cut short
};

FabricProbe::FabricProbe(mad::Transport& transport, LocalPort local, const Clock& clock, SweepOptions options)
    : impl_(std::make_unique<Impl>(transport, std::move(local), clock, std::move(options))) {}
FabricProbe::~FabricProbe() = default;

FabricSnapshotPtr FabricProbe::Sweep(std::stop_token stop, const ProgressCallback& progress) {
  return impl_->Sweep(std::move(stop), progress);
}

}  // namespace aftershock::fabric
