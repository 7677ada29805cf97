// The curve is read: pointer, touch or the slider's arrow keys choose a day, and its row of the table in the page is shown
// under the figure. Without this script the table says the same. Nothing is stored, and no sentence stands here.
"use strict";
const slider = document.getElementById("reader");
const shown = document.getElementById("read-out");
const hint = shown.textContent;
let rows = [];
let titles = [];
let share = null; // where on the curve the reader is, from 0 to 1; null until a day is chosen

function load() {
  const table = document.getElementById("readings");
  rows = table ? [...table.tBodies[0].rows] : [];
  titles = table ? [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()) : [];
  slider.hidden = shown.hidden = rows.length < 2;
  slider.max = Math.max(rows.length - 1, 0);
  shown.setAttribute("aria-live", "off"); // what follows an edit is told by the answer above
  if (share === null || !rows.length) shown.textContent = hint;
  else show(Math.round(share * (rows.length - 1)));
}

function show(place) {
  const row = rows[place];
  const [day, ...values] = [...row.cells].map((cell) => cell.textContent.trim());
  const mark = document.createElement("strong");
  mark.textContent = day;
  slider.value = place;
  slider.setAttribute("aria-valuetext", day);
  shown.replaceChildren(mark, ` ${values.map((value, column) => `${titles[column + 1]}: ${value}`).join(" · ")}`);
  for (const reader of document.querySelectorAll(".readable .reader")) {
    reader.setAttribute("transform", `translate(${row.dataset.x})`);
    reader.classList.add("on");
  }
  const dot = document.querySelector("#in-sight .reader circle");
  if (dot) dot.setAttribute("cy", row.dataset.y);
}

function choose(place) {
  share = rows.length > 1 ? place / (rows.length - 1) : 0;
  shown.setAttribute("aria-live", "polite");
  show(place);
}

function point(event) {
  const figure = event.target.closest && event.target.closest("svg.readable");
  if (!figure || !rows.length) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.getScreenCTM().inverse());
  const away = (row) => Math.abs(Number(row.dataset.x) - at.x);
  choose(rows.reduce((best, row, place) => (away(row) < away(rows[best]) ? place : best), 0));
}

slider.addEventListener("input", () => choose(Number(slider.value)));
document.addEventListener("pointerdown", point);
document.addEventListener("pointermove", point);
document.addEventListener("drawn", load); // by follow.js, once what was edited is in place
load();
