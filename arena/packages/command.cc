#include "arena/packages/command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <streambuf>
#include <utility>

#include <fmt/format.h>

#include "arena/packages/control_file.h"
#include "arena/packages/import.h"
#include "arena/progress_bar.h"

namespace arena::packages {
namespace {

namespace data = hornbeam::data;

/// About as many as Debian 12 has, for the bar: how many there are is known at the end.
constexpr std::size_t kExpected = 63'700;

/// What a program prints, read as it comes.
class ProgramOutput final : public std::streambuf {
 public:
  explicit ProgramOutput(const char* command) : pipe_(::popen(command, "r")) {}
  ~ProgramOutput() override { close(); }
  ProgramOutput(const ProgramOutput&) = delete;
  ProgramOutput& operator=(const ProgramOutput&) = delete;
  /// Whether it ended well.
  bool close() {
    std::FILE* const pipe = std::exchange(pipe_, nullptr);
    return pipe != nullptr && ::pclose(pipe) == 0;
  }

 private:
  int_type underflow() override {
    const std::size_t count =
        pipe_ == nullptr ? 0 : std::fread(buffer_.data(), 1, buffer_.size(), pipe_);
    if (count == 0) return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
    return traits_type::to_int_type(buffer_[0]);
  }

  std::FILE* pipe_;
  std::array<char, 65'536> buffer_{};
};

ImportReport import_with_bar(data::Database& database, std::istream& in) {
  ProgressBar bar("Debian", "packages");
  const ImportReport report = import_packages(database, in, [&bar](const ImportProgress& progress) {
    bar.show(static_cast<std::int64_t>(progress.packages),
             static_cast<std::int64_t>(std::max(progress.packages + 1, kExpected)));
  });
  bar.end();
  fmt::print("{} packages: {} new, {} changed, {} removed\n", report.read, report.added,
             report.changed, report.removed);
  return report;
}

}  // namespace

int import_debian(data::Database& database, const std::vector<std::string>& arguments) {
  try {
    if (!arguments.empty()) {
      std::ifstream in(arguments[0], std::ios::binary);
      if (!in.is_open()) {
        std::cerr << "there is no file " << arguments[0] << " that can be read\n";
        return 1;
      }
      import_with_bar(database, in);
      return 0;
    }
    constexpr std::string_view kNone =
        "apt-cache dumpavail gave no packages. Mend: apt-get update, or name a file: arena import "
        "debian FILE\n";
    // A fixed text, nothing of it from outside.
    ProgramOutput output("apt-cache dumpavail 2>/dev/null");  // NOLINT(cert-env33-c)
    std::istream in(&output);
    // An import of nothing would take everything away.
    if (in.peek() == std::istream::traits_type::eof()) {
      std::cerr << kNone;
      return 1;
    }
    import_with_bar(database, in);
    if (output.close()) return 0;
    std::cerr << "apt-cache dumpavail failed; what it had printed is imported\n";
    return 1;
  } catch (const ControlError& error) {
    std::cerr << "that is no list of packages: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace arena::packages
