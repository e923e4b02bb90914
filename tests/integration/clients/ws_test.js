// npm's ws, the WebSocket client of most of Node's world, against the server.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { startServer } from './server_process.js';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server.stop(); });

async function connect(path = '/ws', options = {}) {
  const client = new WebSocket(server.url(path), options.protocols ?? [], options);
  client.inbox = [];
  client.on('message', (data, isBinary) => client.inbox.push(isBinary ? data : data.toString()));
  await once(client, 'open');
  return client;
}

async function received(client, count = 1) {
  while (client.inbox.length < count) await once(client, 'message');
  return client.inbox.splice(0, count);
}

async function closed(client) {
  const [code, reason] = await once(client, 'close');
  return { code, reason: reason.toString() };
}

const bytes = (size) => Buffer.from({ length: size }, (_, i) => (i * 131 + (i >> 8) * 7) & 255);

for (const [kind, path, perMessageDeflate] of [
  ['plain', '/ws', false],
  ['compressed', '/ws-deflate', { threshold: 0 }],
  ['compressed with a small window', '/ws-deflate', { threshold: 0, clientMaxWindowBits: 9, serverMaxWindowBits: 9 }],
  ['compressed only when long', '/ws-deflate', true],
  ['offered compression in vain', '/ws', true],
]) {
  test(`${kind}: text and binary messages come back`, async () => {
    const client = await connect(path, { perMessageDeflate, maxPayload: 16 << 20 });
    assert.equal(client.extensions, path === '/ws' ? '' : 'permessage-deflate');
    for (const size of [0, 1, 125, 126, 127, 65535, 65536, 1 << 20]) {
      client.send(bytes(size));
      client.send('é'.repeat(size / 2));
      const [binary, text] = await received(client, 2);
      assert.ok(binary.equals(bytes(size)), `${size} bytes`);
      assert.equal(text, 'é'.repeat(size / 2));
    }
    client.close();
    await closed(client);
  });

  test(`${kind}: fragments come back as one message, pings between them as pongs`, async () => {
    const client = await connect(path, { perMessageDeflate });
    client.send('Hel', { fin: false });
    client.ping('between');
    client.send('', { fin: false });
    client.send('lo', { fin: true });
    const [pong] = await once(client, 'pong');
    assert.equal(pong.toString(), 'between');
    assert.deepEqual(await received(client), ['Hello']);
    client.close();
    await closed(client);
  });

  test(`${kind}: a thousand messages keep their order`, async () => {
    const client = await connect(path, { perMessageDeflate });
    const sent = Array.from({ length: 1000 }, (_, i) => `message ${i}`);
    sent.forEach((message) => client.send(message));
    assert.deepEqual(await received(client, 1000), sent);
    client.close();
    await closed(client);
  });
}

test('close codes come back', async () => {
  for (const code of [1000, 1001, 1003, 1007, 1011, 1012, 1014, 3000, 4000, 4999]) {
    const client = await connect();
    client.close(code, 'enough');
    assert.equal((await closed(client)).code, code);
  }
});

test('a close without a code is answered without one', async () => {
  const client = await connect();
  client.close();
  assert.equal((await closed(client)).code, 1005);
});

test('the server may close first', async () => {
  for (const [code, reason] of [[1000, ''], [1001, 'bye'], [4000, 'straße'], [4999, 'x'.repeat(123)]]) {
    const client = await connect();
    client.send(`close ${code} ${reason}`);
    assert.deepEqual(await closed(client), { code, reason });
  }
});

test('a message that is too large is refused with 1009', async () => {
  const client = await connect();
  client.send(Buffer.alloc((4 << 20) + 1));
  client.on('error', () => {});  // The server stops reading: that may break the sending.
  assert.equal((await closed(client)).code, 1009);
});

test('a message that is too large once inflated is refused with 1009', async () => {
  const client = await connect('/ws-deflate', { perMessageDeflate: { threshold: 0 } });
  client.send(Buffer.alloc(64 << 20));
  assert.equal((await closed(client)).code, 1009);
});

test('a protocol is agreed on', async () => {
  const client = await connect('/ws', { protocols: ['other', 'echo.v1'] });
  assert.equal(client.protocol, 'echo.v1');
  client.terminate();
});

test('a foreign origin is turned away', async () => {
  const client = new WebSocket(server.url('/ws'), { origin: 'http://elsewhere.test' });
  const [failure] = await once(client, 'error');
  assert.match(failure.message, /403/);
});

test('clients that are terminated leave the others in peace', async () => {
  const steady = await connect();
  for (let i = 0; i < 50; ++i) {
    const client = await connect(i % 2 ? '/ws' : '/ws-deflate');
    client.send('hello');
    client.terminate();
  }
  steady.send('still here');
  assert.deepEqual(await received(steady), ['still here']);
  steady.close();
  await closed(steady);
});

test('a hundred clients talk at once', async () => {
  await Promise.all(Array.from({ length: 100 }, async (_, number) => {
    const client = await connect(number % 2 ? '/ws' : '/ws-deflate');
    for (let i = 0; i < 20; ++i) {
      client.send(`${number}: ${i}`);
      assert.deepEqual(await received(client), [`${number}: ${i}`]);
    }
    client.close();
    await closed(client);
  }));
});

test('a server that stops says so with 1012', async () => {
  const other = await startServer();
  const client = new WebSocket(other.url('/ws'));
  await once(client, 'open');
  const end = closed(client);
  await other.stop();
  assert.equal((await end).code, 1012);
});
