// A node of its own for a driver: a program, a free port and an empty folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startSearchServer(...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'search_clients_'));
  const options = [`data=${folder}`, ...settings].flatMap((setting) => ['--set', setting]);
  const server = spawn(process.env.HORNBEAM_SEARCH_SERVER, ['run', '--port', '0', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(server, 'exit');
  let complaints = '';
  server.stderr.on('data', (text) => { complaints += text; });
  const [line] = await Promise.race([once(server.stdout, 'data'), ended]);
  const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line));
  assert.ok(found, `the server did not start: ${complaints}`);
  server.stdout.resume();
  return {
    url: found[0],
    /** Stops it, and fails if it has been at fault. */
    async stop() {
      server.kill('SIGTERM');
      const [status] = await ended;
      await rm(folder, { recursive: true });
      assert.equal(status, 0, complaints);
      assert.doesNotMatch(complaints, /Sanitizer|runtime error/);
    },
  };
}
