// What the pages do by themselves. Without it every page still works.
"use strict";

// htmx asks again for what is marked hx-trigger="arrived from:body" when the centre says that something came; those requests
// carry "Live", so that they do not keep a session awake that nobody uses.
const live = document.body.dataset.live;
if (live) {
  const offline = document.getElementById("offline");
  const source = new EventSource(live);
  source.addEventListener("open", () => { offline.hidden = true; });
  source.addEventListener("arrived", () => { htmx.trigger(document.body, "arrived"); });
  source.addEventListener("waits", (e) => { waits(JSON.parse(e.data)); });
  source.addEventListener("over", () => { source.close(); document.getElementById("over").hidden = false; });
  source.onerror = () => { if (source.readyState !== EventSource.CLOSED) offline.hidden = false; }; // closed: there was no line to be had
}

// What waits behind the lines of the navigation; what cannot wait, and is more than when the page was opened, is said aloud.
function waits(counts) {
  for (const line of document.querySelectorAll(".nav a")) {
    const now = counts[line.getAttribute("href")];
    if (!now) continue;
    let n = line.querySelector(".n");
    if (!now.Text) { n?.remove(); continue; }
    n ??= line.appendChild(document.createElement("b"));
    n.className = now.Urgent ? "n urgent" : "n";
    n.textContent = now.Text;
  }
  const urgent = document.getElementById("urgent");
  if (urgent && counts[urgent.dataset.at]) urgent.hidden = counts[urgent.dataset.at].N <= Number(urgent.dataset.n);
}

// A page where somebody decides is not drawn anew under his hand: it says that it shows something old, once that is so.
const news = document.getElementById("news");
let asking = false;
if (news) document.body.addEventListener("arrived", async () => {
  if (asking || !news.hidden) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { Live: "1" } });
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("text/plain")) news.hidden = await answer.text() === news.dataset.mark;
  } catch { // there is no line: the page says so above
  } finally { asking = false; }
});

document.body.addEventListener("htmx:configRequest", (e) => {
  const by = e.detail.triggeringEvent;
  if (by && by.type !== "arrived") return; // a hand did it
  e.detail.headers.Live = "1";
  const at = document.activeElement, here = e.detail.elt;
  if (here.contains(at) && at.matches("input, textarea, select") || here.querySelector("[data-typed]")) e.preventDefault(); // somebody writes there
});

// The navigation is folded on a narrow screen.
const fold = document.querySelector("details.fold");
if (fold && matchMedia("(max-width: 760px)").matches) fold.open = false;

// A choice that is its own question is asked at once; the button for it is for those without script.
document.addEventListener("change", (e) => {
  const form = e.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

// One box chooses all.
document.addEventListener("change", (e) => {
  if (!e.target.matches("input[data-all]")) return;
  for (const box of document.querySelectorAll(`input[name="${e.target.dataset.all}"]`)) if (!box.disabled) box.checked = e.target.checked;
});

// "/" goes to the search; Esc leaves it; the arrows go through the rows of a list.
document.addEventListener("keydown", (e) => {
  const writing = e.target.matches("input, textarea, select, [contenteditable]");
  if (e.key === "/" && !writing) {
    const search = document.querySelector(".search input");
    if (search) { e.preventDefault(); search.focus(); search.select(); }
  } else if (e.key === "Escape" && e.target.matches(".search input")) {
    e.target.blur();
  } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !writing) {
    const rows = [...document.querySelectorAll("[data-row] a[href], a[data-row]")];
    const here = rows.indexOf(document.activeElement);
    if (here < 0) return;
    const next = rows[here + (e.key === "ArrowDown" ? 1 : -1)];
    if (next) { e.preventDefault(); next.focus(); }
  }
});

// What runs on the clock of the centre: <time data-since="ISO" data-now="ISO"> counts up from when the centre drew it, whatever
// the clock of this machine says.
const spans = () => {
  for (const t of document.querySelectorAll("time[data-since]")) {
    t.dataset.seen ??= performance.now();
    const s = Math.max(0, Math.floor((Date.parse(t.dataset.now) - Date.parse(t.dataset.since) + performance.now() - t.dataset.seen) / 1000));
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    t.textContent = (h > 0 ? h + ":" + String(m).padStart(2, "0") : m) + ":" + String(s % 60).padStart(2, "0");
  }
};
spans();
setInterval(spans, 1000);
document.body.addEventListener("htmx:afterSettle", spans);

// What was typed and not sent is not refreshed away.
document.addEventListener("input", (e) => { if (e.target.matches("textarea")) e.target.toggleAttribute("data-typed", e.target.value !== ""); });

for (const b of document.querySelectorAll("button[data-print]")) b.addEventListener("click", () => print());
