// A dashboard as searches: what it looks at, and what each panel counts. No page here, so that it is easy to follow.

const kCounted = ["keyword", "boolean", "ip", "integer", "long", "short", "byte", "double", "float", "half_float", "scaled_float",
  "unsigned_long", "date"];
const kNumbers = ["integer", "long", "short", "byte", "double", "float", "half_float", "scaled_float", "unsigned_long"];

export const isDate = ({ type }) => type === "date" || type === "date_nanos";
export const isNumber = ({ type }) => kNumbers.includes(type);
export const isCounted = ({ type }) => kCounted.includes(type);

/// The query of what the dashboard looks at.
export function queryOf(board) {
  const must = board.query === "" ? [] : [{ simple_query_string: { query: board.query, default_operator: "and" } }];
  const filter = [];
  const must_not = [];
  if (board.time_field !== "" && (board.from !== "" || board.to !== "")) {
    const range = {};
    if (board.from !== "") range.gte = board.from;
    // A day is meant with all of its hours.
    if (board.to !== "") range.lte = /^\d{4}-\d\d-\d\d$/.test(board.to) ? `${board.to}||/d` : board.to;
    filter.push({ range: { [board.time_field]: range } });
  }
  for (const { field, value, kind } of board.filters) {
    if (kind === "exists") filter.push({ exists: { field } });
    else (kind === "is" ? filter : must_not).push({ term: { [field]: { value } } });
  }
  return { bool: { must, filter, must_not } };
}

/// The search of a panel.
export function searchOf(panel, board) {
  const query = queryOf(board);
  if (panel.kind === "table") return { query, size: panel.size, _source: panel.columns, track_total_hits: true };
  const metric = metricOf(panel);
  if (panel.kind === "metric") return { query, size: 0, track_total_hits: true, ...(metric && { aggs: { value: metric } }) };
  return { query, size: 0, aggs: { buckets: { ...bucketsOf(panel, metric), ...(metric && { aggs: { value: metric } }) } } };
}

function metricOf({ metric, metric_field: field }) {
  return metric === "count" || field === "" ? null : { [metric]: { field } };
}

function bucketsOf({ kind, field, interval, size }, metric) {
  if (kind === "terms") return { terms: { field, size, ...(metric && { order: { value: "desc" } }) } };
  if (kind === "histogram") return { histogram: { field, interval: Number(interval) > 0 ? Number(interval) : 1, min_doc_count: 1 } };
  if (interval === "") return { auto_date_histogram: { field, buckets: 30 } };
  return { date_histogram: { field, calendar_interval: interval, min_doc_count: 0 } };
}

/// What a panel's answer says: { rows: [{ label, key, value }], total }.
export function rowsOf(panel, answer) {
  const value = (from) => from?.value ?? null;
  const metric = metricOf(panel);
  if (panel.kind === "metric") {
    return { rows: [{ label: "", value: metric ? value(answer.aggregations?.value) : answer.hits.total.value }] };
  }
  const buckets = answer.aggregations?.buckets?.buckets ?? [];
  return {
    rows: buckets.map((bucket) => ({
      label: labelOf(panel, bucket), key: bucket.key_as_string ?? String(bucket.key),
      value: metric ? value(bucket.value) : bucket.doc_count,
    })),
  };
}

function labelOf({ kind }, bucket) {
  if (kind !== "date_histogram") return bucket.key_as_string ?? String(bucket.key);
  const iso = new Date(bucket.key).toISOString();
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
}

const kWords = { count: "Documents", sum: "Sum", avg: "Average", min: "Minimum", max: "Maximum", cardinality: "Different values" };

/// What a panel's numbers are.
export function measureOf({ metric, metric_field: field }) {
  return metric === "count" ? kWords.count : `${kWords[metric]} of ${field}`;
}

/// A title for a panel that has none.
export function titleOf(panel) {
  if (panel.title !== "") return panel.title;
  if (panel.kind === "metric") return measureOf(panel);
  if (panel.kind === "table") return "Documents";
  return `${measureOf(panel)} by ${panel.field}`;
}

/// A field's value in a document, by its dotted name: as one text; "" if it has none.
export function valueOf(source, name) {
  if (source === null || source === undefined) return "";
  if (Array.isArray(source)) return source.map((each) => valueOf(each, name)).filter((each) => each !== "").join(", ");
  if (name === "") return typeof source === "object" ? JSON.stringify(source) : String(source);
  if (typeof source !== "object") return "";
  if (name in source) return valueOf(source[name], "");
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const found = name.slice(0, dot) in source ? valueOf(source[name.slice(0, dot)], name.slice(dot + 1)) : "";
    if (found !== "") return found;
  }
  return "";
}
