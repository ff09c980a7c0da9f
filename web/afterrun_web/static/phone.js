// What a page lets a person do with this phone: keep the plan on it, remove it, and check in without a net.
(() => {
  const able = "serviceWorker" in navigator && "caches" in window && "locks" in navigator && "databases" in indexedDB;
  if (!able) return;
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form#check-in"));
  /** @param {string} id @param {boolean} shown */
  const show = (id, shown) => document.getElementById(id)?.toggleAttribute("hidden", !shown);
  /** @type {Waiting[]} */
  let mine = [];
  let warned = false;

  /** Show what holds on this phone for who is here, or without a net for whom it is kept. @param {Now | null} [told] */
  async function look(told) {
    const [found, all] = [await kept(), await waiting()];
    mine = all.filter((each) => each.keeper === (told ?? found)?.keeper);
    show("keeping", Boolean(found || document.getElementById("keeping-ask")));
    show("keeping-ask", !found);
    show("keeping-kept", Boolean(found));
    show("phone-waits", mine.some((each) => !each.byHand));
    show("phone-by-hand", mine.some((each) => each.byHand));
    const stops = mine.map((each) => each.stop).filter(Boolean);
    show("phone-stop", Boolean(stops.length && !form));
    if (form && mine.length) document.documentElement.dataset.told = String(Math.min(...stops, 5));
    else delete document.documentElement.dataset.told;
    return Boolean(found || all.length);
  }

  /** Send what waits and keep what is new, where there is anything of ours on this phone. Whether there is a net. */
  async function start() {
    // A check-in that was led to the questions is written now.
    if (location.hash) await takeBack((each) => `#${each.key}` === location.hash);
    if (!(await look())) return false;
    const waited = mine.some((each) => each.key === form?.dataset.key);
    const told = await catchUp();
    await look(told);
    if (told && waited && !mine.length) location.assign("/diary/check-in/last");
    return Boolean(told);
  }

  /** The place of what is said of the answers that are ticked, the most pressing first; 0 for nothing. Signs can be
   * more pressing together: the page says which. @param {HTMLFormElement} filled */
  function stopOf(filled) {
    const ticked = [...filled.querySelectorAll("[data-stop]:checked")];
    const values = ticked.map((each) => /** @type {HTMLInputElement} */ (each).value);
    const together = (filled.dataset.together ?? "").trim().split(" ").map((each) => each.split(":"));
    const worse = together.filter(([, pair]) => pair?.split("+").every((each) => values.includes(each)));
    const places = [...ticked.map((each) => each.getAttribute("data-stop")), ...worse.map(([place]) => place)];
    return places.length ? Math.min(...places.map(Number)) : 0;
  }

  async function keepAll() {
    show("keeping-failed", false);
    try {
      await navigator.serviceWorker.register("/service-worker.js");
      await alone(async () => {
        const told = await now();
        if (!told) throw new Error("nobody is here");
        await keep(told);
      });
    } catch {
      show("keeping-failed", true);
    }
    await look();
  }

  async function removeAll() {
    if (mine.length && !warned) {
      show("keeping-loses", (warned = true));
      return;
    }
    await alone(async () => {
      await forget();
      await takeBack((each) => mine.some((one) => one.key === each.key));
      for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
    });
    await look();
  }

  /** Keep the check-in on this phone, whatever comes then, and try to send it. @param {HTMLFormElement} filled */
  async function putAway(filled) {
    const found = await kept();
    if (!found) {
      filled.submit();
      return;
    }
    const today = new Date();
    const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()];
    const body = new URLSearchParams(/** @type {any} */ (new FormData(filled)));
    body.delete("csrf");
    const isEmpty = [...body].every(([name, value]) => name === "token" || !value.trim());
    show("phone-empty", isEmpty);
    if (isEmpty) return;
    body.set("told", day.map((each) => String(each).padStart(2, "0")).join("-"));
    const key = filled.dataset.key ?? "";
    const one = { key, keeper: found.keeper, body: body.toString(), stop: stopOf(filled), byHand: false };
    try {
      await alone(() => queue("readwrite", (store) => store.put(one)));
    } catch {
      show("phone-failed", true);
      return;
    }
    navigator.serviceWorker.ready.then((each) => /** @type {any} */ (each).sync?.register("check-in")).catch(() => {});
    scrollTo(0, 0);
    await start();
  }

  /** Show the questions as always, with what waits filled in. */
  async function byHand() {
    const [one, told] = [mine.find((each) => each.byHand), await now()];
    if (!one || !told) return;
    const body = new URLSearchParams(one.body);
    body.set("csrf", told.csrf);
    body.set("hand", "1");
    const led = Object.assign(document.createElement("form"), { method: "post", action: CHECK_IN, hidden: true });
    for (const [name, value] of body) {
      led.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(led);
    led.submit();
  }

  document.addEventListener("submit", (event) => {
    const sent = /** @type {HTMLFormElement} */ (event.target);
    const out = sent.getAttribute("action") === "/sign-out" && document.getElementById("phone-leaving");
    const leaves = out && mine.length && !warned;
    if (sent !== form && !leaves) return;
    event.preventDefault();
    if (leaves) show("phone-leaving", (warned = true));
    else putAway(sent);
  });
  form?.addEventListener("change", () => {
    form.dataset.now = String(stopOf(form));
  });
  document.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest("[data-phone]");
    const what = pressed?.getAttribute("data-phone");
    if (what === "keep") keepAll();
    if (what === "remove") removeAll();
    if (what === "by-hand") byHand();
    if (what === "take-back") {
      const hand = Boolean(pressed?.closest("#phone-by-hand"));
      alone(() => takeBack((each) => each.byHand === hand && mine.some((one) => one.key === each.key))).then(look);
    }
  });
  window.addEventListener("online", async () => {
    if ((await start()) && !form && "offline" in document.documentElement.dataset) location.reload();
  });
  document.addEventListener("shown", () => void look());
  start();
})();
