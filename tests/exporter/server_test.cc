#include "exporter/server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>

#include "model/json/host.h"
#include "model/json/window.h"
#include "sample.h"
#include "sample_host.h"

namespace aftershock::exporter {
namespace {

using Catch::Matchers::Contains;

// A server on a port of its own, and the report it serves.
struct Running {
  explicit Running(Report served, const ListenAddress& address = {"127.0.0.1", 0})
      : Running(std::make_shared<const Report>(std::move(served)), address) {}
  explicit Running(ReportPtr served, const ListenAddress& address = {"127.0.0.1", 0})
      : report(std::move(served)) {
    auto started = Server::Start(
        address, [this] { return report; }, clock, SampleBuild());
    REQUIRE(started);
    server = std::move(*started);
  }
  httplib::Result Get(const char* path) const {
    return httplib::Client("127.0.0.1", server->port()).Get(path);
  }

  StoppedClock clock;
  const ReportPtr report;
  std::unique_ptr<Server> server;
};

// A raw connection that sends what it is told, and reads nothing unless asked.
class RawClient {
 public:
  explicit RawClient(int port) : sock_(socket(AF_INET, SOCK_STREAM, 0)) {
    // A small window, so that a page which nobody reads cannot hide in the kernel's buffers.
    const int small = 4096;
    setsockopt(sock_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(sock_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawClient() { close(sock_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void Send(std::string_view text) const { REQUIRE(send(sock_, text.data(), text.size(), MSG_NOSIGNAL) > 0); }
  std::string Receive(std::size_t most) const {
    std::string text(most, '\0');
    const ssize_t got = recv(sock_, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  int sock_;
};

// A page of some 15 MB: more than the kernel's buffers take.
Report LargeReport() {
  Report report = SampleReport();
  FabricSnapshot fabric = SampleFabric();
  Node node = fabric.nodes[2];
  for (Port& port : node.ports) {
    for (const CounterSpec& spec : Counters()) port.counters.Set(spec.id, 1);
  }
  for (std::uint64_t guid = 1; guid < 3000; ++guid) {
    node.guid = Guid{0x0003000000000000 + guid};
    fabric.nodes.push_back(node);
  }
  report.planes[0].snapshot = std::make_shared<const FabricSnapshot>(std::move(fabric));
  return report;
}

}  // namespace

TEST_CASE("A scrape gets the whole page with Prometheus' content type", "[exporter][server]") {
  const Running running(SampleReport());
  const auto response = running.Get("/metrics");
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->get_header_value("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response->body == MetricsText(SampleReport(), running.clock.Steady()));
}

TEST_CASE("A scrape that offers gzip or asks for a part gets the whole page as it is", "[exporter][server]") {
  const Running running(SampleReport());
  httplib::Client client("127.0.0.1", running.server->port());
  client.set_decompress(false);
  const auto response = client.Get("/metrics", {{"Accept-Encoding", "gzip, br"}, {"Range", "bytes=0-9"}});
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->body == MetricsText(SampleReport(), running.clock.Steady()));
}

TEST_CASE("/readyz is 200 while the sweep is fresh and 503 with the reason when it is not",
          "[exporter][server]") {
  Running running(SampleReport());
  CHECK(running.Get("/readyz")->status == 200);
  running.clock.later = std::chrono::seconds(91);
  const auto response = running.Get("/readyz");
  CHECK(response->status == 503);
  CHECK(response->body == "mlx5_0:1: the last complete sweep ended 91 s ago, more than 90 s\n");
  CHECK(running.Get("/healthz")->status == 200);
}

TEST_CASE("Before the first report the server lives, is not ready and knows nothing", "[exporter][server]") {
  const Running running(ReportPtr{});
  CHECK(running.Get("/healthz")->status == 200);
  CHECK(running.Get("/readyz")->status == 503);
  CHECK_THAT(running.Get("/metrics")->body, Contains(R"(name="fabric",status="unknown"} 1)"));
  CHECK_THAT(running.Get("/report.json")->body, Contains(R"("verdict":"unknown")"));
}

TEST_CASE("A stale report is served as unknown on every page", "[exporter][server]") {
  Running running(HealthyReport());
  running.clock.later = std::chrono::seconds(91);
  CHECK_THAT(running.Get("/report.json")->body, Contains(R"("verdict":"unknown")"));
  CHECK_THAT(running.Get("/")->body, Contains(R"(aftershock: <b class="unknown">unknown</b>)"));
}

TEST_CASE("/snapshot.json is the host's facts with verdict and findings", "[exporter][server]") {
  Running running(BothReport());
  const auto response = running.Get("/snapshot.json");
  CHECK(response->status == 200);
  CHECK(response->get_header_value("Content-Type") == "application/json");
  const auto host = HostSnapshotFromJson(response->body);
  REQUIRE(host);
  CHECK(host->hostname == "n1");
  CHECK(host->links.size() == 4);
  const auto json = nlohmann::json::parse(response->body);
  CHECK(json["verdict"] == "critical");
  CHECK(json["findings"].size() == 2);
}

TEST_CASE("/snapshot.json is what another monitor reads of the host", "[exporter][server]") {
  Running running(BothReport());
  const auto told = HostToldFromJson(running.Get("/snapshot.json")->body);
  REQUIRE(told);
  CHECK(told->fresh);
  CHECK(told->served == running.clock.Wall());
  CHECK(told->verdict == Verdict::kCritical);
  CHECK(told->snapshot.hostname == "n1");
  REQUIRE(told->findings.size() == running.report->host->findings.size());
  for (std::size_t i = 0; i < told->findings.size(); ++i) {
    CHECK(Key(told->findings[i]) == Key(running.report->host->findings[i]));
    CHECK(told->findings[i].since == running.report->host->findings[i].since);
    CHECK(told->findings[i].severity == running.report->host->findings[i].severity);
  }
  running.clock.later = std::chrono::seconds(41);
  CHECK_FALSE(HostToldFromJson(running.Get("/snapshot.json")->body)->fresh);
}

TEST_CASE("/windows.json is what is announced now, by which clock", "[exporter][server]") {
  const StoppedClock clock;
  std::vector<Window> windows(1);
  windows[0].id = 12;
  windows[0].title = "sw2";
  const auto server = Server::Start(
      {"127.0.0.1", 0}, [] { return ReportPtr{}; }, clock, SampleBuild(), Compat::kTreydock,
      [&] { return windows; });
  REQUIRE(server);
  const auto get = [&] { return httplib::Client("127.0.0.1", (*server)->port()).Get("/windows.json"); };
  const auto told = WindowsFromJson(get()->body);
  REQUIRE(told);
  CHECK(told->served == clock.Wall());
  CHECK(told->windows == windows);
  windows.clear();
  CHECK(WindowsFromJson(get()->body)->windows.empty());
  CHECK(Running(SampleReport()).Get("/windows.json")->status == 404);
}

TEST_CASE("/snapshot.json of a stale look is unknown", "[exporter][server]") {
  Report report = HostReportOf(SampleHost());
  report.host->verdict = Verdict::kOk;
  Running running(report);
  running.clock.later = std::chrono::seconds(41);
  CHECK_THAT(running.Get("/snapshot.json")->body, Contains(R"("verdict":"unknown")"));
  CHECK(running.Get("/readyz")->status == 503);
}

TEST_CASE("/snapshot.json says why there is none", "[exporter][server]") {
  CHECK(Running(SampleReport()).Get("/snapshot.json")->status == 404);
  CHECK(Running(ReportPtr{}).Get("/snapshot.json")->status == 503);
  Report unseen;
  unseen.host.emplace();
  const auto response = Running(unseen).Get("/snapshot.json");
  CHECK(response->status == 503);
  CHECK(response->body == "the host was not looked at so far\n");
}

TEST_CASE("A page that is not there is 404, and nothing can be posted", "[exporter][server]") {
  const Running running(SampleReport());
  CHECK(running.Get("/nothing")->status == 404);
  httplib::Client client("127.0.0.1", running.server->port());
  CHECK(client.Post("/metrics", std::string(100, 'x'), "text/plain")->status == 404);
}

TEST_CASE("A second server on the port is refused with the reason", "[exporter][server]") {
  const Running running(SampleReport());
  const auto port = static_cast<std::uint16_t>(running.server->port());
  for (const char* host : {"127.0.0.1", ""}) {
    const auto second = Server::Start(
        {host, port}, [] { return ReportPtr(); }, running.clock, SampleBuild());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::kDenied);
    CHECK_THAT(second.error().what, Contains("another program does"));
  }
}

TEST_CASE("A server without a host is reached by IPv4, and by IPv6 where there is any",
          "[exporter][server]") {
  const Running running(SampleReport(), {"", 0});
  CHECK(running.Get("/healthz")->status == 200);
  const auto response = httplib::Client("::1", running.server->port()).Get("/healthz");
  if (!response) {
    WARN("skipped: there is no IPv6 loopback here");
    return;
  }
  CHECK(response->status == 200);
}

TEST_CASE("An address that is not ours is an error that names it", "[exporter][server]") {
  const StoppedClock clock;
  const auto server = Server::Start(
      {"192.0.2.1", 0}, [] { return ReportPtr(); }, clock, SampleBuild());
  REQUIRE_FALSE(server);
  CHECK(server.error().code == Errc::kInvalid);
  CHECK_THAT(server.error().what, Contains("cannot listen on 192.0.2.1:0"));
}

TEST_CASE("Clients that send nothing, or read nothing, hold nobody up", "[exporter][server]") {
  const Running running(LargeReport());
  const RawClient mute(running.server->port()), deaf(running.server->port());
  mute.Send("GET /met");
  deaf.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(deaf.Receive(12), Contains("200"));
  CHECK(running.Get("/healthz")->status == 200);
}

TEST_CASE("Stop ends with clients in the middle of a request and of a scrape", "[exporter][server]") {
  const Running running(LargeReport());
  const RawClient mute(running.server->port()), deaf(running.server->port());
  mute.Send("GET /met");
  deaf.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(deaf.Receive(12), Contains("200"));
  // Connection::kStallTime and kRequestTime are 5 s: what waits for a client takes far longer than this
  // allows.
  auto stopped = std::async(std::launch::async, [&] { running.server->Stop(); });
  CHECK(stopped.wait_for(std::chrono::seconds(3)) == std::future_status::ready);
}

TEST_CASE("Stop may be called twice and right after the start", "[exporter][server]") {
  const Running running(SampleReport());
  running.server->Stop();
  running.server->Stop();
  CHECK_FALSE(running.Get("/healthz"));
}

TEST_CASE("More clients at once than the server has threads are all served", "[exporter][server]") {
  const Running running(SampleReport());
  std::vector<std::future<int>> scrapes;
  for (int i = 0; i < 40; ++i) {
    scrapes.push_back(std::async(std::launch::async, [&] { return running.Get("/metrics")->status; }));
  }
  for (auto& scrape : scrapes) CHECK(scrape.get() == 200);
}

}  // namespace aftershock::exporter
