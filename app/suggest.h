// "Did you mean …?": the nearest of the words that would have been right.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aftershock::app {

// "; did you mean \"interval\"?", or nothing where no candidate is near.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace aftershock::app
