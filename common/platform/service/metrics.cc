#include "common/platform/service/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <utility>

namespace openchoreo::service {

namespace {

template <typename T>
prometheus::Family<T>& FamilyOf(void* family) {
  return *static_cast<prometheus::Family<T>*>(family);
}

}  // namespace

struct Metrics::State {
  struct Asked {
    prometheus::Gauge* gauge;      // one of the two
    prometheus::Counter* counter;  // is null
    std::function<double()> read;

    void Refresh() const {
      if (gauge != nullptr) return gauge->Set(read());
      const double more = read() - counter->Value();
      if (more > 0) counter->Increment(more);
    }
  };

  std::string prefix;
  prometheus::Registry registry;
  std::mutex mutex;
  std::vector<Asked> asked;

  std::string Name(const std::string& name, bool foreign) const {
    return foreign ? name : prefix + name;
  }
};

void Counter::Add(double by, const Labels& labels) const {
  FamilyOf<prometheus::Counter>(family_).Add(labels).Increment(by);
}

void Gauge::Set(double value, const Labels& labels) const {
  FamilyOf<prometheus::Gauge>(family_).Add(labels).Set(value);
}

void Gauge::Add(double by, const Labels& labels) const {
  FamilyOf<prometheus::Gauge>(family_).Add(labels).Increment(by);
}

void Gauge::Remove(const Labels& labels) const {
  auto& family = FamilyOf<prometheus::Gauge>(family_);
  family.Remove(&family.Add(labels));
}

void Histogram::Observe(double value, const Labels& labels) const {
  FamilyOf<prometheus::Histogram>(family_).Add(labels, *bounds_).Observe(value);
}

void Histogram::Show(const Labels& labels) const {
  FamilyOf<prometheus::Histogram>(family_).Add(labels, *bounds_);
}

void Histogram::Remove(const Labels& labels) const {
  auto& family = FamilyOf<prometheus::Histogram>(family_);
  family.Remove(&family.Add(labels, *bounds_));
}

Metrics::Metrics(std::string prefix) : state_(std::make_unique<State>()) {
  state_->prefix = std::move(prefix);
}

Metrics::~Metrics() = default;

Counter Metrics::AddCounter(const std::string& name, const std::string& help, bool foreign) {
  Counter counter;
  counter.family_ = &prometheus::BuildCounter()
                         .Name(state_->Name(name, foreign))
                         .Help(help)
                         .Register(state_->registry);
  return counter;
}

Gauge Metrics::AddGauge(const std::string& name, const std::string& help, bool foreign) {
  Gauge gauge;
  gauge.family_ = &prometheus::BuildGauge()
                       .Name(state_->Name(name, foreign))
                       .Help(help)
                       .Register(state_->registry);
  return gauge;
}

Histogram Metrics::AddHistogram(const std::string& name, const std::string& help,
                                std::vector<double> bounds, bool foreign) {
  if (bounds.empty()) bounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  Histogram histogram;
  histogram.bounds_ = std::make_shared<const std::vector<double>>(std::move(bounds));
  histogram.family_ = &prometheus::BuildHistogram()
                           .Name(state_->Name(name, foreign))
                           .Help(help)
                           .Register(state_->registry);
  return histogram;
}

void Metrics::Ask(const std::string& name, const std::string& help, std::function<double()> read,
                  const Labels& labels, bool foreign) {
  auto& gauge = prometheus::BuildGauge()
                    .Name(state_->Name(name, foreign))
                    .Help(help)
                    .Register(state_->registry)
                    .Add(labels);
  std::lock_guard lock(state_->mutex);
  state_->asked.push_back({&gauge, nullptr, std::move(read)});
}

void Metrics::AskCounter(const std::string& name, const std::string& help,
                         std::function<double()> read, const Labels& labels, bool foreign) {
  auto& counter = prometheus::BuildCounter()
                      .Name(state_->Name(name, foreign))
                      .Help(help)
                      .Register(state_->registry)
                      .Add(labels);
  std::lock_guard lock(state_->mutex);
  state_->asked.push_back({nullptr, &counter, std::move(read)});
}

std::string Metrics::Text() const {
  std::lock_guard lock(state_->mutex);
  for (const State::Asked& asked : state_->asked) asked.Refresh();
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace openchoreo::service
