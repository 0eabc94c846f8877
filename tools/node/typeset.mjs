// Typesets TeX formulas with MathJax, without a browser.
//
// stdin:  {"macros": {name: "body" | ["body", arguments]}, "formulas": [{"tex", "display"}, ...]}
// stdout: {"html": ["..." | null, ...], "errors": ["..." | null, ...], "css": "..."}
//
// A formula that is not valid TeX has null in "html" and MathJax's reason in "errors". Unknown
// macros count as errors (the package `noundefined`, which would print them in red, is left out),
// and so does \newcommand: a macro of one page would change the pages after it.
// "css" holds the rules of every character of MathJax's fonts; the site's purge keeps those in use.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const { macros, formulas } = JSON.parse(await text(process.stdin));

const extensions = [
  "ams", "bbox", "boldsymbol", "braket", "cancel", "color", "configmacros", "enclose",
  "mathtools", "mhchem", "textmacros", "unicode",
];

const MathJax = await require("mathjax").init({
  loader: {
    load: ["input/tex-base", ...extensions.map((name) => `[tex]/${name}`), "output/chtml",
           "a11y/assistive-mml", "adaptors/liteDOM"],
    versionWarnings: false,
  },
  options: { enableAssistiveMml: true },
  tex: {
    packages: ["base", ...extensions],
    macros,
    formatError: (_, error) => { throw error; },
  },
  chtml: { adaptiveCSS: false, fontURL: "mathjax-fonts" },
  startup: { typeset: false },
});

const { adaptor } = MathJax.startup;
const html = [];
const errors = [];
for (const { tex, display } of formulas) {
  try {
    const node = MathJax.tex2chtml(tex, { display });
    html.push(adaptor.outerHTML(node));
    errors.push(null);
  } catch (error) {
    html.push(null);
    errors.push(error.message ?? String(error));
  }
}
const css = adaptor.textContent(MathJax.chtmlStylesheet());
process.stdout.write(JSON.stringify({ html, errors, css }));
