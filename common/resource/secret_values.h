// The secrets that a tree holds in plain text, so that no message quotes them.
//
// Messages come from many places (schemas, expressions, patches, upstream's own texts) and quote
// what they were given. What is a secret is known where the tree is: the values of fields and
// environment variables with a secret's name. They are taken out at the end, once, wherever they
// stand.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/base/secret.h"
#include "common/value/value.h"

namespace openchoreo::resource {

// Not thread-safe while values are added; afterwards any number of threads may ask.
class SecretValues {
 public:
  // Adds the secrets of a document: scalars (and lists of them) under a key for which
  // base::IsSecretName holds, `value` beside a `name` or `key` that is such a name, and everything
  // below data and stringData of a Secret. Texts with an expression are no secrets. Looks at a
  // bounded number of values in all.
  void Add(const value::Value& document);

  // `text` with base::kHidden in the place of each secret, and of what has the shape of one. A
  // secret of fewer than six bytes is found only where it stands in quotes.
  std::string Hide(std::string_view text) const;

  // Message, hint and notes.
  void Hide(base::Diagnostic& diagnostic) const;

  // Where `text` holds secrets; sorted, apart from each other.
  base::TextRanges Find(std::string_view text) const;

 private:
  void Walk(const value::Value& value, bool secret, std::size_t depth);
  void AddText(std::string_view text);
  void AddLine(std::string_view line);

  std::size_t steps_ = 0;
  std::unordered_set<std::string> short_;
  // The long ones by their first bytes.
  std::unordered_map<std::string, std::vector<std::string>> long_;
  std::unordered_set<std::string> known_long_;
};

// Where line [begin, end) of a YAML or JSON text shows a secret by its key: what follows
// "password:" and, beside or below a "name: DB_PASSWORD", what follows "value:". For texts that no
// tree was made of. Offsets into `text`.
base::TextRanges SecretsOfLine(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace openchoreo::resource
