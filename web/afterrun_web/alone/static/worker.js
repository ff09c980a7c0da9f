// Python beside the page: each message is a form, each answer the page that follows it.
"use strict";
const here = self.name;
importScripts(`${here}pyodide.js`);

// Some servers do not know what a .wasm file is, and browsers then refuse to read it as it comes.
const fetched = self.fetch;
self.fetch = async (address, ...more) => {
  const answer = await fetched(address, ...more);
  if (!String(address.url ?? address).endsWith(".wasm") || !answer.ok) return answer;
  return new Response(answer.body, { headers: { "Content-Type": "application/wasm" } });
};

async function memory() {
  const answer = await fetched(`${here}memory.bin`);
  if (!answer.ok) throw new Error(`memory.bin: ${answer.status}`);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

const started = loadPyodide({
  indexURL: here,
  stdLibURL: `${here}nothing.zip`,
  lockFileContents: JSON.stringify({ info: LOCKED, packages: {} }),
  _loadSnapshot: memory(),
}).then((python) => python.globals.get("pages"));
started.then(() => postMessage(["ready"]), () => postMessage(["failed"]));

self.onmessage = async ({ data: [number, name, ...given] }) => {
  try {
    const pages = await started;
    postMessage(["answer", number, pages[name](...given)]);
  } catch { postMessage(["failed"]); } // without a word of what was answered
};
