// What all figures that turn share: mouse, finger, arrow keys and buttons, on a canvas. A figure is
// { kind, noun, first, unpack, draw, describe }: the class of its fragment without "-view", its name
// for screen readers, its first view, and functions from JSON to a list, to the canvas, to words.
const STEP = Math.PI / 18; // one press of a key
const LIMIT = Math.PI / 2;
const PIXELS = 100; // of a pointer that turns by one radian

// Rotates about the vertical axis, then tilts; the last coordinate points to the viewer.
function project(points, view) {
  const [ca, sa] = [Math.cos(view.azimuth), Math.sin(view.azimuth)];
  const [ct, st] = [Math.cos(view.tilt), Math.sin(view.tilt)];
  return points.map(([x, y, z]) => {
    const deep = -sa * x - ca * y;
    return [ca * x - sa * y, ct * z - st * deep, ct * deep + st * z];
  });
}

// Returns the list in groups of k.
function groups(list, k) {
  return Array.from({ length: list.length / k }, (_, i) => list.slice(k * i, k * i + k));
}

// Reads colors and the like from the style sheet, as they are in the page's theme.
function styles(root, kind, names) {
  const style = getComputedStyle(root);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${kind}-${name}`).trim()]),
  );
}

function start(root, figure) {
  root.dataset.ready = "true";
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const items = figure.unpack(data);
  const live = root.querySelector(".widget-live");
  const canvas = live.querySelector("canvas");
  const said = live.querySelector("[role=status]");
  const view = { ...figure.first };
  let chosen = 0;

  function show() {
    const degrees = (angle) => Math.round((angle * 180) / Math.PI);
    canvas.setAttribute(
      "aria-label",
      `${figure.noun}, ${items[chosen].name}, turned by ${degrees(view.azimuth)}°, ` +
        `seen from ${degrees(view.tilt)}° above`,
    );
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const radius = 0.46 * Math.min(width, height);
    const place = ([x, y]) => [width / 2 + radius * x, height / 2 - radius * y];
    figure.draw({ root, context, item: items[chosen], view, radius, place });
  }

  function turn(around, up) {
    view.azimuth = Math.atan2(Math.sin(view.azimuth + around), Math.cos(view.azimuth + around));
    view.tilt = Math.min(LIMIT, Math.max(-LIMIT, view.tilt + up));
    show();
  }

  const moves = {
    left: () => turn(-STEP, 0),
    right: () => turn(STEP, 0),
    up: () => turn(0, STEP),
    down: () => turn(0, -STEP),
    reset: () => {
      Object.assign(view, figure.first);
      show();
    },
  };
  for (const button of live.querySelectorAll("button[data-move]")) {
    button.addEventListener("click", moves[button.dataset.move]);
  }
  const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Home: "reset" };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[keys[event.key]]();
  });
  const choices = [...live.querySelectorAll("button[data-choice]")];
  choices.forEach((button, index) => {
    button.addEventListener("click", () => {
      chosen = index;
      choices.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      said.textContent = figure.describe(items[index]);
      show();
    });
  });
  // A finger that moves sideways turns the figure; one that moves up or down scrolls the page.
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const up = event.pointerType === "mouse" ? event.movementY / PIXELS : 0;
    turn(event.movementX / PIXELS, up);
  });
  root.querySelector(".widget-still").hidden = true;
  live.hidden = false;
  said.textContent = figure.describe(items[0]);
  new ResizeObserver(show).observe(canvas);
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  show();
}

function startAll(figure) {
  const begin = () => {
    for (const root of document.querySelectorAll(`.${figure.kind}-view:not([data-ready])`)) {
      start(root, figure);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
}
