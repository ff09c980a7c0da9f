// The pages that follow from what a form carries are asked for here; what writes, and what is downloaded, goes its own way.
(() => {
  const BY_FORM = [
    "/question", "/answers", "/result", "/why", "/plan", "/exercises",
    "/diary/check-in/begin", "/diary/check-in", "/diary/check-in/answers", "/diary/check-in/end",
    "/audit", "/audit/why", "/audit/why-asked", "/audit/nearest", "/audit/what-if",
  ];

  /** @param {Asked} asked */
  async function answer({ path, body }) {
    const fields = new URLSearchParams(body);
    // The form may be of an earlier session; who is here now sends it.
    const csrf = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrf]"));
    if (csrf) fields.set("csrf", csrf.value);
    const answered = await fetch(path, { method: "POST", body: fields });
    if (!answered.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("no page came");
    return answered.text();
  }

  /** On a shared device another may have signed in since. @param {Asked} asked */
  function mine({ body }) {
    const here = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=whose]"));
    return (new URLSearchParams(body).get("whose") ?? "") === (here?.value ?? "");
  }

  steps({
    answer,
    mine,
    takes: (path) => BY_FORM.includes(path),
    wait: "One moment.",
    fails: "No answer came. Nothing is lost: try again when there is a connection.",
  });
})();
