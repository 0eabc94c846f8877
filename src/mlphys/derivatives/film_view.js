// Turns surfaces that a page holds as JSON: by mouse or finger, by arrow keys, by buttons. A canvas
// and nothing else; where this script does not run, the still picture in the page stays.
(function () {
  "use strict";

  const STEP = Math.PI / 18; // one press of a key
  const LIMIT = Math.PI / 2;

  function palette(root) {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(name).trim();
    return { hue: read("--film-hue"), line: read("--film-line"), ring: read("--film-ring") };
  }

  // Rotates by the azimuth about the vertical axis, then tilts toward the viewer.
  function project(surface, view) {
    const [ca, sa] = [Math.cos(view.azimuth), Math.sin(view.azimuth)];
    const [ct, st] = [Math.cos(view.tilt), Math.sin(view.tilt)];
    return surface.points.map(([x, y, z]) => {
      const across = ca * x - sa * y;
      const deep = sa * x + ca * y;
      return [across, ct * z + st * deep, ct * deep - st * z];
    });
  }

  function cells(surface, seen) {
    const { polygons, angles } = surface;
    const found = [];
    for (let i = 0; i + 1 < polygons; i++) {
      for (let j = 0; j < angles; j++) {
        const k = (j + 1) % angles;
        const corners = [
          seen[i * angles + j],
          seen[i * angles + k],
          seen[(i + 1) * angles + k],
          seen[(i + 1) * angles + j],
        ];
        const rings = [];
        if (i === 0) rings.push(corners.slice(0, 2));
        if (i + 2 === polygons) rings.push(corners.slice(2));
        found.push({ corners, rings, depth: corners.reduce((sum, p) => sum + p[2], 0) });
      }
    }
    return found.sort((a, b) => b.depth - a.depth);
  }

  // How much of a cell faces the viewer, 0 to 1.
  function facing([a, b, , d]) {
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const v = [d[0] - a[0], d[1] - a[1], d[2] - a[2]];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    return Math.abs(n[2]) / (Math.hypot(...n) || 1);
  }

  function trace(context, corners, closed, place) {
    context.beginPath();
    corners.forEach((point, i) => context[i ? "lineTo" : "moveTo"](...place(point)));
    if (closed) context.closePath();
  }

  function draw(root, canvas, surface, view) {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const size = (0.46 * Math.min(width, height)) / surface.reach;
    const place = ([x, y]) => [width / 2 + size * x, height / 2 - size * y];
    const colors = palette(root);
    const seen = project(surface, view);
    context.lineJoin = "round";
    context.lineCap = "round";
    for (const { corners, rings } of cells(surface, seen)) {
      trace(context, corners, true, place);
      context.fillStyle = `hsl(${colors.hue} ${Math.round(38 + 46 * facing(corners))}%)`;
      context.fill();
      context.strokeStyle = colors.line;
      context.lineWidth = 0.6;
      context.stroke();
      context.strokeStyle = colors.ring;
      context.lineWidth = 3;
      for (const edge of rings) {
        trace(context, edge, false, place);
        context.stroke();
      }
    }
  }

  function unpack(data) {
    return data.map((film) => {
      const points = [];
      for (let k = 0; k < film.points.length; k += 3) points.push(film.points.slice(k, k + 3));
      const reach = Math.max(...points.map((point) => Math.hypot(...point)));
      return { ...film, points, reach };
    });
  }

  function start(root) {
    root.dataset.ready = "true";
    const surfaces = unpack(JSON.parse(root.querySelector("script[type='application/json']").textContent));
    const live = root.querySelector(".widget-live");
    const canvas = live.querySelector("canvas");
    const said = live.querySelector("[role=status]");
    const first = { azimuth: -Math.PI / 6, tilt: Math.PI / 9 };
    const view = { ...first };
    let chosen = 0;

    function show() {
      const degrees = (angle) => Math.round((angle * 180) / Math.PI);
      const name = surfaces[chosen].name;
      canvas.setAttribute(
        "aria-label",
        `Soap film, ${name}, turned by ${degrees(view.azimuth)}°, seen from ${degrees(view.tilt)}° above`,
      );
      draw(root, canvas, surfaces[chosen], view);
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
    const choices = [...live.querySelectorAll("button[data-film]")];
    choices.forEach((button, index) => {
      button.addEventListener("click", () => {
        chosen = index;
        choices.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        said.textContent = `Showing: ${surfaces[index].name}`;
        show();
      });
    });
    // A finger that moves sideways turns the film; one that moves up or down scrolls the page.
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      turn(event.movementX / 90, event.pointerType === "mouse" ? event.movementY / 90 : 0);
    });
    root.querySelector(".widget-still").hidden = true;
    live.hidden = false;
    new ResizeObserver(show).observe(canvas);
    new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    show();
  }

  function startAll() {
    for (const root of document.querySelectorAll(".film-view:not([data-ready])")) start(root);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
