// A map by hand: what is under the pointer or has the focus is said beside it, and it can be made larger. Without this file it
// is a picture with links, and the browser says the titles.
"use strict";

const svgNS = "http://www.w3.org/2000/svg";

// dress gives one map its label and its buttons.
const dress = (box) => {
  const svg = box.querySelector("svg");
  if (!svg || box.dataset.dressed) return;
  box.dataset.dressed = "1";
  const [x0, y0, w0, h0] = svg.getAttribute("viewBox").split(" ").map(Number);
  let x = x0, y = y0, zoom = 1;

  const label = document.createElement("p");
  label.className = "maplabel";
  label.setAttribute("aria-live", "polite");
  box.append(label);
  const say = (shape) => {
    const title = shape && shape.querySelector("title");
    label.textContent = title ? title.textContent : "";
    for (const row of document.querySelectorAll("tr.on[data-unit]")) row.classList.remove("on");
    const unit = shape && shape.id.startsWith("u-") && document.querySelector(`tr[data-unit="${CSS.escape(shape.id.slice(2))}"]`);
    if (unit) unit.classList.add("on");
  };
  svg.addEventListener("pointerover", (e) => say(e.target.closest("path")));
  svg.addEventListener("pointerleave", () => say(null));
  svg.addEventListener("focusin", (e) => say(e.target.querySelector("path")));

  const show = () => {
    const w = w0 / zoom, h = h0 / zoom;
    x = Math.min(Math.max(x, x0), x0 + w0 - w);
    y = Math.min(Math.max(y, y0), y0 + h0 - h);
    svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  };
  const scale = (by) => {
    const to = Math.min(Math.max(zoom * by, 1), 16);
    x += w0 / zoom / 2 - w0 / to / 2;
    y += h0 / zoom / 2 - h0 / to / 2;
    zoom = to;
    show();
  };
  const buttons = document.createElement("p");
  buttons.className = "mapzoom";
  for (const [word, sign, act] of [[box.dataset.in, "M9 3v12M3 9h12", () => scale(2)], [box.dataset.out, "M3 9h12", () => scale(0.5)]]) {
    if (!word) continue;
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn sm";
    b.setAttribute("aria-label", word);
    b.title = word;
    const ic = document.createElementNS(svgNS, "svg"), line = document.createElementNS(svgNS, "path");
    ic.setAttribute("viewBox", "0 0 18 18");
    ic.setAttribute("class", "ic");
    line.setAttribute("d", sign);
    line.setAttribute("stroke", "currentColor");
    line.setAttribute("stroke-width", "2");
    ic.append(line);
    b.append(ic);
    b.addEventListener("click", act);
    buttons.append(b);
  }
  if (buttons.children.length) box.prepend(buttons);

  // A map that is larger than its frame is moved by the pointer; a short press is still a link.
  let from = null, moved = false;
  svg.addEventListener("pointerdown", (e) => { if (zoom > 1) { from = { x: e.clientX, y: e.clientY }; moved = false; } });
  addEventListener("pointermove", (e) => {
    if (!from) return;
    const k = w0 / zoom / svg.clientWidth;
    if (Math.abs(e.clientX - from.x) + Math.abs(e.clientY - from.y) < 4 && !moved) return;
    moved = true;
    x -= (e.clientX - from.x) * k;
    y -= (e.clientY - from.y) * k;
    from = { x: e.clientX, y: e.clientY };
    show();
  });
  addEventListener("pointerup", () => { from = null; });
  svg.addEventListener("click", (e) => { if (moved) { e.preventDefault(); moved = false; } });
  svg.addEventListener("dragstart", (e) => e.preventDefault());
};

const dressAll = () => { for (const box of document.querySelectorAll("[data-map]")) dress(box); };
dressAll();
document.body.addEventListener("htmx:afterSettle", dressAll);
