// Medplum's client against a server: its arguments are where the client lies, the address, and a JSON of calls.
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';

globalThis.WebSocket ??= class {};
const [place, baseUrl] = process.argv.slice(2);
const { MedplumClient } = await import(pathToFileURL(`${place}/node_modules/@medplum/core/dist/esm/index.mjs`));
const { tokens, service, call, response, wrong } = JSON.parse(readFileSync(0, 'utf8'));
const client = (accessToken) => new MedplumClient({ baseUrl, fhirUrlPath: 'fhir', accessToken });
const plain = client();
const told = {
  services: await client(tokens.services).getCdsServices(),
  cards: await client(tokens.service).callCdsService(service, call),
  next: await plain.post(plain.fhirUrl('Questionnaire', '$next-question'), response),
  found: await plain.search('Questionnaire', 'url=' + encodeURIComponent(response.questionnaire)),
};
try {
  await plain.post(plain.fhirUrl('QuestionnaireResponse', '$extract'), wrong);
} catch (error) {
  told.outcome = error.outcome;
}
console.log(JSON.stringify(told));
