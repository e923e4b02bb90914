// npm's client of Elasticsearch 8, as it is. It looks in every answer for the field that says who answers, and sends media
// types of its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, errors } from '@elastic/elasticsearch';
import { aggregations, books, expectedGenres, foxes, mappings } from './books.js';
import { startSearchServer } from './search_server.js';

let server;
let client;
before(async () => {
  server = await startSearchServer('elasticsearch=true');
  client = new Client({ node: server.url });
});
after(async () => {
  await client?.close();
  await server?.stop();
});

/** The error of a request that must be answered with one. */
async function refused(request) {
  const error = await request.then(() => assert.fail('it went through'), (failure) => failure);
  assert.ok(error instanceof errors.ResponseError, String(error));
  return { status: error.statusCode, ...error.body.error };
}

test('the server says that it is Elasticsearch if it was told to', async () => {
  assert.equal((await client.info()).tagline, 'You Know, for Search');
  assert.equal(await client.ping(), true);
  assert.equal((await client.cluster.health()).status, 'green');
});

test('without being told to, it does not, and the client refuses it', async () => {
  const other = await startSearchServer();
  const stranger = new Client({ node: other.url });
  await assert.rejects(stranger.info(), errors.ProductNotSupportedError);
  await stranger.close();
  await other.stop();
});

test('an index is created with a mapping, and filled by the bulk helper', async () => {
  assert.equal(await client.indices.exists({ index: 'books' }), false);
  const created = await client.indices.create({ index: 'books', settings: { number_of_replicas: 0 }, mappings });
  assert.deepEqual(created, { acknowledged: true, shards_acknowledged: true, index: 'books' });
  const outcome = await client.helpers.bulk({
    datasource: books,
    flushBytes: 20_000,
    refreshOnCompletion: true,
    onDocument: (book) => ({ index: { _index: 'books', _id: book.id } }),
  });
  assert.equal(outcome.successful, books.length);
  assert.equal(outcome.failed, 0);
  assert.equal((await client.count({ index: 'books' })).count, books.length);
  const { mappings: kept } = (await client.indices.getMapping({ index: 'books' })).books;
  assert.equal(kept.properties.title.fields.raw.type, 'keyword');
  const listed = await client.cat.indices({ format: 'json' });
  assert.deepEqual(listed.map((one) => [one.index, one['docs.count']]), [['books', '1000']]);
});

test('a document is written, read, changed and deleted', async () => {
  await client.index({ index: 'notes', id: 'a/b', document: { text: 'one' }, refresh: true });
  await client.update({ index: 'notes', id: 'a/b', doc: { text: 'two' } });
  const found = await client.get({ index: 'notes', id: 'a/b' });
  assert.deepEqual([found._version, found._source], [2, { text: 'two' }]);
  const several = await client.mget({ index: 'notes', ids: ['a/b', 'none'] });
  assert.deepEqual(several.docs.map((one) => one.found), [true, false]);
  assert.equal((await client.delete({ index: 'notes', id: 'a/b' })).result, 'deleted');
  assert.equal(await client.exists({ index: 'notes', id: 'a/b' }), false);
});

test('searches find, sort, highlight and aggregate', async () => {
  const found = await client.search({
    index: 'books', query: foxes, sort: [{ year: 'desc' }, { 'title.raw': 'desc' }], size: 3,
    highlight: { fields: { title: {} } } });
  assert.equal(found.hits.total.value, 10);
  assert.deepEqual(found.hits.hits.map((hit) => hit._id), ['900', '800', '700']);
  assert.match(found.hits.hits[0].highlight.title[0], /<em>running<\/em> <em>foxes<\/em>/);

  const counted = await client.search({ index: 'books', size: 0, aggregations });
  const { genres, decades } = counted.aggregations;
  assert.deepEqual(genres.buckets.map((one) => ({
    key: one.key, count: one.doc_count, mean: one.mean_price.value, newest: one.newest.value })), expectedGenres);
  assert.deepEqual(decades.buckets.map((one) => one.doc_count), Array(10).fill(100));

  const both = await client.msearch({ searches: [
    { index: 'books' }, { query: { term: { genre: 'poetry' } }, size: 0 },
    { index: 'books' }, { query: { range: { year: { gte: 1990 } } }, size: 0 },
  ] });
  assert.deepEqual(both.responses.map((one) => one.hits.total.value), [333, 100]);
});

test('a scroll hands out every document once', async () => {
  const seen = new Set();
  for await (const { documents } of client.helpers.scrollSearch(
    { index: 'books', scroll: '1m', size: 150, query: { match_all: {} } })) {
    documents.forEach((book) => seen.add(book.id));
  }
  assert.equal(seen.size, books.length);
});

test('documents that a query chooses are changed, copied and deleted', async () => {
  const copied = await client.reindex({
    refresh: true, source: { index: 'books', query: { term: { genre: 'crime' } } }, dest: { index: 'crimes' } });
  assert.deepEqual([copied.total, copied.created, copied.failures], [334, 334, []]);
  const deleted = await client.deleteByQuery({ index: 'crimes', refresh: true, query: { range: { year: { lt: 1950 } } } });
  const left = (await client.count({ index: 'crimes' })).count;
  assert.equal(deleted.deleted + left, 334);
  const touched = await client.updateByQuery({ index: 'crimes', refresh: true });
  assert.equal(touched.updated, left);
});

test('errors have a type and a reason', async () => {
  const missing = await refused(client.search({ index: 'nowhere' }));
  assert.deepEqual([missing.status, missing.type, missing.reason],
    [404, 'index_not_found_exception', 'no such index [nowhere]']);
  const twice = await refused(client.indices.create({ index: 'books' }));
  assert.deepEqual([twice.status, twice.type], [400, 'resource_already_exists_exception']);
  const unknown = await refused(client.search({ index: 'books', query: { guess: {} } }));
  assert.deepEqual([unknown.status, unknown.type], [400, 'parsing_exception']);
  const conflict = await refused(client.create({ index: 'books', id: '1', document: {} }));
  assert.deepEqual([conflict.status, conflict.type], [409, 'version_conflict_engine_exception']);
  const outcome = await client.bulk({ operations: [{ index: { _index: 'books', _id: 'x' } }, { year: 'soon' }] });
  assert.equal(outcome.errors, true);
  assert.equal(outcome.items[0].index.error.type, 'mapper_parsing_exception');
});
