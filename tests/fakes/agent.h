// The management agents of a node: what an honest one answers.
#pragma once

#include <optional>
#include <vector>

#include "probes/mad/transport.h"
#include "tests/fakes/encode.h"
#include "tests/fakes/fake_node.h"

namespace aftershock::fake {

struct Reply {
  std::uint16_t status = 0;
  Data data{};
  std::vector<std::uint8_t> table;  // of an SA: instead of the data
};
// nullopt: silence, to who has a wrong SA_Key.
std::optional<Reply> AskSa(const FakeSa& sa, const mad::RequestMad& mad);

// nullopt: it keeps silent. `entry`: the port by which the request came in.
std::optional<mad::Arrival> Answer(FakeNode& node, std::uint8_t entry, const mad::RequestMad& mad);

// Puts another status and other data in an answer.
void Rewrite(mad::Arrival& answer, std::uint16_t status, std::span<const std::uint8_t> data);

std::uint32_t PortOf(const mad::RequestMad& mad);  // PortSelect, or the attribute modifier

}  // namespace aftershock::fake
