// The harness itself, on a server of five lines.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

const kServer = `
  const page = "<title>Hello</title><script>fetch('/missing')</script>";
  require("node:http").createServer((request, response) => {
    response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html" }).end(page);
  }).listen(Number(process.argv[1]), "127.0.0.1");
  process.on("SIGTERM", () => process.exit(Number(process.env.EXIT_CODE)));
`;

function startHello(environment = { EXIT_CODE: "0" }) {
  return startServer({ command: process.execPath, args: (port) => ["-e", kServer, port], environment });
}

let browser;
before(async () => (browser = await launchBrowser()));
after(async () => browser.close());

test("a visitor sees the page and its problems", async () => {
  const server = await startHello();
  const page = await newVisitor(browser);
  await page.goto(server.url, { waitUntil: "networkidle" });
  assert.equal(await page.title(), "Hello");
  assert.match(page.problems.join("\n"), /404/);
  await page.context().close();
  await server.stop();
});

test("a killed server starts again on its port", async () => {
  const server = await startHello();
  const first = server.pid;
  await server.kill();
  await server.start();
  assert.notEqual(server.pid, first);
  const page = await newVisitor(browser);
  await page.goto(server.url);
  assert.equal(await page.title(), "Hello");
  await page.context().close();
  await server.stop();
});

test("a server that ends with an error fails the test that stops it", async () => {
  const server = await startHello({ EXIT_CODE: "3" });
  await assert.rejects(server.stop(), /exit code 3/);
});

test("a server that cannot start says what it printed", async () => {
  const program = { command: process.execPath, args: () => ["-e", "console.log('no database'); process.exit(1)"] };
  await assert.rejects(startServer(program), /ended at once; it printed:\nno database/);
  await assert.rejects(startServer({ command: "/no/such/program", args: () => [] }), /ENOENT/);
});
