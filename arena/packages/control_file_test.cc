#include "arena/packages/control_file.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arena/packages/package.h"

namespace arena::packages {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Stanza> read_all(const std::string& text) {
  std::istringstream in(text);
  ControlReader reader(in);
  std::vector<Stanza> stanzas;
  while (auto stanza = reader.next()) stanzas.push_back(std::move(*stanza));
  return stanzas;
}

std::string refusal_of(const std::string& text) {
  try {
    read_all(text);
  } catch (const ControlError& error) {
    return error.what();
  }
  return "none";
}

PackageRecord package_of(const std::string& text) {
  return read_package(read_all(text).at(0)).value();
}

TEST(ControlReader, ReadsFieldsWhateverTheirCaseAndJoinsFoldedLines) {
  const auto stanzas =
      read_all("Package: lamp\r\nTag: a,\n b,\n\tc\n\n\n# a comment\npackage: desk\n");
  ASSERT_EQ(stanzas.size(), 2U);
  EXPECT_EQ(stanzas[0].value("package"), "lamp");
  EXPECT_EQ(stanzas[0].value("Tag"), "a,\nb,\nc");
  EXPECT_EQ(stanzas[1].value("Package"), "desk");
  EXPECT_EQ(stanzas[1].value("Tag"), "");
}

TEST(ControlReader, FindsNothingInAnEmptyFile) {
  EXPECT_TRUE(read_all("").empty());
  EXPECT_TRUE(read_all("\n\n \n").empty());
}

TEST(ControlReader, SaysInWhichLineItIsNoControlFile) {
  EXPECT_EQ(refusal_of("Package: lamp\nnothing\n"),
            "line 2: \"nothing\" is no field; expected \"Name: value\"");
  EXPECT_THAT(refusal_of(": x\n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal_of(" folded\n"), HasSubstr("none came before it"));
  EXPECT_THAT(refusal_of("A: " + std::string(1 << 20, 'x') + "\n"), HasSubstr("megabyte"));
}

TEST(PackageRecord, HasWhatItsStanzaSays) {
  const PackageRecord record = package_of(
      "Package: lamp\nVersion: 1.2-3\nSection: misc\nPriority: optional\nInstalled-Size: 42\n"
      "Maintainer: Example Lamp Team <lamps@example.org>\nHomepage: https://example.org/lamp\n"
      "Description: gives light\n More words that are\n left out.\n"
      "Tag: role::program, use::viewing,\n role::program\n"
      "Pre-Depends: dpkg (>= 1.15)\nDepends: libc6:any (>= 2.14), wick | mantle [amd64], wick\n"
      "Recommends: oil\n");
  EXPECT_EQ(record.package.name, "lamp");
  EXPECT_EQ(record.package.version, "1.2-3");
  EXPECT_EQ(record.package.installed_kib, 42);
  EXPECT_EQ(record.package.summary, "gives light");
  EXPECT_EQ(record.maintainer.name, "Example Lamp Team");
  EXPECT_EQ(record.maintainer.email, "lamps@example.org");
  EXPECT_THAT(record.tags, ElementsAre("role::program", "use::viewing"));
  std::vector<std::string> dependencies;
  for (const Dependency& each : record.dependencies) {
    dependencies.push_back(each.kind + " " + each.name);
  }
  EXPECT_THAT(dependencies, ElementsAre("depends dpkg", "depends libc6", "depends mantle",
                                        "depends wick", "recommends oil"));
}

TEST(PackageRecord, TakesWhatIsMissingOrStrangeAsEmpty) {
  EXPECT_FALSE(read_package(read_all("Version: 1\n").at(0)));
  const PackageRecord record =
      package_of("Package: lamp\nInstalled-Size: big\nDepends: , |, (x)\n");
  EXPECT_EQ(record.package.installed_kib, 0);
  EXPECT_EQ(record.maintainer.name, "");
  EXPECT_TRUE(record.dependencies.empty());
}

TEST(PackageRecord, ItsFingerprintChangesWithAnythingInIt) {
  const std::string base = "Package: lamp\nVersion: 1\nTag: a\nDepends: b\n";
  const std::string fingerprint = package_of(base).package.fingerprint;
  EXPECT_EQ(package_of(base).package.fingerprint, fingerprint);
  for (const std::string& other :
       {"Package: lamp\nVersion: 2\nTag: a\nDepends: b\n", "Package: lamp\nVersion: 1\nTag: b\n",
        "Package: lamp\nVersion: 1\nTag: a\nRecommends: b\n"}) {
    EXPECT_NE(package_of(other).package.fingerprint, fingerprint) << other;
  }
}

}  // namespace
}  // namespace arena::packages
