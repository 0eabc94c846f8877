// Turns spheres with points that a page holds as JSON: by mouse or finger, arrow keys, buttons. A
// canvas and nothing else; where this script does not run, the still picture in the page stays.
(function () {
  "use strict";

  const STEP = Math.PI / 18; // one press of a key
  const LIMIT = Math.PI / 2;

  function palette(root) {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(`--sphere-${name}`).trim();
    return Object.fromEntries(
      ["line", "back", "six", "five", "seven", "other", "rim"].map((name) => [name, read(name)]),
    );
  }

  // Rotates about the vertical axis, then tilts; the last coordinate points to the viewer.
  function project(points, view) {
    const [ca, sa] = [Math.cos(view.azimuth), Math.sin(view.azimuth)];
    const [ct, st] = [Math.cos(view.tilt), Math.sin(view.tilt)];
    return points.map(([x, y, z]) => {
      const deep = -sa * x - ca * y;
      return [ca * x - sa * y, ct * z - st * deep, ct * deep + st * z];
    });
  }

  const kindOf = (degree) => ({ 5: "five", 6: "six", 7: "seven" })[degree] || "other";

  // A circle for five neighbors, a square for seven, a diamond for the rest, a dot for six.
  function mark(context, kind, x, y, size) {
    context.beginPath();
    if (kind === "seven") context.rect(x - size, y - size, 2 * size, 2 * size);
    else if (kind === "other") {
      [[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]].forEach(([dx, dy], i) =>
        context[i ? "lineTo" : "moveTo"](x + dx * size, y + dy * size),
      );
      context.closePath();
    } else context.arc(x, y, kind === "five" ? 1.15 * size : 0.55 * size, 0, 2 * Math.PI);
  }

  function draw(root, canvas, sphere, view) {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const radius = 0.46 * Math.min(width, height);
    const place = ([x, y]) => [width / 2 + radius * x, height / 2 - radius * y];
    const colors = palette(root);
    const seen = project(sphere.points, view);
    context.lineWidth = 1;
    for (const front of [false, true]) {
      context.strokeStyle = front ? colors.line : colors.back;
      context.beginPath();
      for (const [i, j] of sphere.edges) {
        if (seen[i][2] + seen[j][2] > 0 !== front) continue;
        context.moveTo(...place(seen[i]));
        context.lineTo(...place(seen[j]));
      }
      context.stroke();
    }
    const size = Math.max(2.5, Math.min(8, (0.6 * radius) / Math.sqrt(seen.length)));
    seen.forEach((point, i) => {
      if (point[2] < 0) return;
      const kind = kindOf(sphere.degrees[i]);
      mark(context, kind, ...place(point), size);
      context.fillStyle = colors[kind];
      context.fill();
      context.strokeStyle = colors.rim;
      context.stroke();
    });
  }

  function unpack(data) {
    const groups = (list, k) =>
      Array.from({ length: list.length / k }, (_, i) => list.slice(k * i, k * i + k));
    return data.map((one) => ({ ...one, points: groups(one.points, 3), edges: groups(one.edges, 2) }));
  }

  function legend(sphere) {
    const count = (degree) => sphere.degrees.filter((other) => other === degree).length;
    const odd = sphere.degrees.length - count(5) - count(6) - count(7);
    const parts = [`${count(5)} with five neighbors (circles)`, `${count(6)} with six (dots)`];
    parts.push(`${count(7)} with seven (squares)`);
    if (odd) parts.push(`${odd} with other numbers (diamonds)`);
    return `${sphere.name}: ${parts.join(", ")}`;
  }

  function start(root) {
    root.dataset.ready = "true";
    const spheres = unpack(JSON.parse(root.querySelector("script[type='application/json']").textContent));
    const live = root.querySelector(".widget-live");
    const canvas = live.querySelector("canvas");
    const said = live.querySelector("[role=status]");
    const first = { azimuth: 0.3, tilt: Math.PI / 9 };
    const view = { ...first };
    let chosen = 0;

    function show() {
      const degrees = (angle) => Math.round((angle * 180) / Math.PI);
      canvas.setAttribute(
        "aria-label",
        `Sphere, ${spheres[chosen].name}, turned by ${degrees(view.azimuth)}°, seen from ${degrees(view.tilt)}° above`,
      );
      draw(root, canvas, spheres[chosen], view);
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
        Object.assign(view, first);
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
    const choices = [...live.querySelectorAll("button[data-sphere]")];
    choices.forEach((button, index) => {
      button.addEventListener("click", () => {
        chosen = index;
        choices.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        said.textContent = legend(spheres[index]);
        show();
      });
    });
    // A finger that moves sideways turns the sphere; one that moves up or down scrolls the page.
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      turn(event.movementX / 120, event.pointerType === "mouse" ? event.movementY / 120 : 0);
    });
    root.querySelector(".widget-still").hidden = true;
    live.hidden = false;
    said.textContent = legend(spheres[0]);
    new ResizeObserver(show).observe(canvas);
    new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    show();
  }

  function startAll() {
    for (const root of document.querySelectorAll(".sphere-view:not([data-ready])")) start(root);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
