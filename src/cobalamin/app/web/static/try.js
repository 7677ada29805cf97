// The arrow keys follow the links for a day or a week earlier or later. Without this script the links do the same.
"use strict";
const KEYS = { ArrowLeft: "day_earlier", ArrowRight: "day_later", ArrowUp: "week_earlier", ArrowDown: "week_later" };

document.addEventListener("keydown", (pressed) => {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return;
  if (!document.activeElement.closest(".stepper")) return; // elsewhere the arrows scroll
  const link = document.querySelector(`a[data-step="${KEYS[pressed.key]}"]`);
  if (!link) return;
  pressed.preventDefault();
  location.replace(link.href);
});

// After a step the focus is where it was, so that the next press goes on.
if (location.hash === "#day") document.getElementById("day").focus();
