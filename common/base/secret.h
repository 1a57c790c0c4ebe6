// What is a secret, by its name or by its shape: one answer for every message, diff and report.
//
// Whoever quotes a value asks here first. Names decide for fields, parameters and environment
// variables; shapes for what stands in the middle of a text: a password or token in a URL, a token
// of a well-known maker, a private key.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openchoreo::base {

// What stands for a secret in a text.
inline constexpr std::string_view kHidden = "***";

// Whether a field, parameter or variable of this name holds a secret: "password", "DB_PASSWORD",
// "apiToken", "client-secret". Not what names or describes one: "secretName", "secretKeyRef",
// "tokenUrl", "passwordPolicy", and "secretKey", which is Kubernetes' word for a key's name.
bool IsSecretName(std::string_view name);

// Bytes [first, second) of `text` that have the shape of a secret; sorted, apart from each other.
using TextRanges = std::vector<std::pair<std::size_t, std::size_t>>;
TextRanges SecretShapes(std::string_view text);

// Whether anything in `text` has that shape.
bool LooksSecret(std::string_view text);

// `text` with kHidden for each such part: "https://***@host/x".
std::string WithoutSecrets(std::string_view text);

}  // namespace openchoreo::base
