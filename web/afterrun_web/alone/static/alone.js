// Forms go to Python in this browser and not to a server.
const here = new URL(".", document.currentScript.src).href;
const title = document.title;
const start = document.createElement("template");
start.innerHTML = document.body.innerHTML;
const first = document.getElementById("first")?.innerHTML ?? "";

// A worker of this page's own making keeps to this page's policy; one that is fetched would have none.
const source = URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(`${here}worker.js`)})`], { type: "text/javascript" }));
const doNotWait = document.querySelector("meta[name=do-not-wait]")?.content ?? "";
const worker = new Worker(source, { name: here });
const asked = new Map();
const FAILED = "This browser cannot work it out: something is missing. Load the page again, or try another browser. " + doNotWait;
let number = 0;
let failed = false;

worker.onmessage = ({ data: [kind, which, answer] }) => {
  if (kind === "answer") { asked.get(which).resolve(answer); asked.delete(which); }
  if (kind === "ready") document.documentElement.dataset.ready = Math.round(performance.now());
  if (kind === "failed") fail();
};
worker.onerror = () => fail();

function fail() {
  failed = true;
  for (const each of asked.values()) each.reject(new Error("failed"));
  say(FAILED);
}

/** What Python's pages say to a call by name. */
function called(name, ...given) {
  return new Promise((resolve, reject) => {
    if (failed) reject(new Error("failed"));
    asked.set(++number, { resolve, reject });
    worker.postMessage([number, name, ...given]);
  });
}
globalThis.afterrun = called; // whole cases at once: afterrun("results", intakes, firstDay)

function now() {
  const day = new Date(), away = -day.getTimezoneOffset(), two = (each) => String(Math.abs(each)).padStart(2, "0");
  const local = new Date(day.getTime() + away * 60000).toISOString().slice(0, 19);
  return `${local}${away < 0 ? "-" : "+"}${two(Math.trunc(away / 60))}:${two(away % 60)}`;
}

/** The pages that are the same for everybody, and need no Python. */
function known({ path, body }) {
  if (path === "/") return `<title>${title}</title>${start.innerHTML}`;
  return path === "/question" && first && !new URLSearchParams(body).get("token") && !new URLSearchParams(body).has("question") ? first : null;
}

const { go, say } = steps({
  answer: async (asked) => known(asked) ?? called("answer", asked.path, asked.body, now()),
  takes: () => true,
  wait: "One moment: the rules are being loaded.",
  fails: FAILED,
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href='./']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({ path: "/", body: "" });
});
