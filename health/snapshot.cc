#include "health/snapshot.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "common/health/shown.h"
#include "common/value/map_builder.h"
#include "health/assessment.h"
#include "health/crd_dialect.h"
#include "health/kinds.h"
#include "health/sights.h"
#include "health/status.h"

namespace openchoreo::mapper {

using base::ErrorCode;
using value::Value;

namespace {

using Objects = std::map<kube::Key, kube::Live>;

base::Result<Objects> ListAll(kube::Client& client, const KindName& kind,
                              const kube::Selector& selector, const base::Cancel& cancel) {
  OC_TRY(const kube::Resource resource, FindResource(client, kind, cancel));
  Objects objects;
  std::string next;
  do {
    OC_TRY(const kube::Page page, client.List(
                                      resource, selector, next,
                                      [&](const Value& object) {
                                        kube::Live live = kube::Live::Copy(object);
                                        objects.insert_or_assign(live.key(), std::move(live));
                                      },
                                      cancel));
    next = page.next;
  } while (!next.empty());
  return objects;
}

// The objects that were rendered, by kind, as they were listed.
class ListedObjects final : public Sights {
 public:
  // Returns why they cannot be seen though their kind may be there; "" = they can, or it is not.
  std::string Read(kube::Client& client, const KindName& kind, const base::Cancel& cancel) {
    Listed& listed = kinds_[kind];
    auto objects = ListAll(client, kind, ObjectSelector(kind, false), cancel);
    if (objects) {
      listed.objects = *std::move(objects);
      return "";
    }
    if (objects.error().code == ErrorCode::kNotFound) {
      listed.blind = "there is no kind " + kind.kind + " (" + kind.api_version + ")";
      return "";
    }
    unsure_ = true;
    return listed.blind = kind.kind + " (" + kind.api_version +
                          ") cannot be listed: " + objects.error().message;
  }

  Sight Look(const record::RecordedObject& object, const health::Terms& terms) override {
    const Listed& listed = kinds_.at({std::string(object.api_version), std::string(object.kind)});
    if (!listed.blind.empty()) return {Sight::Kind::kBlind, {}, "", listed.blind, {}};
    const auto found = listed.objects.find({std::string(object.ns), std::string(object.name), ""});
    if (found == listed.objects.end()) return {Sight::Kind::kAbsent, {}, "", "", {}};
    return SightOf(object, found->second.object(), nullptr, terms);
  }

  std::optional<std::size_t> Remaining(std::string_view release, std::string_view ns) override {
    if (unsure_) return 1;  // nobody can say that nothing is left
    const ReleaseLabels labels(release, ns);
    std::size_t count = 0;
    for (const auto& [kind, listed] : kinds_) {
      for (const auto& [key, live] : listed.objects) {
        if (labels.AreOn(live.object())) ++count;
      }
    }
    return count;
  }

 private:
  struct Listed {
    Objects objects;
    std::string blind;  // why they cannot be seen; "" = they can
  };

  std::map<KindName, Listed> kinds_;
  bool unsure_ = false;  // a kind that may be there cannot be seen
};

std::string TextOf(const Value& value) { return std::string(value.string_or_empty()); }

// One run; what it reads lives as long.
class Photographer {
 public:
  Photographer(kube::Client& client, health::Mode mode, const service::Clock& clock,
               const base::Cancel& cancel)
      : client_(client), clock_(clock), cancel_(cancel) {
    terms_.mode = mode;
  }

  base::Result<Snapshot> Run() {
    OC_TRY_DONE(ReadRecords());
    OC_TRY_DONE(ReadBindings());
    if (const auto version = FindVersion(client_, cancel_)) terms_.version = *version;
    ReadObjects();
    now_ = service::Rfc3339(clock_.Now());
    terms_.now = base::ParseRfc3339(now_);
    for (const auto& [id, live] : bindings_) AddBinding(id, live.object());
    for (const BindingId& id : shelf_.Bindings()) {
      if (!bindings_.contains(id)) AddOrphan(id);
    }
    std::ranges::sort(snapshot_.rows, {}, [](const SnapshotRow& row) {
      return std::tie(row.binding.ns, row.binding.name, row.binding.kind);
    });
    return std::move(snapshot_);
  }

 private:
  base::Result<void> ReadRecords() {
    auto records = ListAll(client_, {"v1", "ConfigMap"}, RecordSelector(), cancel_);
    if (!records) return base::Wrap("release records cannot be listed: ", records.error());
    for (const auto& [key, live] : *records) {
      std::string problem;
      shelf_.Put("", key, live, problem);
      if (!problem.empty()) {
        snapshot_.no_records.push_back("ConfigMap " + kube::Text(key) + ": " + problem);
      }
    }
    return {};
  }

  base::Result<void> ReadBindings() {
    for (const KindName& kind : BindingKinds()) {
      auto objects = ListAll(client_, kind, BindingSelector(), cancel_);
      if (!objects && objects.error().code == ErrorCode::kNotFound) continue;
      if (!objects) return base::Wrap(kind.kind + "s cannot be listed: ", objects.error());
      for (auto& [key, live] : *objects) bindings_[{kind.kind, key.ns, key.name}] = std::move(live);
    }
    return {};
  }

  void ReadObjects() {
    std::set<KindName> kinds = shelf_.Kinds("");
    const bool undeploys = std::ranges::any_of(bindings_, [](const auto& binding) {
      return binding.second.object().Get("spec", "state").string_or_empty() == "Undeploy";
    });
    if (undeploys) kinds.insert(UsualKinds().begin(), UsualKinds().end());
    for (const KindName& kind : kinds) {
      if (std::string why = objects_.Read(client_, kind, cancel_); !why.empty()) {
        snapshot_.unread.push_back(std::move(why));
      }
    }
  }

  void AddBinding(const BindingId& id, const Value& binding) {
    const auto shelved = shelf_.Find(id);
    if (!shelved && !FindCondition(binding, "Ready").is_null()) {
      Add(id, binding, binding, nullptr).has_binding = true;
      return;
    }
    Judge(id, binding, shelved ? &shelved->record : nullptr).has_binding = true;
  }

  void AddOrphan(const BindingId& id) {
    const auto shelved = shelf_.Find(id);
    base::Arena arena;
    Judge(id, BindingOf(shelved->record, arena), &shelved->record);
  }

  SnapshotRow& Judge(const BindingId& id, const Value& binding, const record::Record* record) {
    base::Arena arena;
    Delivery delivery;
    delivery.by = "the operator that delivers it was not asked";
    const Assessment assessment = Assess(binding, record, delivery, objects_, terms_, arena);
    const Value status = WantedStatus(binding, assessment, record, terms_.version, now_, arena);
    const Value judged = value::MakeMap(arena, {{"kind", binding.Get("kind")},
                                                {"metadata", binding.Get("metadata")},
                                                {"spec", binding.Get("spec")},
                                                {"status", status}});
    return Add(id, binding, judged, record);
  }

  SnapshotRow& Add(const BindingId& id, const Value& binding, const Value& judged,
                   const record::Record* record) {
    const Value spec = binding.Get("spec");
    const health::Shown shown = health::ShownOf(judged);
    const Value ready = FindCondition(judged, "Ready");
    SnapshotRow row;
    row.binding = id;
    row.project = TextOf(spec.Get("owner", "projectName"));
    row.component = TextOf(spec.Get("owner", "componentName"));
    row.resource = TextOf(spec.Get("owner", "resourceName"));
    row.environment = TextOf(spec.Get("environment"));
    row.release = record ? std::string(record->release) : std::string(WantedRelease(binding));
    row.has_record = record != nullptr;
    row.health = shown.status;
    row.ready = TextOf(ready.Get("status"));
    row.reason = TextOf(ready.Get("reason"));
    row.message = shown.message;
    return snapshot_.rows.emplace_back(std::move(row));
  }

  kube::Client& client_;
  const service::Clock& clock_;
  const base::Cancel& cancel_;
  health::Terms terms_;
  std::string now_;
  RecordShelf shelf_;
  std::map<BindingId, kube::Live> bindings_;
  ListedObjects objects_;
  Snapshot snapshot_;
};

}  // namespace

base::Result<Snapshot> TakeSnapshot(kube::Client& client, health::Mode mode,
                                    const service::Clock& clock, const base::Cancel& cancel) {
  return Photographer(client, mode, clock, cancel).Run();
}

}  // namespace openchoreo::mapper
