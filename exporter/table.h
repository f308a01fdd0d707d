// A small table, for the text report and the page for people alike. Internal to exporter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aftershock::exporter {

struct Table {
  std::vector<std::string_view> head;
  std::vector<std::vector<std::string>> rows;  // each as long as the head
};

}  // namespace aftershock::exporter
