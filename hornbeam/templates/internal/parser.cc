#include "hornbeam/templates/internal/parser.h"

#include <algorithm>

#include "hornbeam/templates/internal/parser_class.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

Parser::Parser(const Environment& environment, TemplateCode& code)
    : environment_(environment),
      code_(code),
      tokens_(tokens_of(code.source, code.name, environment.options().syntax)) {}

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token Parser::next() {
  const Token& token = peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool Parser::is_sign(std::string_view sign, std::size_t ahead) const {
  return peek(ahead).kind == Token::Kind::kOperator && peek(ahead).text == sign;
}
bool Parser::is_name(std::string_view name, std::size_t ahead) const {
  return peek(ahead).kind == Token::Kind::kName && peek(ahead).text == name;
}
bool Parser::skip_sign(std::string_view sign) {
  if (!is_sign(sign)) return false;
  next();
  return true;
}
bool Parser::skip_name(std::string_view name) {
  if (!is_name(name)) return false;
  next();
  return true;
}

std::string Parser::shown(const Token& token) const {
  switch (token.kind) {
    case Token::Kind::kEnd:
      return "end of template";
    case Token::Kind::kBlockEnd:
      return "end of statement block";
    case Token::Kind::kVariableEnd:
      return "end of print statement";
    case Token::Kind::kData:
      return "text";
    default:
      return "'" + token.text + "'";
  }
}

void Parser::expect_sign(std::string_view sign) {
  if (!skip_sign(sign)) {
    refuse("expected token '" + std::string(sign) + "', got " + shown(peek()));
  }
}
void Parser::expect_name(std::string_view name) {
  if (!skip_name(name)) {
    refuse("expected token '" + std::string(name) + "', got " + shown(peek()));
  }
}
std::string Parser::take_name(std::string_view what) {
  if (peek().kind != Token::Kind::kName) {
    refuse("expected " + std::string(what) + ", got " + shown(peek()));
  }
  return next().text;
}

void Parser::refuse(const std::string& message, int line) const {
  TemplateError error(TemplateError::Kind::kSyntax, message);
  error.locate(code_.name, line != 0 ? line : peek().line, code_.source);
  throw error;
}

void Parser::end_block() {
  skip_sign(":");
  if (peek().kind != Token::Kind::kBlockEnd) {
    refuse("expected token 'end of statement block', got " + shown(peek()));
  }
  next();
}

std::string Parser::take_end(std::string_view construct, Ends ends) {
  for (const std::string_view each : ends) {
    if (skip_name(each)) return std::string(each);
  }
  refuse("the '" + std::string(construct) + "' block was not closed with '" +
         std::string(*ends.begin()) + "'");
}

Body Parser::statements(Ends ends) {
  if (++depth_ > kDeepest) {
    refuse("blocks are nested more than " + std::to_string(kDeepest) + " deep");
  }
  Body body;
  // Ends: every round takes at least one token, or returns.
  while (peek().kind != Token::Kind::kEnd) {
    Token token = next();
    if (token.kind == Token::Kind::kData) {
      body.push_back(std::make_unique<DataStatement>(token.line, std::move(token.text)));
    } else if (token.kind == Token::Kind::kVariableBegin) {
      ExpressionPointer value = tuple();
      if (peek().kind != Token::Kind::kVariableEnd) {
        refuse("expected token 'end of print statement', got " + shown(peek()));
      }
      next();
      auto print = std::make_unique<PrintStatement>(token.line, std::move(value));
      if (!body.empty()) {
        if (auto* data = dynamic_cast<DataStatement*>(body.back().get())) {
          print->before = std::move(data->text);
          body.pop_back();
        }
      }
      body.push_back(std::move(print));
    } else {
      if (std::ranges::any_of(ends, [&](std::string_view each) { return is_name(each); })) {
        --depth_;
        return body;
      }
      body.push_back(statement());
      end_block();
    }
  }
  if (ends.size() != 0) {
    refuse("Unexpected end of template. Jinja was looking for the following tags: '" +
           std::string(*(ends.end() - 1)) + "'.");
  }
  --depth_;
  return body;
}

std::unique_ptr<Statement> Parser::statement() {
  const int line = peek().line;
  const std::string tag = take_name("a tag's name");
  if (tag == "for") return parse_for(line);
  if (tag == "if") return parse_if(line);
  if (tag == "set") return parse_set(line);
  if (tag == "with") return parse_with(line);
  if (tag == "filter") return parse_filter(line);
  if (tag == "autoescape") return parse_autoescape(line);
  if (tag == "macro") return parse_macro(line);
  if (tag == "call") return parse_call(line);
  if (tag == "block") return parse_block(line);
  if (tag == "extends") return parse_extends(line);
  if (tag == "include") return parse_include(line);
  if (tag == "import") return parse_import(line);
  if (tag == "from") return parse_from(line);
  if (tag == "trans") return parse_trans(line);
  if (tag == "print") return std::make_unique<PrintStatement>(line, tuple());
  if (tag == "do") {
    auto node = std::make_unique<DoStatement>(line);
    node->value = tuple();
    return node;
  }
  if (tag == "break" || tag == "continue") {
    if (loops_ == 0) refuse("'" + tag + "' outside of a loop", line);
    return std::make_unique<FlowStatement>(line, tag == "break" ? Flow::kBreak : Flow::kContinue);
  }
  refuse("Encountered unknown tag '" + tag + "'.", line);
}

void Parser::run() {
  try {
    FrameLayout* layout = scopes_.add_layout();
    scopes_.push(layout, nullptr)->is_top_level = true;
    code_.body = statements({});
    code_.frame_size = layout->size;
    if (!unknown_.empty()) refuse(unknown_.front().message, unknown_.front().line);
    scopes_.resolve();
  } catch (TemplateError& error) {
    error.locate(code_.name, peek().line, code_.source);
    throw;
  }
}

std::unique_ptr<TemplateCode> parse(const Environment& environment, std::string name,
                                    std::string source) {
  auto code = std::make_unique<TemplateCode>();
  code->escapes = environment.escapes(name);
  code->name = std::move(name);
  code->source = std::move(source);
  Parser(environment, *code).run();
  return code;
}

}  // namespace hornbeam::templates::internal
