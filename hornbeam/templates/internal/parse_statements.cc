#include <algorithm>

#include "hornbeam/templates/internal/parser.h"
#include "hornbeam/templates/internal/parser_class.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

/// Counts up for as long as it lives.
class Within {
 public:
  explicit Within(int& count) : count_(count) { ++count_; }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;
  ~Within() { --count_; }

 private:
  int& count_;
};

}  // namespace

Body Parser::scoped_body(ScopeSlots& slots, Ends ends) {
  slots.begin = scopes_.current()->layout->size;
  Body body = statements(ends);
  slots.end = scopes_.current()->layout->size;
  return body;
}

Target Parser::one_target(bool with_member) {
  Target target;
  target.line = peek().line;
  if (skip_sign("(")) {
    target = this->target(with_member, {});
    expect_sign(")");
    if (target.parts.empty()) {
      Target whole;
      whole.parts.push_back(std::move(target));
      return whole;
    }
    return target;
  }
  const Token token = next();
  if (token.kind != Token::Kind::kName) {
    refuse("can't assign to " + shown(token), token.line);
  }
  if (with_member && skip_sign(".")) {
    target.member = Target::Member{name_expression(token.text, token.line), take_name("a name")};
    return target;
  }
  for (const std::string_view each : {"true", "false", "none", "True", "False", "None"}) {
    if (token.text == each) refuse("can't assign to '" + token.text + "'", token.line);
  }
  Scope* scope = scopes_.current();
  target.variable = Target::Variable{token.text, scope->declare(token.text), scope->is_top_level};
  return target;
}

Target Parser::target(bool with_member, Ends ends) {
  Target first = one_target(with_member);
  if (!is_sign(",")) return first;
  Target all;
  all.line = first.line;
  all.parts.push_back(std::move(first));
  while (skip_sign(",")) {
    if (is_sign("=") || is_sign(")") || peek().kind == Token::Kind::kBlockEnd) break;
    if (std::ranges::any_of(ends, [&](std::string_view each) { return is_name(each); })) break;
    all.parts.push_back(one_target(with_member));
  }
  return all;
}

std::unique_ptr<Statement> Parser::parse_for(int line) {
  auto node = std::make_unique<ForStatement>(line);
  Scope* outer = scopes_.current();
  node->slots.begin = outer->layout->size;
  Scope* scope = scopes_.push(outer->layout, outer);
  scope->uses_loop = &node->uses_loop;
  node->target = target(false, {"in"});
  node->loop_slot = scope->declare("loop");
  expect_name("in");
  scopes_.enter(outer);
  node->iterable = tuple(false, {"recursive"});
  scopes_.enter(scope);
  if (skip_name("if")) node->filter = expression();
  if (skip_name("recursive")) {
    node->is_recursive = true;
    keep_frames();  // loop() runs in it.
  }
  end_block();
  {
    const Within loop(loops_);
    node->body = statements({"endfor", "else"});
  }
  node->slots.end = outer->layout->size;
  scopes_.enter(outer);
  if (take_end("for", {"endfor", "else"}) == "else") {
    end_block();
    scopes_.push(outer->layout, outer);
    node->otherwise = scoped_body(node->otherwise_slots, {"endfor"});
    scopes_.enter(outer);
    take_end("for", {"endfor"});
  }
  return node;
}

std::unique_ptr<Statement> Parser::parse_if(int line) {
  auto node = std::make_unique<IfStatement>(line);
  const Within conditional(conditionals_);
  while (true) {  // Ends: every round takes a tag.
    ExpressionPointer condition = tuple(false);
    end_block();
    Body body = statements({"elif", "else", "endif"});
    node->branches.emplace_back(std::move(condition), std::move(body));
    const std::string end = take_end("if", {"elif", "else", "endif"});
    if (end == "elif") continue;
    if (end == "else") {
      end_block();
      node->otherwise = statements({"endif"});
      take_end("if", {"endif"});
    }
    return node;
  }
}

std::unique_ptr<Statement> Parser::parse_set(int line) {
  auto node = std::make_unique<SetStatement>(line);
  node->target = target(true, {});
  if (skip_sign("=")) {
    node->value = tuple();
    return node;
  }
  while (skip_sign("|")) node->filters.push_back(one_filter(nullptr));
  end_block();
  Scope* outer = scopes_.current();
  scopes_.push(outer->layout, outer);
  node->body = scoped_body(node->slots, {"endset"});
  scopes_.enter(outer);
  take_end("set", {"endset"});
  return node;
}

std::unique_ptr<Statement> Parser::parse_with(int line) {
  auto node = std::make_unique<WithStatement>(line);
  Scope* outer = scopes_.current();
  node->slots.begin = outer->layout->size;
  Scope* scope = scopes_.push(outer->layout, outer);
  while (peek().kind != Token::Kind::kBlockEnd) {
    if (!node->values.empty()) expect_sign(",");
    Target name = one_target(false);
    expect_sign("=");
    scopes_.enter(outer);
    ExpressionPointer value = expression();
    scopes_.enter(scope);
    node->values.emplace_back(std::move(name), std::move(value));
  }
  end_block();
  node->body = statements({"endwith"});
  node->slots.end = outer->layout->size;
  scopes_.enter(outer);
  take_end("with", {"endwith"});
  return node;
}

std::unique_ptr<Statement> Parser::parse_filter(int line) {
  auto node = std::make_unique<FilterStatement>(line);
  node->filters.push_back(one_filter(nullptr));
  while (skip_sign("|")) node->filters.push_back(one_filter(nullptr));
  end_block();
  Scope* outer = scopes_.current();
  scopes_.push(outer->layout, outer);
  node->body = scoped_body(node->slots, {"endfilter"});
  scopes_.enter(outer);
  take_end("filter", {"endfilter"});
  return node;
}

std::unique_ptr<Statement> Parser::parse_autoescape(int line) {
  auto node = std::make_unique<AutoescapeStatement>(line);
  node->value = expression();
  end_block();
  Scope* outer = scopes_.current();
  scopes_.push(outer->layout, outer);
  node->body = scoped_body(node->slots, {"endautoescape"});
  scopes_.enter(outer);
  take_end("autoescape", {"endautoescape"});
  return node;
}

void Parser::keep_frames() {
  for (Scope* each = scopes_.current(); each != nullptr; each = each->outer) {
    if (each->macro != nullptr) each->macro->has_inner = true;
  }
}

Scope* Parser::macro_scope(MacroCode& macro, int line) {
  keep_frames();
  Scope* scope = scopes_.push(scopes_.add_layout(), scopes_.current());
  scope->macro = &macro;
  macro.line = line;
  return scope;
}

void Parser::macro_signature(MacroCode& macro, bool has_parameters) {
  Scope* scope = scopes_.current();
  if (has_parameters) {
    expect_sign("(");
    while (!is_sign(")")) {
      macro.parameters.push_back(take_name("a parameter"));
      const auto slot = static_cast<std::size_t>(scope->declare(macro.parameters.back()));
      if (slot + 1 != macro.parameters.size()) {
        refuse("the parameter '" + macro.parameters.back() + "' is there twice");
      }
      if (skip_sign("=")) {
        macro.defaults.push_back(expression());
      } else if (!macro.defaults.empty()) {
        refuse("non-default argument follows default argument");
      }
      if (!skip_sign(",")) break;
    }
    expect_sign(")");
  }
  macro.caller_slot = scope->declare("caller");
  macro.positional_slot = scope->declare("varargs");
  macro.named_slot = scope->declare("kwargs");
}

void Parser::macro_body(MacroCode& macro, std::string_view construct, std::string_view end) {
  const int loops = std::exchange(loops_, 0);
  macro.body = statements({end});
  loops_ = loops;
  macro.frame_size = scopes_.current()->layout->size;
  scopes_.enter(scopes_.current()->outer);
  take_end(construct, {end});
}

std::unique_ptr<Statement> Parser::parse_macro(int line) {
  auto node = std::make_unique<MacroStatement>(line);
  node->target = one_target(false);
  if (!node->target.variable) refuse("a macro has one name", line);
  node->macro.name = node->target.variable->name;
  macro_scope(node->macro, line);
  macro_signature(node->macro, true);
  end_block();
  macro_body(node->macro, "macro", "endmacro");
  return node;
}

std::unique_ptr<Statement> Parser::parse_call(int line) {
  auto node = std::make_unique<CallStatement>(line);
  node->macro.name = "caller";
  Scope* outer = scopes_.current();
  Scope* inner = macro_scope(node->macro, line);
  macro_signature(node->macro, is_sign("("));
  scopes_.enter(outer);  // What is called, and with what, is evaluated outside.
  ExpressionPointer call = postfix(primary());
  if (dynamic_cast<Call*>(call.get()) == nullptr) refuse("expected call", line);
  node->call.reset(static_cast<Call*>(call.release()));
  end_block();
  scopes_.enter(inner);
  macro_body(node->macro, "call", "endcall");
  return node;
}

std::unique_ptr<Statement> Parser::parse_block(int line) {
  auto node = std::make_unique<BlockStatement>(line);
  auto block = std::make_unique<BlockCode>();
  block->name = take_name("a block's name");
  block->line = line;
  block->is_scoped = skip_name("scoped");
  block->is_required = skip_name("required");
  if (peek().kind == Token::Kind::kName) {
    refuse("unexpected " + shown(peek()) +
           " in a block's tag: 'scoped' and 'required' may follow the "
           "name, in this order");
  }
  if (is_sign("-")) {
    refuse(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, "
        "use an underscore instead.");
  }
  end_block();
  node->block = block.get();
  if (code_.blocks.contains(block->name)) {
    refuse("block " + quoted(block->name) + " defined twice", line);
  }
  BlockCode* code = block.get();
  code_.blocks.emplace(block->name, std::move(block));
  if (code->is_scoped) scopes_.see(node->visible);
  Scope* outer = scopes_.current();
  FrameLayout* layout = scopes_.add_layout();
  scopes_.push(layout, nullptr);
  const int loops = std::exchange(loops_, 0);
  code->body = statements({"endblock"});
  loops_ = loops;
  code->frame_size = layout->size;
  scopes_.enter(outer);
  take_end("block", {"endblock"});
  skip_name(code->name);
  if (code->is_required) {
    for (const auto& each : code->body) {
      const auto* data = dynamic_cast<const DataStatement*>(each.get());
      if (data == nullptr || !stripped(data->text).empty()) {
        refuse("Required blocks can only contain comments or whitespace", line);
      }
    }
  }
  return node;
}

std::unique_ptr<Statement> Parser::parse_extends(int line) {
  auto node = std::make_unique<ExtendsStatement>(line);
  node->parent = expression();
  return node;
}

bool Parser::takes_context(bool fallback) {
  if ((is_name("with") || is_name("without")) && is_name("context", 1)) {
    fallback = next().text == "with";
    next();
  }
  return fallback;
}

std::unique_ptr<Statement> Parser::parse_include(int line) {
  auto node = std::make_unique<IncludeStatement>(line);
  node->name = expression();
  if (is_name("ignore") && is_name("missing", 1)) {
    next();
    next();
    node->ignores_missing = true;
  }
  node->with_context = takes_context(true);
  scopes_.see(node->visible);
  return node;
}

std::unique_ptr<Statement> Parser::parse_import(int line) {
  keep_frames();
  auto node = std::make_unique<ImportStatement>(line);
  node->name = expression();
  expect_name("as");
  node->whole = one_target(false);
  node->with_context = takes_context(false);
  scopes_.see(node->visible);
  return node;
}

std::unique_ptr<Statement> Parser::parse_from(int line) {
  keep_frames();
  auto node = std::make_unique<ImportStatement>(line);
  node->name = expression();
  expect_name("import");
  while (peek().kind == Token::Kind::kName) {
    if ((is_name("with") || is_name("without")) && is_name("context", 1)) break;
    const std::string name = peek().text;
    if (name.starts_with("_")) {
      refuse("names starting with an underline can not be imported");
    }
    if (is_name("as", 1)) {
      next();
      next();
    }
    node->members.emplace_back(name, one_target(false));
    if (!skip_sign(",")) break;
  }
  if (node->members.empty()) refuse("expected names to import");
  node->with_context = takes_context(false);
  scopes_.see(node->visible);
  return node;
}

std::string Parser::trans_text(TranslateStatement& into, bool trims) {
  std::string text;
  while (true) {  // Ends: every round takes a token; the end of the template is refused.
    const Token token = next();
    if (token.kind == Token::Kind::kData) {
      for (const char each : token.text) text += each == '%' ? "%%" : std::string(1, each);
    } else if (token.kind == Token::Kind::kVariableBegin) {
      const std::string name = take_name("a variable");
      text += "%(" + name + ")s";
      const bool known = std::ranges::any_of(
          into.variables, [&](const auto& variable) { return variable.first == name; });
      if (!known) into.variables.emplace_back(name, name_expression(name, token.line));
      if (next().kind != Token::Kind::kVariableEnd) {
        refuse("a translated text holds names only: put the expression into the trans tag");
      }
    } else if (token.kind == Token::Kind::kBlockBegin) {
      break;
    } else {
      refuse("the trans block is not closed with endtrans", into.line);
    }
  }
  if (!trims) return text;
  std::string joined;  // Line ends and the white space around them become one space.
  std::string_view rest = stripped(text);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    joined += stripped(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest = stripped(rest.substr(end));
    joined += ' ';
  }
  return joined;
}

std::unique_ptr<Statement> Parser::parse_trans(int line) {
  auto node = std::make_unique<TranslateStatement>(line);
  bool trims = environment_.options().trim_translations;
  std::string counter;
  while (peek().kind != Token::Kind::kBlockEnd) {
    if (!node->variables.empty()) expect_sign(",");
    if (skip_sign(":")) break;
    const Token name = next();
    if (name.kind != Token::Kind::kName) refuse("expected a variable", name.line);
    if ((name.text == "trimmed" || name.text == "notrimmed") && !is_sign("=")) {
      trims = name.text == "trimmed";
      if (peek().kind == Token::Kind::kName) continue;
      continue;
    }
    node->variables.emplace_back(
        name.text, skip_sign("=") ? expression() : name_expression(name.text, name.line));
    if (counter.empty()) counter = name.text;
  }
  end_block();
  node->singular = trans_text(*node, trims);
  if (counter.empty() && !node->variables.empty()) counter = node->variables.front().first;
  if (skip_name("pluralize")) {
    node->has_plural = true;
    if (peek().kind == Token::Kind::kName) counter = next().text;
    if (counter.empty()) refuse("pluralize without variables", line);
    end_block();
    node->plural = trans_text(*node, trims);
    for (auto& [name, value] : node->variables) {
      if (name == counter) node->count = std::exchange(value, nullptr);
    }
    if (!node->count) refuse("unknown variable '" + counter + "' for pluralization", line);
  }
  expect_name("endtrans");
  return node;
}

}  // namespace hornbeam::templates::internal
