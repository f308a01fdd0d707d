#include "exporter/server.h"

#include <thread>
#include <utility>

#include "exporter/fabric_pages.h"
#include "exporter/freshness.h"
#include "exporter/http_listener.h"
#include "exporter/index_page.h"
#include "model/json/host.h"
#include "model/json/report.h"
#include "model/json/window.h"

namespace aftershock::exporter {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetrics = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kJson = "application/json";

// What other monitors need to know; what was seen in each window is for those who ask for it.
WindowsTold Announcements(WallTime served, std::vector<Window> windows) {
  for (Window& window : windows) {
    window.changes.clear();
    window.stood.clear();
  }
  return {served, std::move(windows)};
}

class HttpServer final : public Server {
 public:
  HttpServer(ReportSource report, const Clock& clock, BuildInfo build, Compat compat, WindowsNow windows)
      : report_(std::move(report)),
        clock_(clock),
        build_(std::move(build)),
        compat_(compat),
        windows_(std::move(windows)) {
    listener_.set_default_headers(
        {{"Cache-Control", "no-store"},
         {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
         {"X-Content-Type-Options", "nosniff"}});
    Route();
  }
  ~HttpServer() override { Stop(); }

  Result<void> Start(const ListenAddress& address) {
    const auto port = listener_.Bind(address);
    if (!port) return tl::unexpected(port.error());
    port_ = *port;
    thread_ = std::thread([this] { listener_.Serve(); });
    return {};
  }

  int port() const override { return port_; }

  void Stop() override {
    if (!thread_.joinable()) return;
    listener_.Close();
    thread_.join();
  }

 private:
  void Route() {
    listener_.Get("/", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(IndexPage(Current(), clock_.Steady(), build_), kHtml);
    });
    listener_.Get("/metrics",
                  [this](const httplib::Request&, httplib::Response& response) { Metrics(response); });
    listener_.Get("/report.json", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(ToJson(Current()).dump() + "\n", kJson);
    });
    listener_.Get("/snapshot.json",
                  [this](const httplib::Request&, httplib::Response& response) { HostFacts(response); });
    listener_.Get("/windows.json", [this](const httplib::Request&, httplib::Response& response) {
      if (!windows_) {
        response.status = 404;
        return response.set_content("this monitor keeps no journal, and announces nothing\n", kText);
      }
      response.set_content(ToJson(Announcements(clock_.Wall(), windows_())).dump() + "\n", kJson);
    });
    listener_.Get("/fabric.json", [this](const httplib::Request& request, httplib::Response& response) {
      const auto page = FabricPage(*Last(), request.get_param_value("plane"));
      response.status = page ? 200 : page.error().code == Errc::kInvalid ? 400 : 404;
      response.set_content(page ? *page : page.error().what + "\n", page ? kJson : kText);
    });
    listener_.Get("/loads.json", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(LoadsPage(*Last(), clock_.Steady()), kJson);
    });
    listener_.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("ok\n", kText);
    });
    listener_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      const auto why = WhyNotReady(*Last(), clock_.Steady());
      response.status = why ? 503 : 200;
      response.set_content(why.value_or("ok") + "\n", kText);
    });
  }

  void HostFacts(httplib::Response& response) const {
    const ReportPtr last = report_();
    if (last && !last->host) {
      response.status = 404;
      return response.set_content("this process does not look at its host\n", kText);
    }
    if (!last || !last->host->snapshot) {
      response.status = 503;
      return response.set_content("the host was not looked at so far\n", kText);
    }
    const SteadyTime now = clock_.Steady();
    const bool fresh = Fresh(*last->host, now);
    response.set_content(ToJson(*AsOf(*last, now).host, clock_.Wall(), fresh).dump() + "\n", kJson);
  }

  void Metrics(httplib::Response& response) {
    response.set_chunked_content_provider(kMetrics, [this](std::size_t, httplib::DataSink& sink) {
      const auto write = [&](std::string_view chunk) { return sink.write(chunk.data(), chunk.size()); };
      const bool whole = WriteMetrics(*Last(), clock_.Steady(), build_, write, compat_);
      if (whole) sink.done();
      return whole;
    });
  }

  // Never nullptr: before the first report, one that knows nothing.
  ReportPtr Last() const {
    ReportPtr report = report_();
    return report ? report : std::make_shared<const Report>();
  }
  Report Current() const { return AsOf(*Last(), clock_.Steady()); }

  ReportSource report_;
  const Clock& clock_;
  BuildInfo build_;
  Compat compat_;
  WindowsNow windows_;
  HttpListener listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const ListenAddress& address, ReportSource report,
                                              const Clock& clock, BuildInfo build, Compat compat,
                                              WindowsNow windows) {
  auto server =
      std::make_unique<HttpServer>(std::move(report), clock, std::move(build), compat, std::move(windows));
  if (auto started = server->Start(address); !started) return tl::unexpected(started.error());
  return server;
}

}  // namespace aftershock::exporter
