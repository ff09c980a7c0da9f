// @ts-check
"use strict";
// What lies on this phone, for its pages and its worker alike: pages that a person asked to keep, in one cache
// for one account, and check-ins that wait for a net. Nothing is decided here.

/** @typedef {{keeper: string, csrf: string, stand: string, pages: string[]}} Now */
/** @typedef {{key: string, keeper: string, body: string, stop: number, byHand: boolean}} Waiting */

const NOW = "/diary/offline";
const CHECK_IN = "/diary/check-in/offline";
const KEPT = "kept ";
const QUEUE = "afterrun";

/** One at a time, over all pages and the worker: what is removed is not kept again by whoever began before.
 * @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const alone = (work) => navigator.locks.request(QUEUE, work);

/** Who is here and what there is to keep; null where nobody can say. @returns {Promise<Now | null>} */
async function now() {
  try {
    const told = await fetch(NOW, { cache: "no-store", redirect: "error" });
    // Somebody is signed in who keeps no diary, so what is kept is another's.
    if (told.status === 403) await forget();
    return told.ok ? await told.json() : null;
  } catch {
    return null;
  }
}

/** The cache that is whole, and what it was made of; null where nothing is kept.
 * @returns {Promise<{cache: Cache, name: string, keeper: string} | null>} */
async function kept() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(KEPT)) continue;
    const cache = await caches.open(name);
    if (await cache.match(NOW)) return { cache, name, keeper: name.split(" ")[1] };
  }
  return null;
}

/** Fetch every page, then keep them all or none. @param {Now} told */
async function keep(told) {
  const name = `${KEPT}${told.keeper} ${told.stand}`;
  const pages = await Promise.all(told.pages.map((page) => fetch(page, { cache: "no-store", redirect: "error" })));
  if (!pages.length || !pages.every((each) => each.ok)) throw new Error("not all of it came");
  try {
    const cache = await caches.open(name);
    await Promise.all(pages.map((each, place) => cache.put(told.pages[place], each)));
    await cache.put(NOW, new Response());
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  await forget(name);
}

/** Keep no pages any more, but for those of one cache. @param {string} [but] */
async function forget(but) {
  for (const name of await caches.keys()) if (name.startsWith(KEPT) && name !== but) await caches.delete(name);
}

/** What was kept before is kept as it is now; another's goes, and what its diary was deleted of. @param {Now} told */
async function renew(told) {
  const found = await kept();
  if (!told.pages.length) await takeBack((each) => each.keeper === told.keeper);
  if (!found || found.name === `${KEPT}${told.keeper} ${told.stand}`) return;
  if (found.keeper !== told.keeper || !told.pages.length) await forget();
  // Where it fails what was kept before stays, and says of when it is.
  else await keep(told).catch(() => {});
}

/** Do something with the queue, and wait until it is on the disk.
 * @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>} */
function queue(mode, work) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(QUEUE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "key" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction("waiting", mode, { durability: "strict" });
      const asked = work(change.objectStore("waiting"));
      change.oncomplete = () => (opening.result.close(), done(asked.result));
      change.onabort = () => (opening.result.close(), failed(change.error));
    };
  });
}

/** Every check-in that waits, without making a queue where there is none. @returns {Promise<Waiting[]>} */
async function waiting() {
  const made = (await indexedDB.databases()).some((each) => each.name === QUEUE);
  return made ? queue("readonly", (store) => store.getAll()) : [];
}

/** Let those go that are meant. @param {(each: Waiting) => boolean} meant */
async function takeBack(meant) {
  for (const each of await waiting()) if (meant(each)) await queue("readwrite", (store) => store.delete(each.key));
}

/** Send what waits of who is here. What was not answered stays as it is: sent again it is written once.
 * @param {Now} told */
async function send(told) {
  for (const each of await waiting()) {
    if (each.keeper !== told.keeper || each.byHand) continue;
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRF-Token": told.csrf };
    const answer = await fetch(CHECK_IN, { method: "POST", headers, body: each.body }).catch(() => null);
    if (answer?.ok) await queue("readwrite", (store) => store.delete(each.key));
    else if (answer && [400, 409, 413, 422].includes(answer.status)) {
      await queue("readwrite", (store) => store.put({ ...each, byHand: true }));
    }
  }
}

/** Ask who is here; send and renew. Whether there is a net. */
const catchUp = () =>
  alone(async () => {
    const told = await now();
    if (told) {
      await send(told);
      // What was sent has changed the pages.
      await renew((await now()) ?? told);
    }
    return told;
  });
