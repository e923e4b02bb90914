#pragma once

// Parser: recursive descent over the tokens, one function for each rule of Jinja's grammar.

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/lexer.h"
#include "hornbeam/templates/internal/scope.h"
#include "hornbeam/templates/internal/statements.h"

namespace hornbeam::templates::internal {

class Parser {
 public:
  Parser(const Environment& environment, TemplateCode& code);
  void run();

 private:
  using Ends = std::initializer_list<std::string_view>;

  // Tokens.
  const Token& peek(std::size_t ahead = 0) const;
  Token next();
  bool is_sign(std::string_view sign, std::size_t ahead = 0) const;
  bool is_name(std::string_view name, std::size_t ahead = 0) const;
  bool skip_sign(std::string_view sign);
  bool skip_name(std::string_view name);
  void expect_sign(std::string_view sign);
  void expect_name(std::string_view name);
  std::string take_name(std::string_view what);
  [[noreturn]] void refuse(const std::string& message, int line = 0) const;
  std::string shown(const Token& token) const;

  // Expressions (parse_expressions.cc).
  ExpressionPointer expression(bool with_condition = true);
  ExpressionPointer tuple(bool with_condition = true, Ends ends = {}, bool explicit_parens = false);
  ExpressionPointer or_expression();
  ExpressionPointer and_expression();
  ExpressionPointer not_expression();
  ExpressionPointer comparison();
  ExpressionPointer sum();
  ExpressionPointer concatenation();
  ExpressionPointer product();
  ExpressionPointer signed_power(bool with_filters = true);
  std::int64_t integer_of(const Token& token) const;
  ExpressionPointer primary();
  ExpressionPointer list();
  ExpressionPointer dictionary();
  ExpressionPointer postfix(ExpressionPointer subject);
  ExpressionPointer subscript(ExpressionPointer subject);
  ExpressionPointer filters(ExpressionPointer subject);
  std::unique_ptr<Filtered> one_filter(ExpressionPointer subject);
  ExpressionPointer test(ExpressionPointer subject);
  ExpressionPointer call(ExpressionPointer callee);
  void arguments(ArgumentList& list);
  void note(const Call& call);
  ExpressionPointer name_expression(std::string name, int line);

  // Statements (parse_statements.cc).
  Body statements(Ends ends);
  std::unique_ptr<Statement> statement();
  std::string take_end(std::string_view construct, Ends ends);
  void end_block();
  Target target(bool with_member, Ends ends);
  Target one_target(bool with_member);
  Body scoped_body(ScopeSlots& slots, Ends ends);
  void check_ends(Ends ends, std::string_view construct, int line);
  std::unique_ptr<Statement> parse_for(int line);
  std::unique_ptr<Statement> parse_if(int line);
  std::unique_ptr<Statement> parse_set(int line);
  std::unique_ptr<Statement> parse_with(int line);
  std::unique_ptr<Statement> parse_filter(int line);
  std::unique_ptr<Statement> parse_autoescape(int line);
  std::unique_ptr<Statement> parse_macro(int line);
  std::unique_ptr<Statement> parse_call(int line);
  std::unique_ptr<Statement> parse_block(int line);
  std::unique_ptr<Statement> parse_extends(int line);
  std::unique_ptr<Statement> parse_include(int line);
  std::unique_ptr<Statement> parse_import(int line);
  std::unique_ptr<Statement> parse_from(int line);
  std::unique_ptr<Statement> parse_trans(int line);
  std::string trans_text(TranslateStatement& into, bool trims);
  Scope* macro_scope(MacroCode& macro, int line);
  void macro_signature(MacroCode& macro, bool has_parameters);
  void macro_body(MacroCode& macro, std::string_view construct, std::string_view end);
  void keep_frames();
  bool takes_context(bool fallback);

  const Environment& environment_;
  TemplateCode& code_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Scopes scopes_;
  int depth_ = 0;
  int conditionals_ = 0;  // An unknown filter in one is an error only when it is reached.
  int loops_ = 0;
  struct Unknown {
    std::string message;
    int line;
  };
  std::vector<Unknown> unknown_;  // Filters and tests that are not there.
};

/// Counts how deep expressions and statements stand in each other.
constexpr int kDeepest = 100;

}  // namespace hornbeam::templates::internal
