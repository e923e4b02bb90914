// hornbeam: begins new projects.

#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/new_project.h"

int main(int argc, char** argv) {
  CLI::App cli("Begins programs that are built with Hornbeam.", "hornbeam");
  cli.require_subcommand(1);
  CLI::App* begin = cli.add_subcommand("new", "Write a project that builds, with its own test");
  std::string name;
  std::string parent = ".";
  begin->add_option("name", name, "What the program is called, such as night-market")->required();
  begin->add_option("--into", parent, "The folder that the project's folder is made in")
      ->type_name("FOLDER")
      ->capture_default_str();
  begin->footer(
      "Examples:\n  hornbeam new night-market\n  hornbeam new night-market --into ~/projects\n\n"
      "Nothing that is there is written over.");
  try {
    cli.parse(argc, argv);
    for (const auto& path : hornbeam::cli::write_new_project(parent, name)) {
      std::cout << path.lexically_normal().string() << '\n';
    }
    std::cout << "\nNext: cd " << (std::filesystem::path(parent) / name).lexically_normal().string()
              << " && cmake --preset dev && cmake --build build && build/" << name << " run\n";
    return 0;
  } catch (const CLI::ParseError& error) {
    return cli.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "hornbeam: " << error.what() << '\n';
    return 1;
  }
}
