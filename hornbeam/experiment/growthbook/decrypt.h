#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::experiment::growthbook {

/// The text of an encrypted payload, "iv.ciphertext" in base64, by a key in base64: AES-CBC with
/// PKCS#7's padding, as GrowthBook's servers make it. Nothing if the text, the key or the padding
/// is wrong. It says nothing about who wrote the text: CBC has no seal.
std::optional<std::string> decrypt(std::string_view encrypted, std::string_view key);

/// The way there: encrypts `text` with a vector of its own, which is in the result, so that the
/// same text never looks the same twice. Nothing if the key is not one of 16, 24 or 32 bytes in
/// base64.
std::optional<std::string> encrypt(std::string_view text, std::string_view key);

}  // namespace hornbeam::experiment::growthbook
