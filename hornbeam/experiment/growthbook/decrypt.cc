#include "hornbeam/experiment/growthbook/decrypt.h"

#include <memory>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace hornbeam::experiment::growthbook {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// As a browser's atob: white space is passed over, padding may be missing but not be wrong.
// Source: WHATWG Infra, "forgiving-base64 decode".
std::optional<std::string> from_base64(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    if (!is_space) digits += c;
  }
  if (digits.size() % 4 == 0) {
    for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.pop_back();
  }
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : digits) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return bytes;
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_base64(const std::string& bytes) {
  std::string text(bytes.size() / 3 * 4 + 5, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

const EVP_CIPHER* cipher_for(std::size_t key_size) {
  switch (key_size) {
    case 16:
      return EVP_aes_128_cbc();
    case 24:
      return EVP_aes_192_cbc();
    case 32:
      return EVP_aes_256_cbc();
    default:
      return nullptr;
  }
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

}  // namespace

std::optional<std::string> decrypt(std::string_view encrypted, std::string_view key) {
  const std::size_t dot = encrypted.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view rest = encrypted.substr(dot + 1);
  const auto secret = from_base64(key);
  const auto vector = from_base64(encrypted.substr(0, dot));
  const auto hidden = from_base64(rest.substr(0, rest.find('.')));
  if (!secret || !vector || !hidden || vector->size() != 16 || hidden->size() > (1U << 30U)) {
    return std::nullopt;
  }
  const EVP_CIPHER* cipher = cipher_for(secret->size());
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  if (cipher == nullptr || context == nullptr) return std::nullopt;
  std::string text(hidden->size() + 16, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(text.data());
  int written = 0;
  int last = 0;
  const bool is_decrypted = EVP_DecryptInit_ex(context.get(), cipher, nullptr, bytes_of(*secret),
                                               bytes_of(*vector)) == 1 &&
                            EVP_DecryptUpdate(context.get(), out, &written, bytes_of(*hidden),
                                              static_cast<int>(hidden->size())) == 1 &&
                            EVP_DecryptFinal_ex(context.get(), out + written, &last) == 1;
  if (!is_decrypted) return std::nullopt;
  text.resize(static_cast<std::size_t>(written) + static_cast<std::size_t>(last));
  return text;
}

std::optional<std::string> encrypt(std::string_view text, std::string_view key) {
  const auto secret = from_base64(key);
  const EVP_CIPHER* cipher = secret ? cipher_for(secret->size()) : nullptr;
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  std::string vector(16, '\0');
  if (cipher == nullptr || context == nullptr || text.size() > (1U << 30U) ||
      RAND_bytes(reinterpret_cast<unsigned char*>(vector.data()), 16) != 1) {
    return std::nullopt;
  }
  std::string hidden(text.size() + 16, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(hidden.data());
  int written = 0;
  int last = 0;
  const bool is_encrypted = EVP_EncryptInit_ex(context.get(), cipher, nullptr, bytes_of(*secret),
                                               bytes_of(vector)) == 1 &&
                            EVP_EncryptUpdate(context.get(), out, &written,
                                              reinterpret_cast<const unsigned char*>(text.data()),
                                              static_cast<int>(text.size())) == 1 &&
                            EVP_EncryptFinal_ex(context.get(), out + written, &last) == 1;
  if (!is_encrypted) return std::nullopt;
  hidden.resize(static_cast<std::size_t>(written) + static_cast<std::size_t>(last));
  return to_base64(vector) + "." + to_base64(hidden);
}

}  // namespace hornbeam::experiment::growthbook
