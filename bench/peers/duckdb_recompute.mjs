// The results of all experiments by DuckDB, on one thread, from the rows that recompute_subject writes into a folder.
// Prints CPU seconds of the query and the results as JSON.
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2];
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run('SET threads = 1');
await connection.run(`CREATE TABLE exposures AS FROM read_csv('${folder}/exposures.csv', header = false, columns =
  {'unit': 'UINTEGER', 'experiment': 'USMALLINT', 'arm': 'UTINYINT', 'time': 'BIGINT'})`);
await connection.run(`CREATE TABLE events AS FROM read_csv('${folder}/events.csv', header = false, columns =
  {'unit': 'UINTEGER', 'metric': 'USMALLINT', 'time': 'BIGINT', 'value': 'DOUBLE'})`);

const query = `
  WITH first AS MATERIALIZED (
    SELECT unit, experiment, min(arm) AS arm, min(time) AS time FROM exposures
    GROUP BY unit, experiment HAVING min(arm) = max(arm)),
  units AS (SELECT experiment, arm, count(*) AS units FROM first GROUP BY experiment, arm),
  totals AS (
    SELECT first.experiment, first.arm, events.metric, first.unit, sum(events.value) AS total
    FROM first JOIN events ON events.unit = first.unit AND events.time > first.time
    GROUP BY first.experiment, first.arm, events.metric, first.unit),
  sums AS (
    SELECT experiment, arm, metric, count(*) AS converted, sum(total) AS total, sum(total * total) AS squares
    FROM totals GROUP BY experiment, arm, metric)
  SELECT sums.experiment, sums.arm, metric, units, converted, total, squares
  FROM sums JOIN units ON units.experiment = sums.experiment AND units.arm = sums.arm
  ORDER BY sums.experiment, sums.arm, metric`;

const before = process.cpuUsage();
const rows = await (await connection.runAndReadAll(query)).getRows();
const used = process.cpuUsage(before);
const results = rows.map((row) => row.map(Number));
console.log(JSON.stringify({ seconds: (used.user + used.system) / 1e6, results }));
