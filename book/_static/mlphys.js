// What the pages need at run time: sections and live figures are worked on when the reader comes
// near them, formulas that are wider than the page can be scrolled by keyboard (and only those take
// the focus), and paper gets what is folded on the screen, in light colors.
(function () {
  "use strict";
  const root = document.documentElement;

  // --- what is wider than the page --------------------------------------------------------------

  function mark(element, wide, label) {
    if (wide) {
      element.tabIndex = 0;
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", label);
    } else if (element.getAttribute("role") === "group") {
      for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
    }
  }

  // The section that the browser may leave undrawn, of which nothing can be measured until then.
  const section = (element) => element.closest("section > section");
  const drawn = (part) => !part || part.checkVisibility({ contentVisibilityAuto: true });

  function kind(box) {
    if (box.localName === "pre") return box.closest(".cell_output") ? "Output" : "Code";
    return box.classList.contains("output") ? "Output" : "Table";
  }

  // All is read before anything is written, so that the page is laid out once, not once a formula.
  function markWide(elements) {
    const seen = new Map();
    const shown = [...elements].filter((element) => {
      const part = section(element);
      if (!seen.has(part)) seen.set(part, drawn(part?.firstElementChild));
      return seen.get(part);
    });
    const formulas = shown.filter((element) => element.localName === "mjx-container");
    const boxes = shown.filter((element) => element.localName !== "mjx-container");
    for (const formula of formulas) formula.classList.remove("wide");
    const found = formulas.map((formula) => {
      if (formula.getAttribute("display") === "true") {
        return formula.scrollWidth > formula.clientWidth + 1;
      }
      const room = formula.closest("p, li, td, th, dd, dt, h1, h2, h3, figcaption, div");
      const cell = formula.closest("td, th"); // tables scroll by themselves
      return !cell && room !== null && formula.scrollWidth > room.clientWidth + 1;
    });
    const wide = boxes.map((box) => box.scrollWidth > box.clientWidth
                                    || box.scrollHeight > box.clientHeight);
    formulas.forEach((formula, number) => {
      const inline = formula.getAttribute("display") !== "true";
      formula.classList.toggle("wide", inline && found[number]);
      mark(formula, found[number], "Formula, wider than the page");
      // A browser lets Tab stop at whatever can scroll, even by a fraction of a pixel.
      formula.style.overflowX = inline || found[number] ? "" : "hidden";
    });
    boxes.forEach((box, number) => mark(box, wide[number], `${kind(box)}, wider than the page`));
  }

  const SCROLLING = "mjx-container, pre, .cell_output > .output, .pst-scrollable-table-container";
  const markAll = () => markWide(document.querySelectorAll(SCROLLING));
  const markIn = (part) => markWide(part.querySelectorAll(SCROLLING));

  let waiting = 0;
  function markSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(markAll, 150);
  }

  // --- live figures -----------------------------------------------------------------------------

  // Their scripts wait as text (class "waiting") and run in their place, once.
  function startFigure(box) {
    for (const old of box.querySelectorAll("script.waiting")) {
      const script = document.createElement("script");
      script.text = old.text;
      old.replaceWith(script);
    }
  }

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      startFigure(target);
    }
  }, { rootMargin: "60% 0px" });

  // --- everything at once -----------------------------------------------------------------------

  // Who walks by Tab gets the whole page: the browser must know every stop ahead.
  function showWhole() {
    if (root.classList.contains("whole")) return;
    root.classList.add("whole");
    markAll();
    for (const box of document.querySelectorAll("div.widget")) startFigure(box);
  }

  function start() {
    markAll();
    for (const box of document.querySelectorAll("div.widget")) near.observe(box);
    if (document.fonts) document.fonts.addEventListener("loadingdone", markSoon);
    addEventListener("resize", markSoon);
    document.addEventListener("toggle", markSoon, true); // a box was opened
    document.addEventListener("contentvisibilityautostatechange", (event) => {
      if (!event.skipped) markIn(event.target);
    }, true);
    addEventListener("keydown", (event) => event.key === "Tab" && showWhole(), true);
    document.addEventListener("showwhole", showWhole);
    // A place far down: where the browser does not hold it while the sections above get their size.
    if (location.hash && !CSS.supports("overflow-anchor", "auto")) showWhole();
  }

  // --- paper ------------------------------------------------------------------------------------

  let opened = null;
  let theme = "light";
  function toPaper() {
    if (opened) return;
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
    for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
  }
  function toScreen() {
    if (!opened) return;
    root.dataset.theme = theme;
    for (const box of opened) box.open = false;
    opened = null;
  }
  // The signs of formulas that no reader has come near yet would be blank on paper: the fonts that
  // the page's formulas name are loaded when everything else has been.
  function loadFonts() {
    const names = new Set();
    for (const sign of document.querySelectorAll("mjx-c")) {
      const kind = [...sign.classList].find((name) => name.startsWith("TEX-"));
      names.add(`MJX${kind ?? "TEX"}`);
    }
    document.fonts?.forEach((font) => {
      if (names.has(font.family.replaceAll('"', ""))) font.load();
    });
  }
  addEventListener("load", () => setTimeout(loadFonts, 1000));
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", toScreen);
  matchMedia("print").addEventListener("change", (event) => event.matches ? toPaper() : toScreen());

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
