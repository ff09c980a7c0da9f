// Answers for the server where there is no net, from what a person asked to keep; online everything is fetched.

/** Milliseconds after which a net that gives no answer is none. */
const PATIENCE = 8000;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("sync", (event) => {
  event.waitUntil(catchUp().then((told) => told ?? Promise.reject(new Error("no net yet"))));
});
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(page(event.request));
  else if (new URL(url).pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

/** A page from the server, or as it was kept. @param {Request} request @returns {Promise<Response>} */
async function page(request) {
  const found = await kept();
  if (!found) return fetch(request);
  try {
    const late = new Promise((_, failed) => setTimeout(failed, PATIENCE));
    const answer = await Promise.race([fetch(request), late]);
    // A proxy that does not reach the server.
    if (![502, 504].includes(answer.status)) return answer;
  } catch {}
  const { pathname, search } = new URL(request.url);
  // Until a warning sign is sent no page shows a plan that it stops.
  const stopped = (await waiting()).some((each) => each.keeper === found.keeper && each.stop);
  const told = await found.cache.match(stopped ? CHECK_IN : pathname + search);
  if (!told || (stopped && pathname !== CHECK_IN)) return Response.redirect(stopped ? CHECK_IN : "/diary", 302);
  const headers = new Headers(told.headers);
  headers.delete("Content-Length");
  return new Response((await told.text()).replace("<html ", "<html data-offline "), { headers });
}

/** What pages load; its address changes with it. @param {Request} request @returns {Promise<Response>} */
async function file(request) {
  const found = await kept();
  return (await found?.cache.match(request)) ?? fetch(request);
}
