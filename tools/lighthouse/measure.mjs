// Measures pages by Lighthouse, as a mid-range phone on a slow network would load them.
//
// stdin:  {"browser": "path of Chromium", "flags": ["--no-sandbox", ...], "addresses": ["http://..."]}
// stdout: one line of JSON for each address, in order:
//         {"scores": {category: 0..100}, "metrics": {audit: number}, "speed": benchmarkIndex,
//          "faults": [title of each audit that costs points]}  or  {"error": "..."}
//
// One browser serves all pages; Lighthouse empties its cache before each.
import { text } from "node:stream/consumers";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const METRICS = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift",
                 "first-contentful-paint", "speed-index"];

const { browser, flags, addresses } = JSON.parse(await text(process.stdin));
const chrome = await launch({
  chromePath: browser,
  chromeFlags: ["--headless=new", ...flags],
  logLevel: "silent",
});

function digest({ lhr }) {
  const lost = CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs)
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
    .map(({ id }) => lhr.audits[id].title);
  return {
    scores: Object.fromEntries(
      CATEGORIES.map((name) => [name, Math.round(100 * lhr.categories[name].score)])),
    metrics: Object.fromEntries(METRICS.map((name) => [name, lhr.audits[name].numericValue])),
    speed: lhr.environment.benchmarkIndex,
    faults: [...new Set(lost)],
  };
}

try {
  for (const address of addresses) {
    let answer;
    try {
      const result = await lighthouse(address, {
        port: chrome.port, logLevel: "silent", onlyCategories: CATEGORIES });
      const { runtimeError } = result.lhr;
      answer = runtimeError ? { error: runtimeError.message } : digest(result);
    } catch (error) {
      answer = { error: error.message ?? String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
} finally {
  await chrome.kill();
}
