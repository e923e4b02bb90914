#include "hornbeam/search/store/byte_reader.h"

#include <stdexcept>

namespace hornbeam::search {

ByteReader::ByteReader(std::string_view bytes, std::size_t offset)
    : at_(bytes.data()), end_(bytes.data() + bytes.size()) {
  if (offset > bytes.size()) refuse();
  at_ += offset;
}

void ByteReader::refuse() {
  throw std::out_of_range("it ends too early");
}

}  // namespace hornbeam::search
