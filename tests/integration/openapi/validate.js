// node validate.js FILE: FILE is {"document": an OpenAPI 3.1 document, "cases": [{"schema", "value", "accepted"}]}.
// Validates the document, compiles each of its schemas, and asks them about the cases' values.
// Exit: 0 all as it must be, 1 not (with what, one line each), 77 the packages are not installed.
import { readFileSync } from "node:fs";

let Validator, Ajv, formats;
try {
  ({ Validator } = await import("@seriousme/openapi-schema-validator"));
  ({ default: Ajv } = await import("ajv/dist/2020.js"));
  ({ default: formats } = await import("ajv-formats"));
} catch (failure) {
  console.log(`packages are missing (${failure.code}). Mend: npm ci in tests/integration`);
  process.exit(77);
}

const { document, cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const problems = [];

const validator = new Validator();
const result = await validator.validate(document);
if (!result.valid) problems.push(`not OpenAPI: ${JSON.stringify(result.errors)}`);
if (validator.version !== "3.1") problems.push(`taken for version ${validator.version}`);

const ids = new Set();
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (ids.has(operation.operationId)) problems.push(`operationId twice: ${operation.operationId}`);
    ids.add(operation.operationId);
    const inPath = new Set([...path.matchAll(/\{([^}]+)\}/g)].map(match => match[1]));
    const told = new Set((operation.parameters ?? []).filter(each => each.in === "path").map(each => each.name));
    if ([...inPath].some(name => !told.has(name)) || [...told].some(name => !inPath.has(name))) {
      problems.push(`${method} ${path} tells of the parameters ${[...told]}`);
    }
  }
}

// Formats of numbers are OpenAPI's own; the type and the bounds beside them say what counts.
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
formats(ajv);
for (const width of [8, 16, 32, 64]) {
  for (const sign of ["", "u"]) ajv.addFormat(`${sign}int${width}`, { type: "number", validate: () => true });
}
ajv.addVocabulary(["components"]);
ajv.addSchema({ $id: "document", components: document.components }, "document");
const schemaOf = name => ajv.getSchema(`document#/components/schemas/${name}`);
for (const name of Object.keys(document.components.schemas)) {
  try {
    schemaOf(name);
  } catch (failure) {
    problems.push(`schema ${name}: ${failure.message}`);
  }
}
for (const { schema, value, accepted } of cases) {
  const verdict = schemaOf(schema)(value);
  if (verdict !== accepted) {
    problems.push(`${schema} ${verdict ? "accepts" : "refuses"} ${JSON.stringify(value)}, the parser does not: `
      + JSON.stringify(schemaOf(schema).errors));
  }
}

for (const problem of problems) console.log(problem);
console.log(`${ids.size} operations, ${Object.keys(document.components.schemas).length} schemas, ${cases.length} cases`);
process.exit(problems.length === 0 ? 0 : 1);
