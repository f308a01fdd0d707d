// Families of few series, as prometheus-cpp's model. Internal to exporter.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/printable.h"

namespace aftershock::exporter {

using prometheus::MetricType;
using Labels = std::vector<prometheus::ClientMetric::Label>;

class Families {
 public:
  // The family that Add() adds to.
  void Start(std::string name, MetricType type, std::string help) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  // REQUIRES: the labels' Printable() values are not in the family yet.
  void Add(Labels labels, double value) {
    for (auto& label : labels) label.value = Printable(label.value);
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = metric.counter.value = value;
    families_.back().metric.push_back(std::move(metric));
  }
  // Families without a series are left out.
  std::string Text() {
    std::erase_if(families_, [](const prometheus::MetricFamily& family) { return family.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace aftershock::exporter
