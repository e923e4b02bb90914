#pragma once

// For tests only: the whole WebSocket table.

#include <iterator>
#include <vector>

#include "hornbeam/http/websocket_cases.h"
#include "hornbeam/http/websocket_cases_close.h"
#include "hornbeam/http/websocket_cases_deflate.h"
#include "hornbeam/http/websocket_cases_framing.h"
#include "hornbeam/http/websocket_cases_messages.h"
#include "hornbeam/http/websocket_cases_text.h"

namespace hornbeam::http::cases {

/// Every row, group by group. Names are unique.
inline std::vector<Case> all_cases() {
  std::vector<Case> rows;
  for (const auto group :
       {length_cases, wrong_length_cases, mask_cases, reserved_bit_cases, reserved_opcode_cases,
        fragment_cases, control_cases, interleaved_cases, limit_cases, close_code_cases,
        close_cases, utf8_cases, deflate_cases, bomb_cases}) {
    auto more = group();
    rows.insert(rows.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  }
  return rows;
}

}  // namespace hornbeam::http::cases
