// The client that GrowthBook publishes on npm, as it is, through our server: a flag, an assignment, the exposure and the
// metric on their way back, a change that arrives by itself, evaluation that keeps the rules, encrypted features, and
// users who keep their arm.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { GrowthBook, LocalStorageStickyBucketService, setPolyfills } from '@growthbook/growthbook';
import { growthbookTrackingPlugin } from '@growthbook/growthbook/plugins';
import { EventSource } from './event_source.js';

let server;
let host;
let ended;
let complaints = '';

before(async () => {
  server = spawn(process.env.HORNBEAM_GROWTHBOOK_SERVER, ['run', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  ended = once(server, 'exit');
  server.stderr.on('data', (text) => { complaints += text; });
  const [line] = await Promise.race([once(server.stdout, 'data'), ended]);
  [host] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line)) ?? assert.fail(`the server did not start: ${complaints}`);
  server.stdout.resume();
  setPolyfills({ EventSource, SubtleCrypto: webcrypto.subtle });
});

after(async () => {
  server.kill('SIGTERM');
  const [status] = await ended;
  assert.equal(status, 0, complaints);
  assert.doesNotMatch(complaints, /Sanitizer|runtime error/);
});

/** Asks until `found` gives something; fails after ten seconds. */
async function eventually(what, found) {
  for (let i = 0; i < 200; ++i) {
    const value = await found();
    if (value) return value;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return assert.fail(`${what} did not come`);
}

async function results() {
  const rows = await (await fetch(`${host}/results`)).json();
  return Object.fromEntries(rows.map(({ arm, metric, units, total }) => [`${arm} ${metric}`.trim(), [units, total]]));
}

const greens = [];  // users, as they were first seen

const client = (id, more = {}) => new GrowthBook({
  apiHost: host, clientKey: 'sdk-shop', attributes: { id, country: 'AT' },
  plugins: [growthbookTrackingPlugin({ ingestorHost: host, queueFlushInterval: 10 })], ...more,
});

test('a flag, its assignment, the exposure and the metric go through the server', async () => {
  const colours = { grey: 0, green: 0 };
  for (let i = 0; i < 30; ++i) {
    const growthbook = client(`user-${i}`);
    const { success } = await growthbook.init();
    assert.ok(success);
    const colour = growthbook.getFeatureValue('button.colour', 'none');
    ++colours[colour];
    if (colour === 'green') greens.push(`user-${i}`);
    if (colour === 'green') await growthbook.logEvent('Order Completed', { value: 2.5 });
    growthbook.destroy();
  }
  assert.ok(colours.grey > 3 && colours.green > 3 && colours.grey + colours.green === 30, JSON.stringify(colours));
  const counted = await eventually('what was counted', async () => {
    const now = await results();
    return now.control?.[0] === colours.grey && now.green?.[0] === colours.green &&
      now['green Order Completed']?.[0] === colours.green && now;
  });
  assert.deepEqual(counted, {
    control: [colours.grey, 0], green: [colours.green, 0], 'green Order Completed': [colours.green, 2.5 * colours.green],
  });
  assert.equal(await (await fetch(`${host}/dimensions`)).text(), 'country=AT');
});

test('encrypted features are read by who has the secret alone', async () => {
  const colour = async (decryptionKey) => {
    const growthbook = client(greens[0], { clientKey: 'sdk-secret', decryptionKey });
    await growthbook.init({ skipCache: true });
    const value = growthbook.getFeatureValue('button.colour', 'none');
    growthbook.destroy();
    return value;
  };
  assert.equal(await colour('Zvwv/+uhpFDznZ6SX28Yjg=='), 'green');
  const complain = console.error;
  console.error = () => {};
  assert.equal(await colour('AAAAAAAAAAAAAAAAAAAAAA=='), 'none');
  console.error = complain;
  assert.doesNotMatch(await (await fetch(`${host}/api/features/sdk-secret`)).text(), /button|green/);
});

test('evaluated remotely, it gets values and reports exposures, and sees no rule', async () => {
  const bodies = [];
  const growthbook = client('nobody', { clientKey: 'sdk-remote', remoteEval: true });
  await growthbook.init();
  const before = await results();
  for (let i = 100; i < 120; ++i) {
    await growthbook.setAttributes({ id: `user-${i}` });
    growthbook.getFeatureValue('button.colour', 'none');
    bodies.push(JSON.stringify(growthbook.getPayload()));
  }
  assert.ok(bodies.every((body) => !/filters|ranges|seed/.test(body)), bodies[0]);
  await eventually('the exposures', async () => {
    const now = await results();
    return now.control[0] + now.green[0] === before.control[0] + before.green[0] + 20;
  });
  growthbook.destroy();
});

test('users keep their arm through a phase: by the client\'s sticky buckets, and by exposures where it is evaluated here', async () => {
  const stored = new Map();
  const localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  const stickyBucketService = () => new LocalStorageStickyBucketService({ localStorage });
  const green = async (more = () => ({})) => {
    let count = 0;
    for (const id of greens) {
      const growthbook = client(id, more());
      await growthbook.init({ skipCache: true });
      if (growthbook.getFeatureValue('button.colour', 'none') === 'green') ++count;
      growthbook.destroy();
    }
    return count;
  };
  const sticky = () => ({ stickyBucketService: stickyBucketService() });
  const remote = () => ({ clientKey: 'sdk-remote', remoteEval: true });
  assert.equal(await green(sticky), greens.length);
  assert.ok(stored.size >= greens.length);
  assert.equal(await (await fetch(`${host}/phase`, { method: 'POST' })).text(), 'begun');
  assert.ok(await green() < greens.length, 'a fifth of them, by chance');
  assert.equal(await green(sticky), greens.length);
  assert.equal(await green(remote), greens.length);
});

test('the end of an experiment arrives by the stream', async () => {
  const growthbook = client('user-0');
  await growthbook.init({ streaming: true });
  const ids = Array.from({ length: 200 }, (_, i) => `user-${i}`);
  const green = [];
  for (const id of ids) {
    await growthbook.setAttributes({ id });
    if (growthbook.getFeatureValue('button.colour', 'none') === 'green') green.push(id);
  }
  assert.ok(green.length > 0);
  await growthbook.setAttributes({ id: green[0] });
  assert.equal(await (await fetch(`${host}/end`, { method: 'POST' })).text(), 'ended');
  await eventually('the default', () => growthbook.getFeatureValue('button.colour', 'none') === 'grey');
  growthbook.destroy();
});
