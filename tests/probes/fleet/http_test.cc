#include "probes/fleet/http.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

using namespace aftershock;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using fleet::HttpAccess;
using fleet::HttpGet;

namespace {

// So long an answer may take where the test is about something else.
constexpr Duration kLong = 60s, kShort = 300ms;
constexpr std::size_t kMost = 1000;

HttpAccess Access(Duration timeout = kLong) {
  HttpAccess access;
  access.timeout = timeout;
  return access;
}

// An HTTP server of its own.
template <typename Server>
struct Serving {
  template <typename... Args>
  explicit Serving(const std::function<void(Server&)>& route, Args&&... args)
      : server(std::forward<Args>(args)...) {
    route(server);
    port = server.bind_to_any_port("127.0.0.1");
    REQUIRE(port > 0);
    thread = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::yield();  // one that does not run yet cannot be stopped
  }
  ~Serving() {
    server.stop();
    thread.join();
  }
  fleet::Url Url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    const auto url = fleet::ParseUrl(scheme + "://" + host + ":" + std::to_string(port));
    REQUIRE(url);
    return *url;
  }

  Server server;
  int port = 0;
  std::thread thread;
};
using Plain = Serving<httplib::Server>;

// A listener that says what it is told, octet for octet, and then waits for the other side to go.
class Raw {
 public:
  // `again`: it goes on saying this until nobody listens.
  explicit Raw(std::string once, std::string again = "", std::chrono::milliseconds pause = 0ms,
               bool closes = false)
      : sock_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(sock_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(sock_, 1) == 0);
    REQUIRE(getsockname(sock_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([=, this] {
      const int peer = accept(sock_, nullptr, nullptr);
      if (peer < 0) return;
      peer_ = peer;
      const auto say = [&](const std::string& text) {
        return text.empty() || send(peer, text.data(), text.size(), MSG_NOSIGNAL) > 0;
      };
      bool there = say(once);
      while (there && !again.empty()) {
        there = say(again);
        std::this_thread::sleep_for(pause);
      }
      char octet = 0;
      while (!closes && recv(peer, &octet, 1, 0) > 0) continue;
      if (closes) shutdown(peer, SHUT_RDWR);
    });
  }
  ~Raw() {
    shutdown(sock_, SHUT_RDWR);
    // It may be in the middle of a sentence that nobody takes in.
    if (peer_ >= 0) shutdown(peer_, SHUT_RDWR);
    thread_.join();
    if (peer_ >= 0) close(peer_);
    close(sock_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  fleet::Url Url(const std::string& scheme = "http") const {
    return *fleet::ParseUrl(scheme + "://127.0.0.1:" + std::to_string(port_));
  }

 private:
  int sock_;
  int port_ = 0;
  std::atomic<int> peer_{-1};
  std::thread thread_;
};

// A certificate for 127.0.0.1, signed by itself, and its key, in files of a folder that goes with it.
struct Certificate {
  Certificate() {
    std::string name = (std::filesystem::temp_directory_path() / "aftershock-tls-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    X509_NAME* subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("here"),
                               -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION* san = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x509, san, -1);
    X509_EXTENSION_free(san);
    X509_sign(x509, key, EVP_sha256());
    Write("cert.pem", [&](FILE* file) { PEM_write_X509(file, x509); });
    Write("key.pem",
          [&](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x509);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  void Write(const char* name, const std::function<void(FILE*)>& write) const {
    FILE* file = fopen(Path(name).c_str(), "w");
    REQUIRE(file != nullptr);
    write(file);
    fclose(file);
  }
  std::string Path(const char* name) const { return folder / name; }

  std::filesystem::path folder;
};

void SayOk(httplib::Server& server) {
  server.Get("/a", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("here", "text/plain");
  });
}

Error Why(const Result<std::string>& got) {
  REQUIRE_FALSE(got);
  return got.error();
}

}  // namespace

TEST_CASE("URLs are read, and what is none is refused", "[fleet][http]") {
  for (const char* text :
       {"http://node7:9917", "https://node7", "http://10.0.0.1:9917/x/", "http://[fe80::1]:9917"}) {
    CAPTURE(text);
    CHECK(fleet::ParseUrl(text));
  }
  CHECK(fleet::ParseUrl("http://node7:9917/proxy//")->Text() == "http://node7:9917/proxy");
  for (const std::string& text : std::vector<std::string>{
           "", "node7:9917", "ftp://node7", "http://", "http://:9917", "http://node7:", "http://node7:0",
           "http://node7:99999", "http://node7:99x", "http://user:secret@node7", "http://node7?x=1",
           "http://node7#x", "http://no de7", "http://[fe80::1", "http://[]", "http://a]b",
           "http://node7/\x1b[2J", "http://node7\r\nX: y", "http://" + std::string(5000, 'a')}) {
    CAPTURE(text.substr(0, 60));
    CHECK_FALSE(fleet::ParseUrl(text));
  }
  CHECK(fleet::UrlEncoded("a b&\"=1}") == "a%20b%26%22%3D1%7D");
}

TEST_CASE("A page is read", "[fleet][http]") {
  const Plain plain(SayOk);
  CHECK(HttpGet(plain.Url(), "/a", Access(), kMost) == "here");
}

TEST_CASE("Statuses are told apart, with the address and what was said", "[fleet][http]") {
  const Plain plain([](httplib::Server& server) {
    server.Get(R"(/(\d+))", [](const httplib::Request& request, httplib::Response& response) {
      response.status = std::stoi(request.matches[1]);
      response.set_header("Location", "http://elsewhere/");
      response.set_content("a reason\nand more", "text/plain");
    });
  });
  const auto why = [&](const char* path) { return Why(HttpGet(plain.Url(), path, Access(), kMost)); };
  CHECK(why("/401").code == Errc::kDenied);
  CHECK(why("/403").code == Errc::kDenied);
  CHECK(why("/404").code == Errc::kAbsent);
  CHECK_THAT(why("/404").what, Contains("/404: status 404: a reason") && !Contains("and more"));
  CHECK_THAT(why("/503").what, Contains("status 503: a reason"));
  CHECK(why("/302").code == Errc::kMalformed);
  CHECK_THAT(why("/302").what, Contains("redirects") && Contains("http://elsewhere/"));
}

TEST_CASE("The password goes with the question, and into no message", "[fleet][http]") {
  const Plain plain([](httplib::Server& server) {
    server.Get("/a", [](const httplib::Request& request, httplib::Response& response) {
      const bool known = request.get_header_value("Authorization") == "Basic bW9uOnNlY3JldA==";
      response.status = known ? 200 : 401;
      response.set_content(known ? "in" : "out", "text/plain");
    });
  });
  HttpAccess access = Access();
  access.user = "mon";
  access.password = "secret";
  CHECK(HttpGet(plain.Url(), "/a", access, kMost) == "in");
  access.password = "wrongword";
  const Error why = Why(HttpGet(plain.Url(), "/a", access, kMost));
  CHECK(why.code == Errc::kDenied);
  CHECK_THAT(why.what, !Contains("wrongword"));
}

TEST_CASE("What is larger than allowed is not taken in", "[fleet][http]") {
  const Plain plain([](httplib::Server& server) {
    server.Get("/a", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string(kMost + 1, 'x'), "text/plain");
    });
  });
  CHECK(HttpGet(plain.Url(), "/a", Access(), kMost + 1));
  CHECK_THAT(Why(HttpGet(plain.Url(), "/a", Access(), kMost)).what, Contains("larger than 1000 octets"));
}

TEST_CASE("Headers without an end are cut off", "[fleet][http]") {
  const Raw raw("HTTP/1.1 200 OK\r\n", "X-Header: " + std::string(4000, 'x') + "\r\n");
  CHECK_THAT(Why(HttpGet(raw.Url(), "/", Access(), kMost)).what, Contains("larger than 1000 octets"));
}

TEST_CASE("A deadline is for the whole answer, however it is dragged out", "[fleet][http]") {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n";
  const auto why = [](const Raw& raw, const char* scheme = "http") {
    return Why(HttpGet(raw.Url(scheme), "/", Access(kShort), kMost));
  };
  SECTION("nothing is said") {
    CHECK(why(Raw("")).code == Errc::kTimeout);
  }
  SECTION("nothing is said to a TLS client") {
    CHECK(why(Raw(""), "https").code == Errc::kTimeout);
  }
  SECTION("headers drip") {
    CHECK(why(Raw("HTTP/1.1 200 OK\r\nX-Slow: ", "x", 20ms)).code == Errc::kTimeout);
  }
  SECTION("the body drips") {
    CHECK(why(Raw(ok + "\r\n", "x", 20ms)).code == Errc::kTimeout);
  }
}

TEST_CASE("An answer that ends early is none", "[fleet][http]") {
  for (const char* text :
       {"", "HTT", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "nonsense\r\n\r\n"}) {
    CAPTURE(text);
    const Raw raw(text, "", 0ms, /*closes=*/true);
    CHECK_FALSE(HttpGet(raw.Url(), "/", Access(), kMost));
  }
}

TEST_CASE("Nobody there is no answer", "[fleet][http]") {
  int port = 0;
  { port = Plain(SayOk).port; }
  const auto url = fleet::ParseUrl("http://127.0.0.1:" + std::to_string(port));
  CHECK(Why(HttpGet(*url, "/", Access(), kMost)).code == Errc::kTimeout);
}

TEST_CASE("TLS is spoken with who is vouched for, and with nobody else", "[fleet][http]") {
  const Certificate mine, others;
  const Serving<httplib::SSLServer> tls([](httplib::Server& server) { SayOk(server); },
                                        mine.Path("cert.pem").c_str(), mine.Path("key.pem").c_str());
  HttpAccess access = Access();
  access.ca_file = mine.Path("cert.pem");
  CHECK(HttpGet(tls.Url("https"), "/a", access, kMost) == "here");
  SECTION("its name is another") {
    CHECK(Why(HttpGet(tls.Url("https", "localhost"), "/a", access, kMost)).code == Errc::kDenied);
  }
  SECTION("another vouches") {
    access.ca_file = others.Path("cert.pem");
    CHECK(Why(HttpGet(tls.Url("https"), "/a", access, kMost)).code == Errc::kDenied);
  }
  SECTION("only the system vouches") {
    access.ca_file.clear();
    CHECK_THAT(Why(HttpGet(tls.Url("https"), "/a", access, kMost)).what, Contains("certificate"));
  }
  SECTION("the file is none") {
    access.ca_file = mine.Path("absent.pem");
    CHECK(Why(HttpGet(tls.Url("https"), "/a", access, kMost)).code == Errc::kInvalid);
  }
  SECTION("it is asked without TLS") {
    CHECK_FALSE(HttpGet(tls.Url("http"), "/a", Access(kShort), kMost));
  }
}
