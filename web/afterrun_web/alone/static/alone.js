// Forms go to Python in this browser and not to a server; what a page was made from is kept in the tab's own history.
"use strict";
const here = new URL(".", document.currentScript.src).href;
const title = document.title;
const start = document.createElement("template");
start.innerHTML = document.body.innerHTML;
const first = document.getElementById("first")?.innerHTML ?? "";
const state = document.createElement("p");
state.className = "state";
state.setAttribute("role", "status");
document.body.append(state);

// A worker of this page's own making keeps to this page's policy; one that is fetched would have none.
const source = URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(`${here}worker.js`)})`], { type: "text/javascript" }));
const doNotWait = document.querySelector("meta[name=do-not-wait]")?.content ?? "";
const worker = new Worker(source, { name: here });
const asked = new Map();
let number = 0;
let turn = 0;
let failed = false;

worker.onmessage = ({ data: [kind, which, answer] }) => {
  if (kind === "answer") { asked.get(which)(answer); asked.delete(which); }
  if (kind === "ready") document.documentElement.dataset.ready = Math.round(performance.now());
  if (kind === "failed") fail();
};
worker.onerror = () => fail();

function fail() {
  failed = true;
  say("This browser cannot work it out: something is missing. Load the page again, or try another browser. " + doNotWait);
}

function say(words) { state.textContent = words; }

/** What Python's pages say to a call by name. */
function called(name, ...given) {
  return new Promise((resolve) => { asked.set(++number, resolve); worker.postMessage([number, name, ...given]); });
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

async function go(request, remember) {
  const mine = ++turn;
  const patience = setTimeout(() => { if (!failed) say("One moment: the rules are being loaded."); }, 400);
  const html = known(request) ?? await called("answer", request.path, request.body, now());
  clearTimeout(patience);
  if (mine !== turn) return; // another button was pressed meanwhile
  show(html);
  if (remember) history.pushState(request, "");
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const aim = page.querySelector("[autofocus]") ?? page.querySelector("h1");
  aim.removeAttribute("autofocus");
  document.title = page.title;
  say("");
  document.body.replaceChildren(...page.body.childNodes, state);
  scrollTo(0, 0);
  if (!aim.hasAttribute("tabindex")) aim.tabIndex = -1;
  aim.focus();
}

addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target, button = event.submitter;
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.append(button.name, button.value);
  const path = (button?.getAttribute("formaction") ?? form.getAttribute("action")).replace(/^\./, "");
  go({ path, body: fields.toString() }, true);
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const address = link.getAttribute("href");
  if (address === "./") { event.preventDefault(); go({ path: "/", body: "" }, true); }
  if (!address.startsWith("#")) return;
  // Within the page, without a step of history that would hold no answers.
  event.preventDefault();
  const aim = document.getElementById(address.slice(1));
  if (!aim) return;
  for (let each = aim; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  if (!aim.matches("input, button, a, summary, select")) aim.tabIndex = -1;
  aim.focus();
});

addEventListener("popstate", (event) => go(event.state ?? { path: "/", body: "" }, false));

if (history.state) {
  const wait = document.createElement("h1");
  wait.textContent = "One moment: your answers are still here.";
  document.getElementById("main").replaceChildren(wait);
  go(history.state, false);
}
