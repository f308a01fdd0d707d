// HTTP and HTTPS GET of what nobody is trusted for: one request, a deadline for all of it, a bound on its
// size.
//
// Redirects are not followed: with them would go the password. The password is sent whatever the scheme is;
// over http everybody on the way can read it.
//
// Threading: any thread; blocks until it is answered, at most the deadline, and while names are resolved.
// Errors:    kInvalid      not a URL of this form, or the file of CA certificates cannot be used
//            kTimeout      no answer in time, or nobody listens there
//            kDenied       401 or 403, or a certificate that is not to be trusted
//            kAbsent       404
//            kMalformed    any other status, an answer that is cut off or larger than allowed
// Each says the URL, printable, and never the password.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace aftershock::fleet {

struct Url {
  std::string origin;  // "https://HOST:PORT"
  std::string path;    // before the monitor's own paths, without a slash at its end; empty: none
  std::string Text() const { return origin + path; }
};

bool IsUrl(std::string_view text);
// "http://HOST:PORT", with any path behind it. Neither user nor password, query nor fragment.
Result<Url> ParseUrl(std::string_view text);

struct HttpAccess {
  std::string ca_file;         // PEM; empty: the system's
  std::string user, password;  // basic authentication; empty user: none
  Duration timeout = std::chrono::seconds(5);
};

// The body of what stands at `url.path + path`. `path` may have a query, already encoded.
Result<std::string> HttpGet(const Url& url, const std::string& path, const HttpAccess& access,
                            std::size_t most_bytes);
// For a value of a query.
std::string UrlEncoded(std::string_view text);

}  // namespace aftershock::fleet
