// Pages that follow from a form are shown in place, each a step of the tab's own history: Back shows the page before as
// it was left, and no browser asks whether a form may be sent again.
"use strict";

/** @typedef {{path: string, body: string, step?: number}} Asked */

/** Lead forms to `answer`, which gives a page or throws; `takes` says which. While one waits `wait` is said, where none
 * comes `fails`; a step is gone back to where it is `mine`, and forgotten elsewhere. @param {{answer: (asked: Asked) =>
 * Promise<string>, takes: (path: string) => boolean, mine?: (asked: Asked) => boolean, wait: string, fails: string}} how */
function steps({ answer, takes, mine = () => true, wait, fails }) {
  const state = document.createElement("p");
  state.className = "state";
  state.setAttribute("role", "status");
  /** Pages by their step, with what was typed into them; they end with the document. */
  const left = new Map();
  const base = { title: document.title, nodes: [...document.body.childNodes] };
  document.body.append(state);
  let at = 0;
  let turn = 0;

  /** The step that this place of the history holds. @returns {Asked | null} */
  function held() {
    if (!history.state?.path) return null;
    if (mine(history.state)) return history.state;
    history.replaceState(null, "");
    return null;
  }

  /** @param {string} words */
  const say = (words) => {
    state.textContent = words;
  };

  /** @param {{title: string, nodes: Node[]}} page */
  function show({ title, nodes }) {
    document.title = title;
    say("");
    const shown = document.createDocumentFragment();
    shown.append(...nodes);
    shown.querySelector("[data-back]")?.toggleAttribute("hidden", !at);
    const aim = /** @type {HTMLElement | null} */ (shown.querySelector("[autofocus]") ?? shown.querySelector("h1"));
    // Before it is in the document: a browser would focus it by itself, and complain.
    aim?.removeAttribute("autofocus");
    document.body.replaceChildren(shown, state);
    scrollTo(0, 0);
    if (aim && !aim.hasAttribute("tabindex")) aim.tabIndex = -1;
    aim?.focus();
    document.dispatchEvent(new Event("shown"));
  }

  /** What a page loads that is not here yet. @param {Document} page */
  function load(page) {
    const there = [...document.scripts].map((each) => each.src);
    for (const { src } of page.scripts) {
      const address = new URL(src, document.baseURI).href;
      if (!there.includes(address)) document.head.append(Object.assign(document.createElement("script"), { src: address }));
    }
  }

  /** Show what is asked for, as a new step or as the one that one has gone to. @param {Asked} asked */
  async function go(asked, isNew = true) {
    const ours = ++turn;
    const patience = setTimeout(() => say(wait), 400);
    let html;
    try {
      html = await answer(asked);
    } catch {
      if (ours === turn) say(fails);
      return;
    } finally {
      clearTimeout(patience);
    }
    // Another button was pressed meanwhile.
    if (ours !== turn) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    if (isNew) {
      leave();
      at += 1;
      for (const step of left.keys()) if (step >= at) left.delete(step);
    }
    show({ title: page.title, nodes: [...page.body.childNodes] });
    load(page);
    if (isNew) history.pushState({ ...asked, step: at }, "");
  }

  function leave() {
    const nodes = [...document.body.childNodes].filter((each) => each !== state);
    left.set(at, { title: document.title, nodes });
  }

  addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const path = (button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "").replace(/^\./, "");
    if (event.defaultPrevented || !takes(path)) return;
    event.preventDefault();
    const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    if (button?.name) fields.append(button.name, button.value);
    go({ path, body: fields.toString() });
  });

  addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target);
    if (pressed.closest("[data-back]")) history.back();
    const link = pressed.closest("a[href^='#']");
    if (!link || !at || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Within the page, without a step of history that would hold no answers.
    event.preventDefault();
    const aim = document.getElementById((link.getAttribute("href") ?? "").slice(1));
    if (!aim) return;
    for (let each = /** @type {HTMLElement | null} */ (aim); each; each = each.parentElement) {
      if (each instanceof HTMLDetailsElement) each.open = true;
    }
    if (!aim.matches("input, button, a, summary, select")) aim.tabIndex = -1;
    aim.focus();
  });

  addEventListener("popstate", () => {
    const asked = held();
    const to = asked?.step ?? 0;
    if (to === at) return;
    leave();
    at = to;
    ++turn;
    const kept = left.get(to) ?? (asked ? null : base);
    if (kept) show(kept);
    else go(asked, false);
  });

  const asked = held();
  if (asked) {
    at = asked.step ?? 0;
    const words = document.createElement("h1");
    words.textContent = "One moment: your answers are still here.";
    base.nodes = base.nodes.map((each) => each === document.getElementById("main") ? each.cloneNode(true) : each);
    document.getElementById("main")?.replaceChildren(words);
    go(asked, false);
  }
  return { go, say };
}
