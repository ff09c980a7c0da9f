// A link into something folded unfolds what it leads to.
const unfold = () => { for (let each = document.getElementById(location.hash.slice(1)); each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true; };
addEventListener("hashchange", unfold); unfold();
// Paper cannot be clicked: everything is unfolded for printing and folded again after it.
addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(each => { each.open = true; each.dataset.folded = ""; }));
addEventListener("afterprint", () => document.querySelectorAll("details[data-folded]").forEach(each => { each.open = false; delete each.dataset.folded; }));
