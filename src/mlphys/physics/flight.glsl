#version 300 es
// What an observer near a black hole sees: one read of a texture for each ray. flight.py does the
// same in NumPy (look, checkerboard, starry_sky), and a test compares the pixels.
precision highp float;
precision highp int;
precision highp sampler2D;

const float PI = 3.14159265358979;

uniform vec2 size; // of the picture, in pixels
uniform float halfWidth; // tan of half the horizontal field of view
uniform mat3 gaze; // legs forward, left, up of the view, one a column
uniform vec3 velocity; // of the observer, along forward, left, up of the frame at rest
uniform vec2 around; // cosine and sine of the observer's longitude
uniform float critical; // angular radius of the shadow at rest
uniform float stretch;
uniform sampler2D pieces; // cubics of the smooth part of the swept angle
uniform int sky; // 0 checkerboard, 1 stars
uniform int rays; // for each side of a pixel, odd

out vec4 color;

uint hash(uint number) {
  uint state = number * 747796405u + 2891336453u;
  uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

vec3 checkerboard(vec3 d) {
  const float cell = PI / 12.0;
  int squares = int(floor(atan(d.y, d.x) / cell)) + int(floor(atan(d.z, length(d.xy)) / cell));
  vec3 light = d.y > 0.0 ? vec3(0.98, 0.80, 0.45) : vec3(0.45, 0.68, 0.98);
  return (squares & 1) == 1 ? 0.45 * light : light;
}

vec3 stars(vec3 d) {
  const float step = PI / 36.0;
  float row = clamp(floor(atan(d.z, length(d.xy)) / step + 18.0), 0.0, 35.0);
  float count = floor(72.0 * cos((row - 17.5) * step) + 0.5);
  float column = min(floor((atan(d.y, d.x) / (2.0 * PI) + 0.5) * count), count - 1.0);
  uint number = hash(uint(row * 72.0 + column));
  vec4 part = vec4(number & 255u, (number >> 8u) & 255u, (number >> 16u) & 255u, number >> 24u) / 255.0;
  float latitude = (row + 0.12 + 0.76 * part.x - 18.0) * step;
  float longitude = ((column + 0.12 + 0.76 * part.y) / count - 0.5) * 2.0 * PI;
  vec3 star = vec3(cos(latitude) * vec2(cos(longitude), sin(longitude)), sin(latitude));
  vec3 apart = d - star;
  float light = (0.004 + pow(part.z, 5.0)) * exp(-dot(apart, apart) / (2.0 * 0.0035 * 0.0035));
  float above = dot(d, vec3(0.0, 0.5, 0.866025403784)) / 0.12;
  vec3 tint = mix(vec3(0.7, 0.82, 1.0), vec3(1.0, 0.78, 0.55), part.w);
  return vec3(0.004, 0.005, 0.010) + vec3(0.22, 0.20, 0.19) * exp(-above * above) + light * tint;
}

// From where the light of a pixel comes; false if from nowhere.
bool source(vec2 pixel, out vec3 direction) {
  vec2 plane = 2.0 * halfWidth / size.x * (pixel - 0.5 * size);
  vec3 n = gaze * normalize(vec3(1.0, -plane.x, plane.y));
  float gamma = inversesqrt(1.0 - dot(velocity, velocity));
  n += gamma * (gamma / (gamma + 1.0) * dot(n, velocity) - 1.0) * velocity; // aberration
  float aside = length(n.yz);
  float share = (atan(aside, n.x) - critical) / (PI - critical);
  if (share <= 0.0) return false;
  int last = textureSize(pieces, 0).x - 1;
  float t = log(1.0 + share * (exp(stretch) - 1.0)) / stretch * float(last + 1);
  int j = clamp(int(t), 0, last);
  float u = t - float(j);
  vec4 p = texelFetch(pieces, ivec2(j, 0), 0);
  float swept = p.x + u * (p.y + u * (p.z + u * p.w)) - log(share);
  vec2 across = sin(swept) / max(aside, 1e-30) * n.yz;
  vec3 e = vec3(cos(swept), -across.x, across.y);
  direction = vec3(around.x * e.x - around.y * e.y, around.y * e.x + around.x * e.y, e.z);
  return true;
}

vec3 display(vec3 light) {
  light = clamp(light, 0.0, 1.0);
  vec3 curve = 1.055 * pow(max(light, 1e-9), vec3(1.0 / 2.4)) - 0.055;
  return mix(curve, 12.92 * light, lessThanEqual(light, vec3(0.0031308)));
}

void main() {
  vec3 direction;
  bool seen = source(gl_FragCoord.xy, direction);
  vec3 sum = vec3(0.0);
  float count = 0.0;
  // rays beside the central one count if they share its fate, so that the shadow's edge stays sharp
  for (int i = 0; i < rays * rays; i++) {
    if (!seen) break;
    vec2 shift = (vec2(i % rays, i / rays) + 0.5) / float(rays) - 0.5;
    if (!source(gl_FragCoord.xy + shift, direction)) continue;
    sum += clamp(sky == 0 ? checkerboard(direction) : stars(direction), 0.0, 1.0);
    count += 1.0;
  }
  color = vec4(display(count > 0.0 ? sum / count : sum), 1.0);
}
