// The program docs/examples/console with an index of plants in it, for tests of the console and of dashboards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./server.js";

const kKinds = ["tree", "shrub", "herb"];

/// Starts it. `rights` are "read", "save" or "write"; { server, stop() }. With "read" there is nothing in the index.
export async function startPlants(rights) {
  const folder = mkdtempSync(join(tmpdir(), "plants-"));
  const server = await startServer({
    command: process.env.HORNBEAM_CONSOLE,
    args: (port) => ["run", "--port", port, "--set", `database.url=sqlite:///${folder}/console.db`,
      "--set", `search.folder=${folder}/search`, "--set", `rights=${rights}`],
    folder,
  });
  if (rights === "write") await fill(server.url);
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { server, stop };
}

async function send(url, method, path, body, type = "application/json") {
  const response = await fetch(`${url}/console/rest${path}`, { method, body, headers: { "Content-Type": type } });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

// 60 plants: 20 of each kind, planted one a week from 2024-01-01 on.
async function fill(url) {
  const properties = {
    name: { type: "text", fields: { keyword: { type: "keyword" } } }, kind: { type: "keyword" }, height: { type: "double" },
    planted: { type: "date" }, bed: { properties: { number: { type: "integer" } } },
  };
  await send(url, "PUT", "/plants", JSON.stringify({ mappings: { properties } }));
  const lines = [];
  for (let i = 0; i < 60; ++i) {
    const planted = new Date(Date.UTC(2024, 0, 1 + 7 * i)).toISOString().slice(0, 10);
    lines.push(JSON.stringify({ index: { _index: "plants", _id: String(i + 1) } }));
    lines.push(JSON.stringify({ name: `Plant ${i + 1}`, kind: kKinds[i % 3], height: i + 0.5, planted, bed: { number: i % 5 } }));
  }
  await send(url, "POST", "/_bulk?refresh=true", `${lines.join("\n")}\n`, "application/x-ndjson");
}
