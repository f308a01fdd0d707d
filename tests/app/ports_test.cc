#include "app/ports.h"

#include <catch2/catch.hpp>

using namespace aftershock;
using namespace aftershock::app;

namespace {

mad::HcaPort Port(std::string device, int number, PortState state, std::string link_layer = "InfiniBand") {
  mad::HcaPort port;
  port.device = std::move(device);
  port.port = number;
  port.state = state;
  port.link_layer = std::move(link_layer);
  return port;
}

const std::vector<mad::HcaPort> kFound{
    Port("mlx5_0", 1, PortState::kActive, "Ethernet"), Port("mlx5_1", 1, PortState::kDown),
    Port("mlx5_2", 1, PortState::kActive), Port("mlx5_3", 1, PortState::kActive)};

std::vector<PortName> Asked(std::vector<std::string_view> texts) {
  std::vector<PortName> names;
  for (const std::string_view text : texts) names.push_back(*ParsePortName(text));
  return names;
}

}  // namespace

TEST_CASE("The first Active InfiniBand port is chosen", "[app][ports][unit]") {
  CHECK(ChoosePorts({}, kFound) == Asked({"mlx5_2:1"}));
}

TEST_CASE("Ports that were asked for are taken while one of them is Active", "[app][ports][unit]") {
  CHECK(ChoosePorts(Asked({"mlx5_1:1", "mlx5_3:1", "mlx5_9:1"}), kFound) ==
        Asked({"mlx5_1:1", "mlx5_3:1", "mlx5_9:1"}));
}

TEST_CASE("A port of another link layer is never taken", "[app][ports][unit]") {
  const auto chosen = ChoosePorts(Asked({"mlx5_2:1", "mlx5_0:1"}), kFound);
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error().code == Errc::kUnsupported);
  CHECK(chosen.error().what == "mlx5_0:1 is Ethernet, not InfiniBand");
}

TEST_CASE("Without a usable port the error says which there are", "[app][ports][unit]") {
  CHECK(ChoosePorts(Asked({"mlx5_9:1"}), kFound).error().what.find("mlx5_2:1 (Active") != std::string::npos);
  CHECK(ChoosePorts(Asked({"mlx5_1:1"}), kFound).error().what.starts_with("mlx5_1:1 (Down"));
  CHECK(ChoosePorts({}, std::span(kFound).subspan(1, 1))
            .error()
            .what.starts_with("no InfiniBand port is Active"));
  CHECK(ChoosePorts({}, std::span(kFound).first(1))
            .error()
            .what.starts_with("this machine has no InfiniBand port"));
  CHECK_FALSE(HasInfiniBand(std::span(kFound).first(1)));
}

TEST_CASE("What is not a port's name is an error", "[app][ports][unit]") {
  const std::string text = GENERATE("", ":", "mlx5_0", "mlx5_0:", ":1", "mlx5_0:x", "mlx5_0:1x", "mlx5_0:-1",
                                    "mlx5_0:255", "../x:1", "a/b:1", ".:1", "a b:1", "mlx5_0:1:2");
  CAPTURE(text);
  CHECK_FALSE(ParsePortName(text));
}
