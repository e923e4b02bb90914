#include "hornbeam/site/search_api/task_answers.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/site/search_api/handlers.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

/// What a task's answer is, whatever goes wrong.
Tasks::Answer finish(const std::function<RestResponse(const std::stop_token&)>& run,
                     const std::stop_token& stop) {
  try {
    return {.body = run(stop).body};
  } catch (const NodeError& error) {
    return {.body = error_json(error), .is_error = true};
  } catch (const std::exception& error) {
    return {.body = error_json({"exception", error.what()}), .is_error = true};
  }
}

void write_task(base::JsonWriter& out, const SearchApi& api, const Tasks::Task& task) {
  const auto started = std::chrono::floor<std::chrono::milliseconds>(task.started);
  out.begin_object().member("node", api.node_id()).member("id", task.number);
  out.member("type", "transport").member("action", task.action);
  out.member("description", task.description);
  out.member("start_time_in_millis", started.time_since_epoch().count());
  out.member("running_time_in_nanos", task.running.count());
  out.member("cancellable", true).member("cancelled", task.is_cancelled);
  out.key("headers").begin_object().end_object().end_object();
}

/// The number in "NODE:NUMBER".
std::uint64_t number_of(const SearchApi& api, const std::string& id) {
  const std::size_t colon = id.rfind(':');
  std::uint64_t number = 0;
  const char* const begin = id.data() + (colon == std::string::npos ? id.size() : colon + 1);
  const char* const end = id.data() + id.size();
  const auto read = std::from_chars(begin, end, number);
  if (begin == end || read.ec != std::errc() || read.ptr != end) {
    throw NodeError("illegal_argument_exception", fmt::format("malformed task id {}", id));
  }
  if (id.substr(0, colon) != api.node_id()) {
    throw NodeError("resource_not_found_exception",
                    fmt::format("task [{}] belongs to the node [{}] which isn't part of the "
                                "cluster and there is no record of the task",
                                id, id.substr(0, colon)));
  }
  return number;
}

NodeError no_such_task(const std::string& id) {
  return {"resource_not_found_exception",
          fmt::format("task [{}] isn't running and hasn't stored its results", id)};
}

/// The tasks of the node under its id, as `_tasks` and `_cancel` list them.
RestResponse task_list(const SearchApi& api, const std::vector<Tasks::Task>& tasks) {
  base::JsonWriter out;
  out.begin_object().key("nodes").begin_object().key(api.node_id()).begin_object();
  out.member("name", "hornbeam").key("tasks").begin_object();
  for (const Tasks::Task& task : tasks) {
    out.key(fmt::format("{}:{}", api.node_id(), task.number));
    write_task(out, api, task);
  }
  out.end_object().end_object().end_object().end_object();
  return answer(out);
}

}  // namespace

RestResponse start_task(SearchApi& api, std::string action, std::string description,
                        std::function<RestResponse(const std::stop_token&)> run) {
  const auto number = api.tasks().start(
      std::move(action), std::move(description),
      [run = std::move(run)](const std::stop_token& stop) { return finish(run, stop); });
  if (!number) {
    throw NodeError("rejected_execution_exception", "too many tasks are under way already");
  }
  base::JsonWriter out;
  out.begin_object().member("task", fmt::format("{}:{}", api.node_id(), *number)).end_object();
  return answer(out);
}

namespace search_handlers {

RestResponse get_task(SearchApi& api, RestCall& call) {
  const std::string id = call.text("task_id");
  std::chrono::milliseconds wait{0};
  if (call.flag("wait_for_completion")) {
    wait = search::parse_duration(call.text("timeout", "30s")).value_or(std::chrono::seconds(30));
  }
  const auto task = api.tasks().find(number_of(api, id), wait);
  if (!task) throw no_such_task(id);
  base::JsonWriter out;
  out.begin_object().member("completed", task->answer.has_value()).key("task");
  write_task(out, api, *task);
  if (task->answer)
    out.raw_member(task->answer->is_error ? "error" : "response", task->answer->body);
  out.end_object();
  return answer(out);
}

RestResponse list_tasks(SearchApi& api, RestCall& call) {
  std::vector<Tasks::Task> tasks = api.tasks().running();
  const std::vector<std::string> actions = call.list("actions");
  std::erase_if(tasks, [&](const Tasks::Task& task) {
    return !actions.empty() && std::ranges::none_of(actions, [&](const std::string& pattern) {
      return search::matches_pattern(pattern, task.action);
    });
  });
  return task_list(api, tasks);
}

RestResponse cancel_task(SearchApi& api, RestCall& call) {
  const std::string id = call.text("task_id");
  const std::uint64_t number = number_of(api, id);
  if (!api.tasks().cancel(number)) throw no_such_task(id);
  std::vector<Tasks::Task> tasks;
  if (auto task = api.tasks().find(number)) tasks.push_back(std::move(*task));
  return task_list(api, tasks);
}

}  // namespace search_handlers

}  // namespace hornbeam::site
