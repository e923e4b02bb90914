// One document: its fields, and for each value that can be filtered by, "only these" and "not these".
import { make } from "./panels.js";
import { isCounted, valueOf } from "./ask_index.js";

/// The list item of a hit. `filter(field, value, kind)` is called for what someone chooses.
export function documentElement(hit, fields, filter) {
  const list = make("dl", {}, make("dt", {}, "_id"), make("dd", {}, make("span", {}, hit._id)));
  for (const field of fields) {
    if (hasParent(field, fields)) continue;
    const value = valueOf(hit._source, field.name);
    if (value === "") continue;
    const exact = exactOf(field, fields);
    list.append(make("dt", {}, field.name), make("dd", {}, make("span", {}, value), ...(exact ? [choices(exact.name, value, filter)] : [])));
  }
  return make("li", { className: "boards-document" }, list);
}

// A field of a field, such as "name.keyword", has no value of its own.
function hasParent({ name }, fields) {
  return fields.some((each) => name.startsWith(`${each.name}.`));
}

// The field by which values are found as a whole; none for texts.
function exactOf(field, fields) {
  return isCounted(field) ? field : fields.find((each) => each.name === `${field.name}.keyword` && isCounted(each));
}

function choices(field, value, filter) {
  const one = (sign, kind, words) => {
    const button = make("button", { type: "button", title: words }, sign);
    button.setAttribute("aria-label", `${words}: ${field} ${value.slice(0, 60)}`);
    button.addEventListener("click", () => filter(field, value, kind));
    return button;
  };
  return make("span", { className: "boards-plus-minus" }, one("+", "is", "Show only these"), one("−", "is_not", "Hide these"));
}
