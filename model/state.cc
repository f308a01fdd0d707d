#include "model/state.h"

namespace aftershock {

WindowHalf SlidingWindow::Total() const {
  WindowHalf total = older;
  total.seconds += newer.seconds;
  for (std::size_t i = 0; i < total.bit_errors.size(); ++i) {
    total.bit_errors[i].count += newer.bit_errors[i].count;
    total.bit_errors[i].gigabits += newer.bit_errors[i].gigabits;
  }
  for (std::size_t i = 0; i < total.events.size(); ++i) total.events[i] += newer.events[i];
  return total;
}

void SlidingWindow::Turn(SteadyTime now, Duration length) {
  if (now - began < length / 2) return;
  older = newer;
  newer = {};
  began = now;
}

}  // namespace aftershock
