// What the pages need at run time: formulas that are wider than the page can be scrolled by
// keyboard (and only those take the focus), and print shows what is folded on the screen.
(function () {
  "use strict";

  function markScrolling(element, label) {
    if (element.scrollWidth > element.clientWidth + 1) {
      element.tabIndex = 0;
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", label);
    } else if (element.getAttribute("role") === "group") {
      for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
    }
  }

  function markAll() {
    for (const formula of document.querySelectorAll("mjx-container")) {
      if (formula.getAttribute("display") !== "true") {
        const room = formula.closest("p, li, td, th, dd, dt, h1, h2, h3, figcaption, div");
        const cell = formula.closest("td, th"); // tables scroll by themselves
        formula.classList.remove("wide");
        if (cell || !room || formula.scrollWidth <= room.clientWidth) continue;
        formula.classList.add("wide");
      }
      markScrolling(formula, "Formula, wider than the page");
      // A browser lets Tab stop at whatever can scroll, even by a fraction of a pixel.
      formula.style.overflowX = formula.tabIndex === 0 ? "" : "hidden";
    }
    for (const table of document.querySelectorAll(".pst-scrollable-table-container")) {
      markScrolling(table, "Table, wider than the page");
    }
  }

  let waiting = 0;
  function markSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(markAll, 150);
  }

  function start() {
    markAll();
    if (document.fonts) {
      document.fonts.ready.then(markAll);
      document.fonts.addEventListener("loadingdone", markSoon); // a box may need more fonts
    }
    addEventListener("resize", markSoon);
    document.addEventListener("toggle", markSoon, true); // a box was opened
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
    for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
  });

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
