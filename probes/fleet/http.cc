#include "probes/fleet/http.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "base/printable.h"
#include "probes/fleet/cut_off.h"

namespace aftershock::fleet {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";
constexpr int kOk = 200, kUnauthorized = 401, kForbidden = 403, kNotFound = 404;
// What headers and TLS may add, and what is shown of a page that says why not.
constexpr std::uint64_t kBeside = std::uint64_t{1} << 20;
constexpr std::size_t kMostOfComplaint = 4096, kMostShown = 200;
constexpr std::size_t kLongestUrl = 2048;

bool GoodPort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  return std::from_chars(text.data(), end, port) == std::from_chars_result{end, std::errc()} && port != 0;
}

// "name", "name:9917", "10.0.0.1:9917", "[fe80::1]:9917"
bool GoodAuthority(std::string_view text) {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    ++end;
  } else {
    end = std::min(text.find(':'), text.size());
    if (end == 0 || text.find_first_of("[]") != std::string_view::npos) return false;
  }
  const std::string_view port = text.substr(end);
  return port.empty() || (port.starts_with(':') && GoodPort(port.substr(1)));
}

struct Received {
  std::string body;
  std::size_t most = 0;
  int status = 0;
  bool too_large = false;

  bool Head(const httplib::Response& response, std::size_t most_bytes) {
    status = response.status;
    most = status == kOk ? most_bytes : kMostOfComplaint;
    return true;
  }
  bool Body(const char* data, std::size_t size) {
    too_large = size > most - body.size();
    if (!too_large) body.append(data, size);
    return !too_large;
  }
};

std::string FirstLine(const std::string& body) {
  return Printable(body.substr(0, std::min(body.find('\n'), kMostShown)));
}

tl::unexpected<Error> WrongStatus(const std::string& about, const Received& got, const std::string& where) {
  const auto fail = [&](Errc code, std::string what) { return Fail(code, about + what); };
  switch (got.status) {
    case kUnauthorized:
      return fail(Errc::kDenied, "it wants another user or password (401)");
    case kForbidden:
      return fail(Errc::kDenied, "it refuses (403)");
    case kNotFound:
      return fail(Errc::kAbsent, fmt::format("status 404: {}", FirstLine(got.body)));
    default:
      break;
  }
  if (got.status / 100 == 3)
    return fail(Errc::kMalformed, fmt::format("it redirects{}, and that is not followed: name the right URL",
                                              where.empty() ? "" : " to " + Printable(where)));
  return fail(Errc::kMalformed, fmt::format("status {}: {}", got.status, FirstLine(got.body)));
}

std::string Why(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "nobody listens there, or the name is not known";
    case httplib::Error::Read:
      return "the connection ended before the answer did";
    case httplib::Error::SSLConnection:
      return "no TLS connection comes about";
    default:
      return "no answer (" + httplib::to_string(error) + ")";
  }
}

tl::unexpected<Error> Unanswered(const std::string& about, httplib::Error error, CutOff::Why why,
                                 const HttpAccess& access) {
  if (error == httplib::Error::SSLServerVerification)
    return Fail(Errc::kDenied,
                about + (access.ca_file.empty() ? "its certificate is not one that this system trusts"
                                                : "its certificate is none that " + access.ca_file +
                                                      " vouches for, or names another host"));
  if (error == httplib::Error::SSLLoadingCerts)
    return Fail(Errc::kInvalid, about + "the CA certificates cannot be read: " + Printable(access.ca_file));
  if (why == CutOff::Why::kLate || error == httplib::Error::ConnectionTimeout)
    return Fail(Errc::kTimeout, fmt::format("{}no answer within {:g} s", about, ToSeconds(access.timeout)));
  return Fail(error == httplib::Error::Read ? Errc::kMalformed : Errc::kTimeout, about + Why(error));
}

Result<std::string> Get(const Url& url, const std::string& path, const std::string& about,
                        const HttpAccess& access, std::size_t most_bytes) {
  CutOff cut(std::chrono::steady_clock::now() + access.timeout, most_bytes + kBeside);
  httplib::Client client(url.origin);
  if (!client.is_valid()) return Fail(Errc::kInvalid, about + "not a URL like http://monitor:9917");
  client.set_socket_options([&cut](socket_t sock) { cut.Take(sock); });
  client.set_connection_timeout(access.timeout);
  client.set_read_timeout(access.timeout);
  client.set_write_timeout(access.timeout);
  client.set_follow_location(false);
  client.set_keep_alive(false);
  client.set_decompress(false);
  client.set_url_encode(false);
  if (!access.user.empty()) client.set_basic_auth(access.user, access.password);
  if (!access.ca_file.empty()) client.set_ca_cert_path(access.ca_file);
  Received got;
  const auto answer = client.Get(
      url.path + path, {{"Accept-Encoding", "identity"}, {"Connection", "close"}},
      [&](const httplib::Response& response) { return got.Head(response, most_bytes); },
      [&](const char* data, std::size_t size) { return got.Body(data, size); });
  // A page that says why not may be long; its beginning is enough.
  if (got.status != 0 && got.status != kOk && (answer || got.too_large))
    return WrongStatus(about, got, answer ? answer->get_header_value("Location") : "");
  if (got.too_large || cut.why() == CutOff::Why::kLarge)
    return Fail(Errc::kMalformed, fmt::format("{}larger than {} octets", about, most_bytes));
  if (!answer) return Unanswered(about, answer.error(), cut.why(), access);
  if (const auto encoding = answer->get_header_value("Content-Encoding");
      !encoding.empty() && encoding != "identity")
    return Fail(Errc::kMalformed, about + "it answers compressed, which was not asked for");
  return std::move(got.body);
}

}  // namespace

bool IsUrl(std::string_view text) {
  return text.starts_with(kHttp) || text.starts_with(kHttps);
}

Result<Url> ParseUrl(std::string_view text) {
  const auto wrong = [&] {
    return Fail(Errc::kInvalid, fmt::format("{}: not a URL like http://monitor:9917", Printable(text)));
  };
  if (!IsUrl(text) || text.size() > kLongestUrl || Printable(text) != text ||
      text.find_first_of(" ?#@\\") != std::string_view::npos)
    return wrong();
  const std::size_t start = text.starts_with(kHttps) ? kHttps.size() : kHttp.size();
  const std::size_t slash = text.find('/', start);
  Url url{std::string(text.substr(0, slash)),
          slash == std::string_view::npos ? "" : std::string(text.substr(slash))};
  while (url.path.ends_with('/')) url.path.pop_back();
  if (!GoodAuthority(std::string_view(url.origin).substr(start))) return wrong();
  return url;
}

std::string UrlEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

Result<std::string> HttpGet(const Url& url, const std::string& path, const HttpAccess& access,
                            std::size_t most_bytes) {
  const std::string about = fmt::format("{}{}: ", url.Text(), path.substr(0, path.find('?')));
  try {
    return Get(url, path, about, access, most_bytes);
  } catch (const std::exception& e) {  // no thread, no memory
    return Fail(Errc::kInternal, about + Printable(e.what()));
  }
}

}  // namespace aftershock::fleet
