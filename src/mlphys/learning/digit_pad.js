// A pad to draw a digit on, by mouse, finger or keys. What is drawn is centered as MNIST's digits
// are; a detector of eights and a net read it. Where this script does not run, the still picture
// stays. digit_pad.py does the same in NumPy, name for name.
(function () {
  "use strict";

  const FIELD = 28;
  const BOX = 20;
  const MIDDLE = 14.5; // where MNIST has the center of mass, from the edge
  const HALF = FIELD / 2;
  const SIDE = 224; // of the paper, in its own pixels
  const PEN = 20; // width of the pen
  const STEP = SIDE / FIELD; // one press of an arrow key
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const UNITS = { arctan: Math.atan, tanh: Math.tanh };

  function bytes(text, Kind) {
    return new Kind(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  }

  function unpack(data) {
    const layers = data.layers.map((layer) => ({ ...layer, weights: bytes(layer.weights, Int8Array) }));
    const examples = data.examples.map((text) => Float64Array.from(bytes(text, Uint8Array), (v) => v / 255));
    return { ...data, layers, examples };
  }

  // One axis: for each pixel of the field, how much of it each pixel of the drawing covers.
  function overlaps(profile, scale) {
    const first = profile.findIndex((v) => v > 0);
    const last = profile.findLastIndex((v) => v > 0) + 1;
    let [mass, moment] = [0, 0];
    profile.forEach((v, i) => {
      mass += v;
      moment += v * (i + 0.5);
    });
    let start = MIDDLE - (scale * moment) / mass;
    start = Math.min(Math.max(start, -scale * first), FIELD - scale * last);
    const covers = (i, pixel) =>
      Math.max(0, Math.min(start + scale * (i + 1), pixel + 1) - Math.max(start + scale * i, pixel));
    return Array.from({ length: FIELD }, (_, pixel) => profile.map((_, i) => covers(i, pixel)));
  }

  // Box of 20 pixels, mean ink of each pixel, center of mass where MNIST has it.
  function center(ink, width, height) {
    const rows = new Array(height).fill(0);
    const columns = new Array(width).fill(0);
    ink.forEach((v, k) => {
      rows[Math.floor(k / width)] += v;
      columns[k % width] += v;
    });
    const seen = new Float64Array(FIELD * FIELD);
    if (!rows.some((v) => v > 0)) return seen;
    const reach = (profile) => profile.findLastIndex((v) => v > 0) - profile.findIndex((v) => v > 0) + 1;
    const scale = BOX / Math.max(reach(rows), reach(columns));
    const [down, across] = [overlaps(rows, scale), overlaps(columns, scale)];
    down.forEach((part, i) => {
      const line = new Float64Array(width);
      part.forEach((share, row) => {
        if (share > 0) for (let k = 0; k < width; k++) line[k] += share * ink[row * width + k];
      });
      across.forEach((shares, j) => {
        seen[i * FIELD + j] = shares.reduce((sum, share, k) => sum + share * line[k], 0);
      });
    });
    return seen;
  }

  function netLogits(model, seen) {
    let a = Array.from(seen, (v) => (255 * v - model.shift) * model.factor);
    model.layers.forEach((layer, depth) => {
      if (depth) a = a.map(UNITS[model.unit]);
      const width = layer.offsets.length;
      a = layer.offsets.map((offset, unit) => {
        const sum = a.reduce((total, v, i) => total + v * layer.weights[i * width + unit], 0);
        return sum * layer.factors[unit] + offset;
      });
    });
    return a;
  }

  function read(model, seen) {
    const at = (row, column) => seen[row * FIELD + column];
    const evidence = model.weights.map((weight, k) => {
      const [row, column] = [2 * Math.floor(k / HALF), 2 * (k % HALF)];
      const sum = at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1);
      return (weight * sum) / 4;
    });
    const logit = evidence.reduce((sum, v) => sum + v, model.offset);
    return { evidence, logit, netLogits: netLogits(model, seen) };
  }

  function softmax(logits) {
    const top = Math.max(...logits);
    const powers = logits.map((z) => Math.exp(z - top));
    const total = powers.reduce((sum, v) => sum + v, 0);
    return powers.map((v) => v / total);
  }

  function percent(p) {
    if (p > 0 && p < 0.001) return "<\u00a00.1\u00a0%";
    return p < 1 && p > 0.999 ? ">\u00a099.9\u00a0%" : `${(100 * p).toFixed(1)}\u00a0%`;
  }

  const signed = (v) => (v < 0 ? "−" : "+") + Math.abs(v).toFixed(1);

  function drawMap(canvas, evidence, color) {
    const pen = canvas.getContext("2d");
    const side = canvas.width / HALF;
    const [zero, more, less, ink] = ["zero", "for", "against", "ink"].map(color);
    const top = Math.max(0.5, ...evidence.map(Math.abs));
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `bold ${side}px sans-serif`;
    evidence.forEach((value, k) => {
      const [x, y] = [(k % HALF) * side, Math.floor(k / HALF) * side];
      const share = Math.abs(value) / top;
      const end = value > 0 ? more : less;
      const mixed = zero.map((from, i) => Math.round(from + share * (end[i] - from)));
      pen.fillStyle = `rgb(${mixed})`;
      pen.fillRect(x, y, side, side);
      pen.fillStyle = `rgb(${share > 0.5 ? zero : ink})`;
      if (share > 0.25) pen.fillText(value > 0 ? "+" : "−", x + side / 2, y + side / 2);
    });
  }

  function start(root) {
    root.dataset.ready = "true";
    const model = unpack(JSON.parse(root.querySelector("script[type='application/json']").textContent));
    const live = root.querySelector(".widget-live");
    const paper = live.querySelector(".pad-paper");
    const map = live.querySelector(".pad-map");
    const answer = live.querySelector("[role=status]");
    const sheet = document.createElement("canvas"); // the ink alone; its color is of no account
    sheet.width = sheet.height = SIDE;
    const pen = sheet.getContext("2d", { willReadFrequently: true });
    pen.lineWidth = PEN;
    pen.lineCap = pen.lineJoin = "round";
    const tip = { x: SIDE / 2, y: SIDE / 2, down: false, keys: false };
    const state = { seen: null, reading: null, empty: true };
    let waiting = 0;

    const color = (name) => getComputedStyle(root).getPropertyValue(`--pad-${name}`).trim().split(" ").map(Number);

    const lines = Array.from({ length: 10 }, (_, digit) => {
      const line = document.createElement("div");
      line.className = "pad-class";
      line.innerHTML = '<span></span><span><span class="pad-bar"></span></span><span class="pad-share"></span>';
      line.firstChild.textContent = digit;
      live.querySelector(".pad-classes").append(line);
      return line;
    });

    function showPaper() {
      const top = paper.getContext("2d");
      top.globalCompositeOperation = "source-over";
      top.clearRect(0, 0, SIDE, SIDE);
      top.drawImage(sheet, 0, 0);
      top.globalCompositeOperation = "source-in";
      top.fillStyle = `rgb(${color("ink")})`;
      top.fillRect(0, 0, SIDE, SIDE);
      top.globalCompositeOperation = "source-over";
      if (!tip.keys) return;
      top.beginPath();
      top.arc(tip.x, tip.y, PEN / 2, 0, 2 * Math.PI);
      top.lineWidth = tip.down ? 6 : 3;
      top.strokeStyle = `rgb(${color("for")})`;
      top.stroke();
    }

    function showReading() {
      const { evidence, logit, netLogits } = state.reading;
      const shares = softmax(netLogits);
      const sum = logit - model.offset;
      drawMap(map, evidence, color);
      map.setAttribute(
        "aria-label",
        `Evidence map of the detector of eights: ink for an 8 ${signed(evidence.reduce((t, v) => t + Math.max(v, 0), 0))}, ` +
          `against it ${signed(evidence.reduce((t, v) => t + Math.min(v, 0), 0))} nats`,
      );
      lines.forEach((line, digit) => {
        line.querySelector(".pad-bar").style.width = state.empty ? "0" : `${100 * shares[digit]}%`;
        line.lastChild.textContent = state.empty ? "–" : percent(shares[digit]);
      });
      const best = shares.indexOf(Math.max(...shares));
      const p = 1 / (1 + Math.exp(-logit));
      return state.empty
        ? "The paper is empty."
        : `Detector: ink ${signed(sum)}, offset ${signed(model.offset)}, logit ${signed(logit)} nats: ` +
            `8 with ${percent(p)}, ${logit > 0 ? "yes" : "no"}. Net: ${best} with ${percent(shares[best])}.`;
    }

    function look(said = true) {
      if (!state.seen) {
        const pixels = pen.getImageData(0, 0, SIDE, SIDE).data;
        const ink = Float64Array.from({ length: SIDE * SIDE }, (_, k) => pixels[4 * k + 3] / 255);
        state.seen = center(ink, SIDE, SIDE);
      }
      state.empty = !state.seen.some((v) => v > 0);
      state.reading = read(model, state.seen);
      showPaper();
      const text = showReading();
      const place = `Pen ${tip.down ? "down" : "up"}, row ${tip.y / STEP}, column ${tip.x / STEP}. `;
      if (said) answer.textContent = (tip.keys ? place : "") + text;
    }

    // While a stroke grows, at most one look for each picture of the screen, and no words.
    function lookSoon() {
      showPaper();
      if (waiting) return;
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        look(false);
      });
    }

    function line(x, y) {
      pen.beginPath();
      pen.moveTo(tip.x, tip.y);
      pen.lineTo(x, y);
      pen.stroke();
      Object.assign(tip, { x, y });
      state.seen = null;
    }

    function clear() {
      pen.clearRect(0, 0, SIDE, SIDE);
      tip.down = false;
      state.seen = null;
      look();
    }

    // An example is read as it is; what is drawn onto it is centered with it.
    function show(index) {
      const small = new ImageData(FIELD, FIELD);
      model.examples[index].forEach((v, k) => (small.data[4 * k + 3] = Math.round(255 * v)));
      const stamp = document.createElement("canvas");
      stamp.width = stamp.height = FIELD;
      stamp.getContext("2d").putImageData(small, 0, 0);
      pen.clearRect(0, 0, SIDE, SIDE);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(stamp, 0, 0, SIDE, SIDE);
      tip.down = false;
      state.seen = model.examples[index];
      look();
    }

    function place(event) {
      const box = paper.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
    }

    paper.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      paper.setPointerCapture(event.pointerId);
      const [x, y] = place(event);
      Object.assign(tip, { x, y, down: false, keys: false });
      line(x, y);
      lookSoon();
    });
    paper.addEventListener("pointermove", (event) => {
      if (!paper.hasPointerCapture(event.pointerId)) return;
      const between = event.getCoalescedEvents?.() ?? [];
      for (const one of between.length ? between : [event]) line(...place(one));
      lookSoon();
    });
    paper.addEventListener("lostpointercapture", () => look());

    paper.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in MOVES) {
        if (!tip.keys) Object.assign(tip, { x: snap(tip.x), y: snap(tip.y), keys: true });
        const [dx, dy] = MOVES[event.key];
        const [x, y] = [inside(tip.x + dx * STEP), inside(tip.y + dy * STEP)];
        if (tip.down) line(x, y);
        else Object.assign(tip, { x, y });
        look();
      } else if (event.key === " ") {
        if (!tip.keys) Object.assign(tip, { x: snap(tip.x), y: snap(tip.y), keys: true });
        tip.down = !tip.down;
        if (tip.down) line(tip.x, tip.y);
        look();
      } else if (event.key === "Escape" || event.key === "Delete") clear();
      else return;
      event.preventDefault();
      event.stopPropagation(); // a notebook has keys of its own
    });
    paper.addEventListener("blur", () => {
      Object.assign(tip, { down: false, keys: false });
      showPaper();
    });
    for (const button of live.querySelectorAll("[data-example]")) {
      button.addEventListener("click", () => show(Number(button.dataset.example)));
    }
    live.querySelector("[data-do=clear]").addEventListener("click", clear);

    root.digitPad = { read: (seen) => read(model, seen), center, state };
    root.querySelector(".widget-still").hidden = true;
    live.hidden = false;
    new MutationObserver(() => look(false)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    show(0);
  }

  const inside = (v) => Math.min(SIDE, Math.max(0, v));
  const snap = (v) => Math.round(v / STEP) * STEP;

  function startAll() {
    for (const root of document.querySelectorAll(".digit-pad:not([data-ready])")) start(root);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
