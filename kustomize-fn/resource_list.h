// The function's input and what each item is: a ResourceList v1 or v1beta1, YAML or JSON (a KRM
// function), or a stream of documents and a configuration file (kustomize's legacy exec plugin).
//
// Follows kustomize cmd/config/docs/api-conventions/functions-spec.md and
// api/internal/plugins/execplugin/execplugin.go.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::kustomize_fn {

enum class ListStyle {
  kBlock,   // items:\n- …: an item's text is whole lines, with its dash and the comments above it
  kFlow,    // items: [ … ], also JSON: read whole, items go on by value, as JSON
  kStream,  // no list: documents one after the other
};

// The annotations of an item that the function reads; "" where absent.
struct ItemAnnotations {
  // internal.config.kubernetes.io/…; the first two else the legacy config.kubernetes.io/…
  std::string path, index, previous_names, previous_kinds, prefixes, suffixes;
  std::string origin;         // config.kubernetes.io/origin
  bool of_kustomize = false;  // kustomize.config.k8s.io/id is there: `kustomize build` runs us
};

// What tells objects apart.
struct Identity {
  std::string api_version, kind, ns, name;
  // "acme/orders-development": the release a rendered object was rendered from; kRecordRelease for
  // a release record; "" for other objects.
  std::string release;

  auto operator<=>(const Identity&) const = default;
};

inline constexpr std::string_view kRecordRelease = "record";

struct Item : Identity {
  std::string_view text;                      // as received; "" in flow style
  std::size_t dash = std::string_view::npos;  // in `text`, in block style
  // What rendering reads of an OpenChoreo resource that carries annotations of whoever runs us:
  // JSON without them, for templates see annotations. "" where the text itself serves.
  std::string cleaned;
  // JSON that stands for `text`, in flow style and where an alias reaches outside it; "" otherwise.
  std::string expanded;
  ItemAnnotations annotations;
  // Rendered by this project: it carries the openchoreo.dev/managed-by label and, of a kind that
  // rendering reads, what it was rendered from. The label alone may have been copied to a source.
  bool stamped = false;
  bool ownerless = false;  // a Workload without spec.owner: whose it is, its folder tells
};

// Faults of items, by index. The place's field is one of the item's.
using ItemFaults = std::vector<std::pair<std::size_t, base::Diagnostic>>;

struct ResourceList {
  std::string api_version;
  ListStyle style = ListStyle::kBlock;
  std::size_t column = 0;  // of the dashes, in block style
  std::vector<Item> items;
  value::Value function_config;  // null if there is none
};

// One item has the limits of a document; the list itself may be of any size. `text` must outlive
// the list; function_config lives in `arena`. Errors: kUsage if `text` is not a ResourceList,
// kYamlSyntax and kYamlLimit if it cannot be read (repeated keys included). They name the item,
// never a line of the input.
base::Result<ResourceList> ReadResourceList(std::string_view text, base::Arena& arena);

// The same for a legacy plugin: the documents of `text` are the items, `config` is the text of its
// configuration file. The list's style is kStream.
base::Result<ResourceList> ReadStream(std::string_view text, std::string_view config,
                                      base::Arena& arena);

// `item` with what it says of itself filled in.
Item Identify(const value::Value& root, Item item = {});

// An object of OpenChoreo's that goes no further than us: of its group, whether rendering reads the
// kind or not, and not rendered itself (an ObservabilityAlertRule may be).
bool IsOpenChoreo(const Item& item);

// The item as a document of its own: what a file would hold. Line by line at the columns it had.
std::string DocumentOf(const Item& item);

// The item's value in `arena`. Errors as ReadResourceList.
base::Result<value::Value> ReadItem(const Item& item, base::Arena& arena);

// "Deployment acme/cart", for messages.
std::string Describe(const Identity& item);

}  // namespace openchoreo::kustomize_fn
