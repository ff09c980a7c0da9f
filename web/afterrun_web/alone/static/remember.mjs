// Starts Python, lets it load all that pages need, and writes down its memory: `node remember.mjs RUNTIME APP OUT`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

// Node.js shows the line that failed, and those of Pyodide are a million characters long.
process.on("uncaughtException", (error) => { console.error(String(error.message).trim()); process.exit(1); });

const [runtime, app, out] = process.argv.slice(2).map((each) => resolve(each));
const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: runtime, _makeSnapshot: true });
for (const entry of readdirSync(app, { recursive: true, withFileTypes: true })) {
  const from = join(entry.parentPath ?? entry.path, entry.name);
  const to = "/app" + from.slice(app.length).replaceAll("\\", "/");
  if (entry.isDirectory()) python.FS.mkdirTree(to);
  else { python.FS.mkdirTree(to.slice(0, to.lastIndexOf("/"))); python.FS.writeFile(to, readFileSync(from)); }
}
const first = python.runPython(`
import json, sys
from datetime import datetime
sys.path.insert(0, "/app")
from afterrun_web.alone.inside import Pages
pages = Pages(open("/app/rulebook.pack", encoding="ascii").read())
pages.warmed("/app")
json.dumps(pages.first(datetime.now().astimezone().isoformat())._asdict())
`);
writeFileSync(join(out, "first.json"), first);
writeFileSync(join(out, "memory.bin"), gzipSync(python.makeMemorySnapshot(), { level: 6 }));
