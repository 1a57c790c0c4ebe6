// What a program counts, for Prometheus. One registry per program; handles are cheap to copy and to
// use.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::service {

using Labels = std::map<std::string, std::string>;

// Values of one name, told apart by labels. Thread-safe; they must not outlive their registry.
class Counter {
 public:
  void Add(double by = 1, const Labels& labels = {}) const;

 private:
  friend class Metrics;
  void* family_ = nullptr;
};

class Gauge {
 public:
  void Set(double value, const Labels& labels = {}) const;
  void Add(double by, const Labels& labels = {}) const;
  // The series is shown no more.
  void Remove(const Labels& labels) const;

 private:
  friend class Metrics;
  void* family_ = nullptr;
};

class Histogram {
 public:
  void Observe(double value, const Labels& labels = {}) const;
  // The series is shown, before anything was observed.
  void Show(const Labels& labels = {}) const;
  void Remove(const Labels& labels) const;

 private:
  friend class Metrics;
  void* family_ = nullptr;
  std::shared_ptr<const std::vector<double>> bounds_;
};

// Thread-safe.
class Metrics {
 public:
  // `prefix` stands before every name ("openchoreo_argocd_cmp_").
  explicit Metrics(std::string prefix);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Of a name that has no value yet nothing is shown. `foreign`: the name is another project's
  // (controller_runtime_…), without our prefix.
  Counter AddCounter(const std::string& name, const std::string& help, bool foreign = false);
  Gauge AddGauge(const std::string& name, const std::string& help, bool foreign = false);
  // `bounds`: upper bounds of the buckets, growing; empty: seconds from 5 ms to a minute.
  Histogram AddHistogram(const std::string& name, const std::string& help,
                         std::vector<double> bounds = {}, bool foreign = false);
  // A value that is asked for whenever the metrics are read.
  void Ask(const std::string& name, const std::string& help, std::function<double()> read,
           const Labels& labels = {}, bool foreign = false);
  // The same of a value that only grows.
  void AskCounter(const std::string& name, const std::string& help, std::function<double()> read,
                  const Labels& labels = {}, bool foreign = false);

  // Prometheus text format, version 0.0.4.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openchoreo::service
