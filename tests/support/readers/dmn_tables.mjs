// Reads a DMN file with dmn-moddle and evaluates its decisions with feelin, by the rules of DMN 1.3.
//
//     node dmn_tables.mjs NODE_MODULES FILE < contexts.json > results.json
//
// It also tells what each diagram shows: for each shape or edge the kind and id of the element that it stands for.
// The contexts are a list of objects, the input data by name; so are the results, every decision by name.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const required = createRequire(pathToFileURL(`${folder}/`));
const load = (name) => import(pathToFileURL(required.resolve(name)));
const { DmnModdle } = await load("dmn-moddle");
const { evaluate, unaryTest } = await load("feelin");

const { rootElement, warnings } = await new DmnModdle().fromXML(readFileSync(file, "utf-8"));
const decisions = rootElement.drgElement.filter((each) => each.$type === "dmn:Decision");
const byId = new Map(decisions.map((each) => [each.id, each]));

const required_by = (decision) =>
  (decision.informationRequirement || []).map((each) => each.requiredDecision || each.requiredInput);
const inputs = new Map(
  rootElement.drgElement.filter((each) => each.$type === "dmn:InputData").map((each) => [each.id, each]),
);
const needed = (decision) =>
  required_by(decision).map(({ href }) => byId.get(href.slice(1)) || inputs.get(href.slice(1)));

// A text of FEEL comes to the same wherever what it may see is the same; most cells see few values.
const known = new Map();

function once(ask, text, context) {
  const seen = Object.fromEntries(Object.entries(context).filter(([name]) => name === "?" || text.includes(name)));
  const key = `${ask.name} ${text} ${JSON.stringify(seen)}`;
  if (!known.has(key)) {
    const made = ask(text, seen);
    known.set(key, made && typeof made === "object" && "value" in made ? made.value : made);
  }
  return known.get(key);
}

const value = (text, context) => once(evaluate, text, context);
const test = (cell, looked) => once(unaryTest, cell, { "?": looked }) === true;

function decide(decision, everything) {
  // A decision sees what it says that it requires, and nothing else.
  const context = Object.fromEntries(
    needed(decision).map(({ variable: { name } }) => [name, everything[name] ?? null]),
  );
  const logic = decision.decisionLogic;
  if (logic.$type === "dmn:LiteralExpression") return value(logic.text, context);
  const looked = (logic.input || []).map((each) => value(each.inputExpression.text, context));
  const hits = (logic.rule || []).filter((rule) =>
    (rule.inputEntry || []).every((entry, place) => entry.text === "-" || test(entry.text, looked[place])),
  );
  if (logic.hitPolicy === "UNIQUE" && hits.length > 1) throw new Error(`${decision.name}: ${hits.length} lines hold`);
  const [output] = logic.output;
  if (hits.length) return value(hits[0].outputEntry[0].text, {});
  return output.defaultOutputEntry ? value(output.defaultOutputEntry.text, {}) : null;
}

function all(given) {
  const context = { ...given };
  const done = new Set();
  const visit = (decision) => {
    if (done.has(decision.id)) return;
    done.add(decision.id);
    needed(decision).filter((each) => byId.has(each.id)).forEach(visit);
    const made = decide(decision, context);
    context[decision.variable.name] = made === undefined ? null : made;
  };
  decisions.forEach(visit);
  return context;
}

const { diagrams } = rootElement.dmnDI;
const shown = diagrams.map((diagram) =>
  diagram.diagramElements.map(({ $type, dmnElementRef }) => [$type, dmnElementRef.$type, dmnElementRef.id]),
);

const contexts = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(
  JSON.stringify({ warnings: warnings.map((each) => each.message), shown, results: contexts.map(all) }),
);
