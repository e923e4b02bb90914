// A server under test: started on a free loopback port, waited for, stopped by its pid.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

const kStartWithin = 20_000; // a program under ASan on a busy machine needs its time
const kStopWithin = 10_000;

/// Starts `command` with `args(port)` and returns when it answers `path` with anything at all. Throws, with what the
/// program printed, if it ends before that or takes too long. `environment` is added to this process's own.
export async function startServer({ command, args, environment = {}, folder, path = "/" }) {
  const server = new Server({ command, args, environment, folder, path, port: await freePort() });
  await server.start();
  return server;
}

class Server {
  #options;
  #process = null;
  #output = "";

  constructor(options) {
    this.#options = options;
  }

  get port() {
    return this.#options.port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /// What the program printed so far, on both streams, over all of its starts.
  get output() {
    return this.#output;
  }

  get pid() {
    return this.#process?.pid;
  }

  /// Starts it (again), on the same port as before.
  async start() {
    const { command, args, environment, folder, port } = this.#options;
    this.#process = spawn(command, args(port), {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process.on("error", (error) => (this.#output += String(error)));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.#output += text));
    }
    await this.#untilReady();
  }

  /// Asks it to end (SIGTERM) and waits. Throws if it ends with an error: sanitizers report their leaks at the end.
  async stop() {
    const { code, signal } = await this.#end("SIGTERM");
    if (code !== 0 && signal !== "SIGTERM") {
      throw new Error(`the server ended with ${signal ?? `exit code ${code}`}:\n${this.#output}`);
    }
  }

  /// Ends it without a chance to tidy up (SIGKILL).
  async kill() {
    await this.#end("SIGKILL");
  }

  async #end(signal) {
    const child = this.#process;
    if (child === null) return { code: 0 };
    this.#process = null;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), kStopWithin);
      await ended;
      clearTimeout(late);
    }
    return { code: child.exitCode, signal: child.signalCode };
  }

  async #untilReady() {
    const deadline = Date.now() + kStartWithin;
    while (!(await answers(this.url + this.#options.path))) {
      const ended = this.#process.exitCode !== null || this.#process.signalCode !== null;
      if (ended || this.#process.pid === undefined || Date.now() > deadline) {
        const why = Date.now() > deadline ? `gave no answer within ${kStartWithin} ms` : "ended at once";
        await this.kill();
        throw new Error(`${this.#options.command} ${why}; it printed:\n${this.#output}`);
      }
      await pause(30);
    }
  }
}

async function answers(url) {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
