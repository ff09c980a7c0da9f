const most = 50;
const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const words = text => folded(text).match(/[\p{L}\p{N}]+/gu) || [];
const leaves = JSON.parse(document.getElementById("leaves").textContent).map(([title, shelf, address, text]) =>
  ({ title, shelf, address, text, inTitle: new Set(words(title)), inText: new Set(words(text)) }));
const field = document.getElementById("q"), status = document.getElementById("status"), list = document.getElementById("found");
const begins = (set, wanted) => { for (const word of set) if (word.startsWith(wanted)) return true; return false; };
// A title counts for more than a text, and the very word for more than one that begins so.
const weight = (set, wanted) => set.has(wanted) ? 2 : begins(set, wanted) ? 1 : 0;
const score = (leaf, wanted) => wanted.map(each => 6 * weight(leaf.inTitle, each) + weight(leaf.inText, each));
function look() {
  const wanted = [...new Set(words(field.value))].slice(0, 8);
  const scored = leaves.map(leaf => [leaf, score(leaf, wanted)]).filter(([, scores]) => scores.some(each => each));
  const whole = scored.filter(([, scores]) => scores.every(each => each));
  const sum = scores => scores.reduce((total, each) => total + each, 0);
  const found = (whole.length ? whole : scored).sort(([, one], [, other]) => sum(other) - sum(one));
  status.textContent = !wanted.length ? "Type a word or several." : !found.length ? "Nothing has these words." :
    `${found.length} ${found.length === 1 ? "place" : "places"}${whole.length ? "" : "; none has all of the words"}${found.length > most ? `, the likeliest ${most} shown` : ""}.`;
  list.replaceChildren(...found.slice(0, most).map(([leaf]) => {
    const item = document.createElement("li"), lead = document.createElement("a"), where = document.createElement("span");
    lead.href = leaf.address; lead.textContent = leaf.title;
    where.className = "soft"; where.textContent = ` ${leaf.shelf}`;
    item.append(lead, where);
    return item;
  }));
  history.replaceState(null, "", field.value ? `#${encodeURIComponent(field.value)}` : location.pathname);
}
field.addEventListener("input", look);
// An address that was cut short or typed by hand asks for nothing.
try { field.value = decodeURIComponent(location.hash.slice(1)); } catch { field.value = ""; }
if (field.value) look();
