// A sheet of digits to label: click or arrow keys choose one, number keys or buttons label it. What
// was typed stays in this browser. Where this script does not run, the still picture stays.
(function () {
  "use strict";

  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function load(key, count) {
    const empty = ".".repeat(count);
    try {
      const kept = localStorage.getItem(key) || "";
      return /^[0-9.]+$/.test(kept) && kept.length === count ? kept : empty;
    } catch (error) {
      return empty; // a browser that keeps nothing can still be typed into
    }
  }

  function keep(key, labels) {
    try {
      localStorage.setItem(key, labels);
    } catch (error) {
      return; // as above
    }
  }

  function start(root) {
    const truth = root.dataset.truth;
    const columns = Number(root.dataset.columns);
    const key = "label-sheet " + root.dataset.name;
    const still = root.querySelector(".widget-still");
    const canvas = root.querySelector("canvas");
    const status = root.querySelector(".sheet-status");
    const area = root.querySelector("textarea");
    const side = still.width / columns;
    const state = { labels: load(key, truth.length), at: 0, compared: false };
    canvas.width = 2 * still.width;
    canvas.height = 2 * still.height;

    function wrong(i) {
      return state.labels[i] !== "." && state.labels[i] !== truth[i];
    }

    function draw() {
      const pen = canvas.getContext("2d");
      const style = getComputedStyle(root);
      pen.setTransform(2, 0, 0, 2, 0, 0);
      pen.drawImage(still, 0, 0, still.width, still.height);
      pen.font = "bold 11px sans-serif";
      for (let i = 0; i < truth.length; i++) {
        const [x, y] = [(i % columns) * side, Math.floor(i / columns) * side];
        const bad = state.compared && wrong(i);
        pen.fillStyle = style.getPropertyValue(bad ? "--sheet-wrong" : "--sheet-mark");
        if (state.labels[i] !== ".") pen.fillText(state.labels[i], x + 1, y + 10);
        pen.strokeStyle = pen.fillStyle;
        pen.lineWidth = i === state.at ? 2.5 : 1.5;
        if (i === state.at || bad) pen.strokeRect(x + 1, y + 1, side - 2, side - 2);
      }
      area.value = state.labels;
    }

    function say(text) {
      const done = [...state.labels].filter((c) => c !== ".").length;
      const here = state.labels[state.at];
      const chosen = `digit ${state.at + 1}: ${here === "." ? "no label" : here}`;
      status.textContent = text || `${done} of ${truth.length} labeled; ${chosen}`;
    }

    function go(place) {
      state.at = Math.min(Math.max(place, 0), truth.length - 1);
      draw();
      say();
    }

    function label(character) {
      const before = state.labels.slice(0, state.at);
      state.labels = before + character + state.labels.slice(state.at + 1);
      keep(key, state.labels);
      go(character === "." ? state.at : state.at + 1);
    }

    function compare() {
      state.compared = true;
      const done = [...state.labels].filter((c) => c !== ".").length;
      const bad = [...truth].filter((c, i) => wrong(i)).length;
      draw();
      say(`${done} labeled, ${bad} differ from the official labels`);
    }

    function clear() {
      state.labels = ".".repeat(truth.length);
      state.compared = false;
      keep(key, state.labels);
      go(0);
    }

    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in MOVES) {
        const [dx, dy] = MOVES[event.key];
        go(state.at + dx + dy * columns);
      } else if (/^[0-9]$/.test(event.key)) label(event.key);
      else if (event.key === "Backspace" || event.key === "Delete") label(".");
      else return;
      event.preventDefault();
    });
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * columns;
      const y = ((event.clientY - box.top) / box.height) * (still.height / side);
      const place = Math.floor(y) * columns + Math.floor(x);
      if (place < truth.length) go(place);
    });
    root.querySelectorAll("[data-digit]").forEach((button) => {
      button.addEventListener("click", () => label(button.dataset.digit));
    });
    root.querySelector("[data-do=compare]").addEventListener("click", compare);
    root.querySelector("[data-do=clear]").addEventListener("click", clear);
    still.decode().then(() => {
      root.querySelector(".widget-live").hidden = false;
      still.hidden = true;
      go(Math.max(state.labels.indexOf("."), 0));
    });
  }

  const root = document.currentScript.parentElement;
  start(root);
})();
