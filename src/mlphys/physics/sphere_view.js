// Draws points on spheres that the reader turns; what it shares with other figures: turnable.js.

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

function draw({ root, context, item, view, radius, place }) {
  const names = ["line", "back", "six", "five", "seven", "other", "rim"];
  const colors = styles(root, "sphere", names);
  const seen = project(item.points, view);
  context.lineWidth = 1;
  for (const front of [false, true]) {
    context.strokeStyle = front ? colors.line : colors.back;
    context.beginPath();
    for (const [i, j] of item.edges) {
      if (seen[i][2] + seen[j][2] > 0 !== front) continue;
      context.moveTo(...place(seen[i]));
      context.lineTo(...place(seen[j]));
    }
    context.stroke();
  }
  const size = Math.max(2.5, Math.min(8, (0.6 * radius) / Math.sqrt(seen.length)));
  seen.forEach((point, i) => {
    if (point[2] < 0) return;
    const kind = kindOf(item.degrees[i]);
    mark(context, kind, ...place(point), size);
    context.fillStyle = colors[kind];
    context.fill();
    context.strokeStyle = colors.rim;
    context.stroke();
  });
}

function describe(sphere) {
  const count = (degree) => sphere.degrees.filter((other) => other === degree).length;
  const odd = sphere.degrees.length - count(5) - count(6) - count(7);
  const parts = [`${count(5)} with five neighbors (circles)`, `${count(6)} with six (dots)`];
  parts.push(`${count(7)} with seven (squares)`);
  if (odd) parts.push(`${odd} with other numbers (diamonds)`);
  return `${sphere.name}: ${parts.join(", ")}`;
}

startAll({
  kind: "sphere",
  noun: "Sphere",
  first: { azimuth: 0.3, tilt: Math.PI / 9 },
  unpack: (data) =>
    data.map((one) => ({ ...one, points: groups(one.points, 3), edges: groups(one.edges, 2) })),
  draw,
  describe,
});
