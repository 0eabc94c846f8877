// Draws soap films that the reader turns; what it shares with other figures is in turnable.js.

function cells(film, seen) {
  const { polygons, angles } = film;
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
      found.push({ corners, rings, near: corners.reduce((sum, p) => sum + p[2], 0) });
    }
  }
  return found.sort((a, b) => a.near - b.near);
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

function draw({ root, context, item, view, place }) {
  const colors = styles(root, "film", ["hue", "line", "ring"]);
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const { corners, rings } of cells(item, project(item.points, view))) {
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

// Films fill the canvas: lengths in units of the farthest point's distance.
function unpack(data) {
  return data.map((film) => {
    const points = groups(film.points, 3);
    const reach = Math.max(...points.map((point) => Math.hypot(...point)));
    return { ...film, points: points.map((point) => point.map((part) => part / reach)) };
  });
}

startAll({
  kind: "film",
  noun: "Soap film",
  first: { azimuth: -Math.PI / 6, tilt: Math.PI / 9 },
  unpack,
  draw,
  describe: (film) => `Showing: ${film.name}`,
});
