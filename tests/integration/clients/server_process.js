// The server under test as a process, for drivers in JavaScript; see server_process.py.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export async function startServer(...options) {
  const server = spawn(process.env.HORNBEAM_CLIENTS_SERVER, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(server, 'exit');
  let complaints = '';
  server.stderr.on('data', (text) => { complaints += text; });
  const [line] = await Promise.race([once(server.stdout, 'data'), ended]);
  assert.match(String(line), /^port /, `the server did not start: ${complaints}`);
  const port = Number(String(line).split(' ')[1]);
  return {
    url: (path) => `ws://localhost:${port}${path}`,
    /** Stops it, and fails if it has been at fault. */
    async stop() {
      server.kill('SIGTERM');
      const [status] = await ended;
      assert.equal(status, 0, complaints);
      assert.doesNotMatch(complaints, /Sanitizer|runtime error/);
    },
  };
}
