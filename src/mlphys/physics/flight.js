// Flies around a black hole: the reader moves the observer and looks around. A graphics card draws,
// from a table of how light bends; where this script or WebGL 2 fails, the still picture stays.
// flight_table.py and flight.py do the same in NumPy, name for name.
(function () {
  "use strict";

  const ORBIT = 1.5; // radius at which light circles
  const TURN = Math.PI / 36; // one press of a key: 5°
  const STEPS = 200; // of the slider of distance
  const SLOPES = [
    [-25, 48, -36, 16, -3],
    [-3, -10, 18, -6, 1],
    [1, -8, 0, 8, -1],
  ].map((row) => row.map((v) => v / 12));
  const KEYS = {
    ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Home: "face",
    "+": "closer", "=": "closer", "-": "farther", "−": "farther",
  };
  const CORNERS = `#version 300 es
    void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

  function numbers(text) {
    return new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  }

  const place = (radius) => Math.log(radius - ORBIT);

  // The table for one radius: cubic between four rows, then cubics between its nodes.
  function rowAt(table, radius) {
    const { numbers, rows, nodes } = table;
    const [first, last] = [place(table.nearest), place(table.farthest)];
    const where = ((place(radius) - first) / (last - first)) * (rows - 1);
    const i = Math.min(Math.max(Math.floor(where), 1), rows - 3);
    const u = where - i;
    const weights = [
      (-u * (u - 1) * (u - 2)) / 6,
      ((u + 1) * (u - 1) * (u - 2)) / 2,
      (-(u + 1) * u * (u - 2)) / 2,
      ((u + 1) * u * (u - 1)) / 6,
    ];
    const mixed = Array.from({ length: nodes + 1 }, (_, k) =>
      weights.reduce((sum, w, m) => sum + w * numbers[(i - 1 + m) * (nodes + 1) + k], 0),
    );
    return { critical: mixed[0] / radius, pieces: cubics(mixed.slice(1)) };
  }

  function cubics(values) {
    const n = values.length;
    const weigh = (row, start, step) => row.reduce((sum, w, k) => sum + w * values[start + step * k], 0);
    const slope = values.map((_, k) => {
      if (k < 2) return weigh(SLOPES[k], 0, 1);
      return k > n - 3 ? -weigh(SLOPES[n - 1 - k], n - 1, -1) : weigh(SLOPES[2], k - 2, 1);
    });
    const pieces = new Float32Array(4 * (n - 1));
    for (let k = 0; k + 1 < n; k++) {
      const [a, b, da, db] = [values[k], values[k + 1], slope[k], slope[k + 1]];
      pieces.set([a, da, 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db], 4 * k);
    }
    return pieces;
  }

  const orbitSpeed = (radius) => 1 / Math.sqrt(2 * (radius - 1));

  // The shadow at rest, or for someone who moves across the line of sight.
  function shadow({ radius, orbit }, critical) {
    if (!orbit) return { radius: critical, shift: 0 };
    const speed = orbitSpeed(radius);
    const gamma = 1 / Math.sqrt(1 - speed * speed);
    return {
      radius: Math.atan2(Math.sin(critical), gamma * Math.cos(critical)),
      shift: Math.atan(gamma * speed * Math.cos(critical)),
    };
  }

  function gaze({ yaw, pitch }) {
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    return [cp * cy, cp * sy, sp, -sy, cy, 0, -sp * cy, -sp * sy, cp]; // columns, one a leg
  }

  function compile(gl, source) {
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, source]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    return program;
  }

  // Returns a function that draws: observer, width, height, rays on each side of a pixel, sky.
  function makePainter(canvas, table) {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
    if (!gl) throw new Error("WebGL 2 is missing");
    const program = compile(gl, table.shader);
    gl.useProgram(program);
    const at = (name) => gl.getUniformLocation(program, name);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.uniform1f(at("stretch"), table.stretch);
    gl.uniform1f(at("halfWidth"), table.halfWidth);
    let row = { radius: NaN };

    return function paint(observer, { width, height, rays, sky }) {
      if (row.radius !== observer.radius) {
        row = { radius: observer.radius, ...rowAt(table, observer.radius) };
        const length = row.pieces.length / 4;
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, length, 1, 0, gl.RGBA, gl.FLOAT, row.pieces);
        gl.uniform1f(at("critical"), row.critical);
      }
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      gl.viewport(0, 0, width, height);
      gl.uniform2f(at("size"), width, height);
      gl.uniform2f(at("around"), Math.cos(observer.around), Math.sin(observer.around));
      gl.uniform3f(at("velocity"), 0, observer.orbit ? -orbitSpeed(observer.radius) : 0, 0);
      gl.uniformMatrix3fv(at("gaze"), false, gaze(observer));
      gl.uniform1i(at("sky"), sky);
      gl.uniform1i(at("rays"), rays);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      return gl;
    };
  }

  const tidy = (angle) => (Math.abs(angle) < 1e-9 ? 0 : angle);
  const degrees = (angle) => ((angle * 180) / Math.PI).toFixed(1);

  function describe(observer, disk) {
    const left = tidy(observer.yaw + disk.shift);
    const motion = observer.orbit ? `in orbit at ${orbitSpeed(observer.radius).toFixed(2)} of the speed of light` : "at rest";
    const side = (angle, more, less) => `${degrees(Math.abs(angle))}° ${angle < 0 ? less : more}`;
    const facing =
      left || observer.pitch ? `${side(left, "left", "right")} of the hole and ${side(observer.pitch, "up", "down")}` : "at the hole";
    return (
      `${observer.radius.toFixed(2)} Schwarzschild radii from the hole, ${motion}, looking ${facing}. ` +
      `The shadow reaches ${degrees(disk.radius)}° from its center.`
    );
  }

  function start(root) {
    root.dataset.ready = "true";
    const table = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    table.numbers = numbers(table.table);
    const live = root.querySelector(".widget-live");
    const still = root.querySelector(".widget-still");
    const canvas = live.querySelector("canvas");
    const [far, around] = live.querySelectorAll("input[type=range]");
    const where = live.querySelector("[role=status]");
    const sorry = document.createElement("p");
    sorry.className = "flight-sorry";
    sorry.setAttribute("role", "note");
    still.after(sorry);
    const observer = { ...table.start };
    const shown = { sky: 0, scale: 1, asked: 0, waiting: 0, resting: 0, count: 0, pace: 0 };
    let paint = null;

    function show(works, words = "") {
      live.hidden = !works;
      still.hidden = works;
      sorry.hidden = works;
      sorry.textContent = words;
    }

    function open() {
      try {
        paint = makePainter(canvas, table);
        show(true);
      } catch (problem) {
        root.dataset.problem = problem.message;
        show(false, "This browser draws no WebGL 2, so this picture stays as it is.");
      }
      return !live.hidden;
    }

    function draw(rays, scale) {
      const dots = scale * Math.min(window.devicePixelRatio || 1, 2);
      const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((v) => Math.max(1, Math.round(dots * v)));
      paint(observer, { width, height, rays, sky: shown.sky });
      shown.count++;
    }

    // Three pictures that had to wait make the next ones smaller, twelve quick ones larger again.
    function pace(passed) {
      shown.pace = passed > 34 ? Math.max(shown.pace, 0) + 1 : Math.min(shown.pace, 0) - 1;
      if (shown.pace < 3 && shown.pace > -12) return;
      shown.scale = Math.min(1, Math.max(0.35, shown.scale * (shown.pace > 0 ? 0.85 : 1 / 0.85)));
      shown.pace = 0;
    }

    // While something moves: one ray a pixel, and fewer pixels where the machine is slow. Nine rays
    // a pixel once it rests. Nothing moves by itself.
    function frame(now) {
      shown.waiting = 0;
      pace(now - shown.asked);
      draw(1, shown.scale);
      clearTimeout(shown.resting);
      shown.resting = setTimeout(rest, 200);
    }

    function rest() {
      if (live.hidden) return;
      draw(shown.scale === 1 ? 3 : 1, 1);
    }

    function update(words = true) {
      if (live.hidden) return;
      const text = describe(observer, disk());
      if (words) where.textContent = text;
      canvas.setAttribute("aria-label", `View of the black hole: ${text} Arrow keys look around, plus and minus move, Home faces the hole`);
      const [first, last] = [place(table.nearest), place(table.farthest)];
      far.value = String(Math.round((STEPS * (place(observer.radius) - first)) / (last - first)));
      far.setAttribute("aria-valuetext", `${observer.radius.toFixed(2)} Schwarzschild radii`);
      around.value = String(Math.round((observer.around * 180) / Math.PI));
      around.setAttribute("aria-valuetext", `${around.value}°`);
      if (shown.waiting) return;
      shown.asked = performance.now();
      shown.waiting = requestAnimationFrame(frame);
    }

    function goTo(step) {
      const [first, last] = [place(table.nearest), place(table.farthest)];
      const part = Math.min(STEPS, Math.max(0, step)) / STEPS;
      const radius = ORBIT + Math.exp(first + part * (last - first));
      observer.radius = Math.min(table.farthest, Math.max(table.nearest, radius));
    }

    const disk = () => shadow(observer, rowAt(table, observer.radius).critical);

    // Changes place or motion, and keeps looking as far from the hole as before.
    function move(change) {
      const left = observer.yaw + disk().shift;
      change();
      observer.yaw = tidy(left - disk().shift);
      update();
    }

    function turn(left, up, words = true) {
      const yaw = observer.yaw + left;
      observer.yaw = tidy(Math.atan2(Math.sin(yaw), Math.cos(yaw)));
      observer.pitch = tidy(Math.min(Math.PI / 2, Math.max(-Math.PI / 2, observer.pitch + up)));
      update(words);
    }

    // How long a picture takes: read one pixel after each, which waits for the card.
    function measure() {
      const gl = canvas.getContext("webgl2");
      const one = new Uint8Array(4);
      const begin = performance.now();
      let count = 0;
      do {
        draw(1, 1);
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, one);
        count++;
      } while (performance.now() - begin < 500);
      const rate = (1000 * count) / (performance.now() - begin);
      where.textContent = `${rate.toFixed(0)} pictures of ${canvas.width} × ${canvas.height} pixels a second on this machine.`;
      rest();
      return rate;
    }

    const step = (change) => move(() => goTo(Number(far.value) + change));
    const moves = {
      closer: () => step(-5),
      farther: () => step(5),
      left: () => turn(TURN, 0),
      right: () => turn(-TURN, 0),
      up: () => turn(0, TURN),
      down: () => turn(0, -TURN),
      face: () => turn(-observer.yaw - disk().shift, -observer.pitch),
      speed: measure,
    };
    for (const button of live.querySelectorAll("button[data-move]")) {
      button.addEventListener("click", moves[button.dataset.move]);
    }
    canvas.addEventListener("keydown", (event) => {
      if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // a notebook has keys of its own
      moves[KEYS[event.key]]();
    });
    far.addEventListener("input", () => move(() => goTo(Number(far.value))));
    around.addEventListener("input", () => {
      observer.around = (Number(around.value) * Math.PI) / 180;
      update();
    });
    for (const kind of ["sky", "motion"]) {
      const choices = [...live.querySelectorAll(`button[data-${kind}]`)];
      choices.forEach((button, index) => {
        button.addEventListener("click", () => {
          choices.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
          move(() => {
            if (kind === "sky") shown.sky = index;
            else observer.orbit = button.dataset.motion === "orbit";
          });
        });
      });
    }
    // The sky follows the pointer. A finger that moves up or down scrolls the page instead.
    canvas.addEventListener("pointerdown", (event) => {
      if (!event.button && event.isPrimary) canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const angle = (2 * Math.atan(table.halfWidth)) / canvas.clientWidth;
      turn(angle * event.movementX, event.pointerType === "mouse" ? angle * event.movementY : 0, false);
    });
    canvas.addEventListener("lostpointercapture", () => update());
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      show(false, "The graphics card stopped drawing, so this picture stays as it is.");
    });
    canvas.addEventListener("webglcontextrestored", () => open() && update());

    function pixels(options) {
      const gl = paint(observer, options);
      const found = new Uint8Array(4 * options.width * options.height);
      gl.readPixels(0, 0, options.width, options.height, gl.RGBA, gl.UNSIGNED_BYTE, found);
      return found;
    }

    root.flight = { observer, shown, pixels, measure, rowAt: (radius) => rowAt(table, radius) };
    if (!open()) return;
    new ResizeObserver(() => update(false)).observe(canvas);
    update();
  }

  function startAll() {
    for (const root of document.querySelectorAll(".flight:not([data-ready])")) start(root);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
