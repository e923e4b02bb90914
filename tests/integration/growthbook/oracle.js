// Makes random cases and lets GrowthBook's own client answer them: `node oracle.js SEED COUNT` prints one case a line,
// as {"kind", ..., "expected"}. What makes the client throw is left out: nobody could say what is right there.

import { evalCondition } from '../node_modules/@growthbook/growthbook/dist/esm/mongrule.mjs';
import * as util from '../node_modules/@growthbook/growthbook/dist/esm/util.mjs';
import { GrowthBook } from '@growthbook/growthbook';

const [seed, count] = process.argv.slice(2).map(Number);
console.error = () => {};

// mulberry32
let state = seed >>> 0;
function random() {
  state = (state + 0x6D2B79F5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;
const several = (most, make) => Array.from({ length: below(most + 1) }, make);

const texts = ['', 'a', 'b', 'A', 'B', 'ab', 'DE', 'de', '1', '2', '10', '9', '1.5', ' 3 ', '0x10', '1e3', 'true', 'null',
  'undefined', '[object Object]', '1,2', 'é', 'É', 'ß', 'İ', 'ΑΣ', 'ας', '日本', '😀', '\ufffd', 'v1.2.3', '1.2.3', '1.10.0', '1.2.3-beta',
  '1.2.3-rc.1+build5', '2.0', '2.0.0', 'v2', 'a/b', 'x\ny', '.', '-', 'Infinity', '-0', '.5', '5.', '+7', '1_0', '0b11'];
const numbers = [0, 1, 2, 3, 10, -1, 1.5, 0.1, 1e21, 1e-7, 123456789012, 5e-324, 16, 1000, -0.5, 0.000001, 1.7976931348623157e308];
const names = ['id', 'a', 'b', 'c', 'a.b', 'a.b.c', 'list', 'list.0', 'list.length', 'list.0.a', 'deep.list', '1', '10', 'x y', ''];
const patterns = ['a', '^a', 'b$', '^.$', 'a|b', '[a-c]+', '\\d+', '\\s', '\\w\\W', 'a/b', 'a\\/b', '(', '[', 'x.y', '\\u0061', '[^]',
  '(?<n>a)b', 'a{2}', 'a{,2}', 'É', '^\\S+$', '\\bab\\b', '', '[\\w.]+', 'A', '.*', '{', 'a{1', '\\.', '[]', '\\-', '\\i', '[[]', '\\cA'];

function scalar() {
  const roll = random();
  if (roll < 0.5) return pick(texts);
  if (roll < 0.75) return pick(numbers);
  if (roll < 0.85) return chance(0.5);
  return null;
}
function json(depth) {
  const roll = random();
  if (depth === 0 || roll < 0.6) return scalar();
  if (roll < 0.8) return several(3, () => json(depth - 1));
  return Object.fromEntries(several(3, () => [pick(['a', 'b', 'c', '1', '10', '2']), json(depth - 1)]));
}
const attributes = () => ({
  ...Object.fromEntries(several(3, () => [pick(['a', 'b', 'c', '1', 'x y', '']), json(2)])),
  ...(chance(0.8) ? { id: chance(0.8) ? pick(texts) : json(1) } : {}),
  ...(chance(0.5) ? { list: several(4, () => json(1)) } : {}),
  ...(chance(0.3) ? { deep: { list: several(3, () => json(1)) } } : {}),
});

function operatorTest(depth) {
  const operator = pick(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte', '$exists', '$in', '$nin', '$ini', '$nini', '$not', '$size',
    '$elemMatch', '$all', '$alli', '$regex', '$regexi', '$type', '$veq', '$vne', '$vgt', '$vgte', '$vlt', '$vlte', '$inGroup',
    '$notInGroup', '$odd']);
  switch (operator) {
    case '$in': case '$nin': case '$ini': case '$nini':
      return [operator, chance(0.9) ? several(5, () => json(1)) : json(1)];
    case '$all': case '$alli':
      return [operator, chance(0.9) ? several(3, () => (depth > 0 && chance(0.3) ? test(depth - 1) : scalar())) : json(1)];
    case '$not': case '$size': return [operator, depth > 0 ? test(depth - 1) : scalar()];
    case '$elemMatch': return [operator, depth > 0 && chance(0.6) ? Object.fromEntries([operatorTest(depth - 1)]) : condition(depth - 1)];
    case '$regex': case '$regexi': return [operator, chance(0.95) ? pick(patterns) : json(1)];
    case '$type': return [operator, pick(['string', 'number', 'boolean', 'array', 'object', 'null', 'undefined', 3])];
    case '$inGroup': case '$notInGroup': return [operator, pick(['g1', 'g2', 'g3', 'g4', 'none', 5])];
    default: return [operator, chance(0.8) ? scalar() : json(1)];
  }
}
function test(depth) {
  const roll = random();
  if (roll < 0.35) return scalar();
  if (roll < 0.45) return json(2);
  return Object.fromEntries(several(chance(0.8) ? 1 : 3, () => operatorTest(depth)));
}
function condition(depth) {
  if (depth < 0) return {};
  return Object.fromEntries(several(chance(0.7) ? 1 : 3, () => {
    const roll = random();
    if (depth > 0 && roll < 0.25) return [pick(['$or', '$and', '$nor']), several(3, () => condition(depth - 1))];
    if (depth > 0 && roll < 0.35) return ['$not', condition(depth - 1)];
    if (roll < 0.4) {
      return ['$savedGroup', pick([{ id: 'g1' }, { id: 'g2' }, { id: 'g3' }, { id: 'g4', attributeKey: 'a' }, { id: 'g5' }, 'g1', null])];
    }
    return [pick(names), test(depth)];
  }));
}
const groups = () => ({
  g1: several(4, scalar),
  g2: { type: 'list', attributeKey: pick(['id', 'a', 'list']), values: several(4, scalar) },
  g3: { type: 'condition', condition: condition(1) },
  g4: pick([{ type: 'list', values: several(3, scalar) }, { type: 'other' }, null]),
  g5: { type: 'condition', condition: { $savedGroup: { id: pick(['g3', 'g5', 'g2']) } } },
});

const weights = (n) => pick([undefined, Array(n).fill(1 / n), [...Array(n - 1).fill(0.1), 1 - 0.1 * (n - 1)], [0.4, 0.4]]);
const ranges = () => several(3, () => [random() / 2, random()]);
const filters = () => several(2, () => ({ seed: pick(texts), ranges: ranges(), ...maybe('hashVersion', 0.5, () => pick([1, 2, 2, 3])),
  ...maybe('attribute', 0.4, () => pick(['id', 'a', 'b'])) }));
const maybe = (name, p, make) => (chance(p) ? { [name]: make() } : {});

function targeting() {
  return {
    ...maybe('condition', 0.3, () => condition(1)),
    ...maybe('coverage', 0.4, () => pick([0, 0.1, 0.5, 1, 1.5, -1])),
    ...maybe('hashAttribute', 0.4, () => pick(['id', 'a', 'b', 'list'])),
    ...maybe('fallbackAttribute', 0.3, () => pick(['id', 'a', 'c'])),
    ...maybe('hashVersion', 0.6, () => pick([1, 2, 2, 2, 99, 0])),
    ...maybe('seed', 0.4, () => pick(texts)),
    ...maybe('filters', 0.15, filters),
    ...maybe('namespace', 0.15, () => [pick(texts), random() / 2, random()]),
    ...maybe('disableStickyBucketing', 0.1, () => chance(0.7)),
    ...maybe('bucketVersion', 0.3, () => below(3)),
    ...maybe('minBucketVersion', 0.15, () => below(2)),
  };
}
function rule() {
  const parents = maybe('parentConditions', 0.2, () => several(2, () => ({
    id: pick(['f0', 'f1', 'f2', 'none']), condition: pick([{}, { value: true }, { value: { $exists: true } }, { value: 'a' }]),
    ...maybe('gate', 0.3, () => true) })));
  const id = maybe('id', 0.4, () => pick(['rule', '']));
  if (chance(0.35)) {
    return { force: json(1), ...maybe('range', 0.2, () => [random() / 2, random()]), ...targeting(), ...parents, ...id };
  }
  const n = 1 + below(4);
  const w = weights(n);
  const named = chance(0.1) ? 'contextualVariations' : 'variations';
  return {
    [named]: Array.from({ length: n }, () => json(1)), ...(w ? { weights: w } : {}), ...targeting(), ...parents, ...id,
    ...maybe('key', 0.5, () => pick(['e1', 'e2', 'é'])), ...maybe('name', 0.2, () => 'a name'), ...maybe('phase', 0.2, () => '1'),
    ...maybe('ranges', 0.15, () => Array.from({ length: n }, () => [random() / 2, random()])),
    ...maybe('meta', 0.4, () => Array.from({ length: n }, (_, i) => ({ ...maybe('key', 0.8, () => pick([String(i), 'v' + i, ''])),
      ...maybe('name', 0.3, () => 'n' + i), ...maybe('passthrough', 0.1, () => true) }))),
    ...maybe('contextualBanditRef', 0.15, () => pick(['b1', 'b2'])), foo: 1,
  };
}

const pages = ['', 'https://example.com/', 'https://example.com/a/b?e1=1&x=2#h', 'http://www.Example.com:80/a/../b/?x=a+b', '/relative?e2=0',
  'https://example.com/a%20b/ü', 'https://other.org:8443/a/', 'no url at all', 'https://example.com/?e1=x&e2=1'];
const targets = ['https://example.com/', 'example.com/a/*', '/a/b', '*', '/a/*?x=2', '*.example.com/b', 'https://example.com/a/b#h', '/b/',
  'example.com', 'http://www.example.com/b?x=a%20b', 'other.org:8443/a', '/a b/*', 'https://[', '*a*'];
const urlPatterns = () => several(3, () => ({ type: chance(0.7) ? 'simple' : 'regex', include: chance(0.75), pattern: chance(0.7) ? pick(targets) : pick(patterns) }));

function withClient(context, use) {
  const saved = {};
  const sticky = context.sticky;
  const options = { attributes: context.attributes, features: context.features, savedGroups: context.savedGroups, url: context.url,
    contextualBandits: context.contextualBandits, forcedVariations: context.forcedVariations, qaMode: context.qaMode, enabled: context.enabled,
    stickyBucketAssignmentDocs: sticky ? structuredClone(sticky) : undefined,
    ...(sticky ? { stickyBucketService: { saveAssignments: async () => {}, getAllAssignments: async () => sticky, getAssignments: async () => null,
      getAllAssignmentsSync: () => sticky } } : {}) };
  const client = new GrowthBook(options);
  const result = use(client);
  return { result, documents: client.getStickyBucketAssignmentDocs(), saved };
}
function context() {
  const made = { attributes: attributes(), features: { f0: feature(), f1: feature(), f2: feature() }, savedGroups: groups(),
    contextualBandits: { b1: { banditVersion: 3, contexts: several(2, () => ({ leafId: below(5), condition: condition(1), weights: [0.2, 0.8] })) } },
    url: chance(0.3) ? pick(pages) : '', ...maybe('forcedVariations', 0.15, () => ({ e1: below(4) - 1 })), ...maybe('qaMode', 0.05, () => true),
    ...maybe('enabled', 0.05, () => false) };
  if (chance(0.4)) {
    made.sticky = {};
    for (const name of ['id', 'a']) {
      if (typeof made.attributes[name] !== 'string' || chance(0.5)) continue;
      made.sticky[`${name}||${made.attributes[name]}`] = { attributeName: name, attributeValue: made.attributes[name],
        assignments: Object.fromEntries(several(2, () => [pick(['e1', 'e2', 'f0', 'f1']) + '__' + below(3), pick(['0', '1', 'v1', 'v2', '9'])])) };
    }
  }
  return made;
}
const feature = () => ({ ...maybe('defaultValue', 0.9, () => json(1)), ...maybe('rules', 0.9, () => several(3, rule)) });

const makers = {
  condition() {
    const made = { condition: condition(3), attributes: attributes(), groups: groups() };
    return { ...made, expected: evalCondition(made.attributes, made.condition, made.groups) };
  },
  hash() {
    const made = { seed: several(4, () => pick(texts)).join(''), value: several(4, () => pick(texts)).join(''), version: pick([1, 2, 2, 3]) };
    return { ...made, expected: util.hash(made.seed, made.value, made.version) };
  },
  feature() {
    const made = { context: context(), key: pick(['f0', 'f1', 'f2', 'none']) };
    const { result, documents } = withClient(made.context, (client) => client.evalFeature(made.key));
    return { ...made, expected: result, ...(made.context.sticky ? { documents } : {}) };
  },
  page() {
    const made = { url: pick(pages), urlPatterns: urlPatterns() };
    return { ...made, expected: util.isURLTargeted(made.url, made.urlPatterns) };
  },
  query() {
    const made = { current: pick(pages), redirect: pick(pages), key: pick(['e1', 'e2', 'x']) };
    return { ...made, expected: util.mergeQueryStrings(made.current, made.redirect), override: util.getQueryStringOverride(made.key, made.current, 2) };
  },
};

const kinds = Object.keys(makers);
const lines = [];
for (let i = 0; i < count; i++) {
  const kind = kinds[i % 8 < 4 ? 0 : i % 8 < 7 ? 2 : [1, 3, 4][Math.floor(i / 8) % 3]];
  try {
    lines.push(JSON.stringify({ kind, ...makers[kind]() }));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
process.stdout.write(lines.join('\n') + '\n');
