// The curves follow the table: a moment after a field changes, the same page is fetched and what it draws is put in place.
// Without this script the button does the same. Nothing is stored, and no sentence stands here.
"use strict";
const form = document.getElementById("schedule");
const lost = document.getElementById("lost");
const DELAY = 450; // milliseconds after the last change
let waiting = 0;
let asking = new AbortController();

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
  return `${form.getAttribute("action")}?${query}`;
}

function replaceWith(page) {
  for (const place of document.querySelectorAll("[data-follows]")) {
    const made = page.getElementById(place.id);
    if (place.tagName === "NAV" && place.contains(document.activeElement)) continue; // focus stays where it is
    if (made && made.innerHTML !== place.innerHTML) place.replaceChildren(...made.childNodes);
  }
  for (const field of form.elements) {
    const made = field.id && page.getElementById(field.id);
    if (made) field.toggleAttribute("aria-invalid", made.hasAttribute("aria-invalid"));
    if (made && made.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
  }
  document.title = page.title;
  document.dispatchEvent(new Event("drawn"));
}

async function draw() {
  const wanted = address();
  asking.abort();
  asking = new AbortController();
  document.body.classList.add("drawing");
  try {
    const answer = await fetch(wanted, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("schedule")) return window.location.assign(wanted);
    replaceWith(page);
    history.replaceState(null, "", wanted);
    lost.hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    lost.hidden = false;
  }
  document.body.classList.remove("drawing");
}

function follow() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, DELAY);
}

form.addEventListener("input", follow);
form.addEventListener("change", follow);
