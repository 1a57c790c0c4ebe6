#include "common/render/shared_objects.h"

#include <algorithm>
#include <bit>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/render/binding_output.h"
#include "common/resource/dialect.h"
#include "common/value/json_reader.h"
#include "common/yaml/reader.h"

namespace openchoreo::render {
namespace {

struct Reference {
  std::uint64_t hash;
  std::uint32_t binding, object;
};

// Read back from the text, for the few that share a hash.
std::string IdentityOf(const EmittedObjects& emitted, std::uint32_t object, Format format) {
  const std::size_t begin = object == 0 ? 0 : emitted.ends[object - 1];
  const std::string text(emitted.text.substr(begin, emitted.ends[object] - begin));
  base::Arena arena;
  if (format == Format::kJson) {
    const auto read = value::ReadJson(text, arena);
    return read ? ObjectIdentity(*read) : std::string();
  }
  const yaml::ReadResult read = yaml::Read(text, arena);
  return read.documents.empty() ? std::string() : ObjectIdentity(read.documents.front().root);
}

// All that may share a hash, and few others: those whose hash falls into a slot with another's.
std::vector<Reference> References(std::span<const EmittedObjects> emitted) {
  std::size_t objects = 0;
  for (const EmittedObjects& some : emitted) objects += some.hashes.size();
  const std::size_t slots = std::bit_ceil(16 * objects + 1);
  std::vector<bool> taken(slots), shared(slots);
  for (const EmittedObjects& some : emitted) {
    for (const std::uint64_t hash : some.hashes) {
      const std::size_t slot = hash & (slots - 1);
      (taken[slot] ? shared : taken)[slot] = true;
    }
  }
  std::vector<Reference> references;
  for (std::uint32_t b = 0; b < emitted.size(); ++b) {
    for (std::uint32_t o = 0; o < emitted[b].hashes.size(); ++o) {
      const std::uint64_t hash = emitted[b].hashes[o];
      if (shared[hash & (slots - 1)]) references.push_back({hash, b, o});
    }
  }
  return references;
}

std::string PathOf(const base::Place& place, const resource::SourceTable& sources) {
  return place.known() ? " (" + sources.at(place.source).display_path + ")" : "";
}

}  // namespace

base::Diagnostics FindSharedObjects(std::span<const EmittedObjects> emitted, Format format,
                                    bool strict, const resource::SourceTable& sources) {
  std::vector<Reference> references = References(emitted);
  std::sort(references.begin(), references.end(), [](const Reference& a, const Reference& b) {
    return std::tie(a.hash, a.binding, a.object) < std::tie(b.hash, b.binding, b.object);
  });
  base::Diagnostics findings;
  for (std::size_t i = 1; i < references.size(); ++i) {
    const Reference &first = references[i - 1], &second = references[i];
    if (first.hash != second.hash || first.binding == second.binding) continue;
    const std::string identity = IdentityOf(emitted[first.binding], first.object, format);
    if (identity.empty() || identity != IdentityOf(emitted[second.binding], second.object, format))
      continue;
    const Binding &one = *emitted[first.binding].binding, &other = *emitted[second.binding].binding;
    base::Diagnostic finding;
    finding.severity = strict ? base::Severity::kError : base::Severity::kWarning;
    finding.code = base::ErrorCode::kDuplicateObject;
    finding.message = identity + " is rendered by " + Describe(one) + " and by " + Describe(other);
    finding.place = resource::PlaceOf(other.anchor(), "");
    finding.object = Describe(other);
    finding.notes.push_back("the first is " + Describe(one) + PathOf(one.anchor().place, sources));
    finding.hint = "give the object a name with the component or binding in it";
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace openchoreo::render
