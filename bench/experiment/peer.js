// The same payloads by GrowthBook's client from npm: `node peer.js` reads both from standard input, a line each.

import { readFileSync } from 'node:fs';
import { GrowthBook } from '../../tests/integration/node_modules/@growthbook/growthbook/dist/esm/index.mjs';

const [oneRule, lane] = readFileSync(0, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
let state = 88172645;
const hex = () => ((state = Math.imul(state ^ (state >>> 15), 2246822519) + 1 >>> 0).toString(16).padStart(8, '0'));
const users = Array.from({ length: 1024 }, () => ({ id: hex() + hex() + hex() + hex(), country: 'DE', premium: true }));

function measure(what, payload, feature, isFresh) {
  const client = new GrowthBook({ features: payload.features, attributes: users[0] });
  const round = () => {
    for (const attributes of users) {
      if (isFresh) {
        new GrowthBook({ features: payload.features, attributes }).evalFeature(feature);
      } else {
        client.setAttributes(attributes);
        client.evalFeature(feature);
      }
    }
  };
  for (let i = 0; i < 30; i++) round();
  let best = Infinity;
  for (let pass = 0; pass < 7; pass++) {
    const start = process.cpuUsage();
    for (let i = 0; i < 20; i++) round();
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) * 1000 / (20 * users.length));
  }
  console.log(JSON.stringify({ what, ns: Math.round(best) }));
}

process.env.NODE_ENV = 'production';
measure('GrowthBook, one rule with a condition', oneRule, 'f', false);
measure('GrowthBook, a lane as exported', lane, 'lane0.p', false);
measure('GrowthBook, one rule with a condition, an instance for each user', oneRule, 'f', true);
