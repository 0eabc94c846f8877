// Drops the CSS rules that no page can use, and squeezes what is left.
//
// stdin:  {"css": "...", "content": ["path/to/page.html", "path/to/script.js", ...],
//          "keep": ["regular expression of selectors to keep whole", ...]}
// stdout: the CSS
//
// A rule stays if every name in its selector occurs as a word in some page or script, so classes
// that scripts add at run time stay, too.
import { text } from "node:stream/consumers";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

const { css, content, keep } = JSON.parse(await text(process.stdin));
const [purged] = await new PurgeCSS().purge({
  content,
  css: [{ raw: css }],
  safelist: { greedy: keep.map((pattern) => new RegExp(pattern)) },
  fontFace: true,
  keyframes: true,
});

// Comments and white space between rules carry nothing; values are left alone.
const root = postcss.parse(purged.css);
root.walk((node) => {
  if (node.type === "comment") return void node.remove();
  node.raws.before = "";
  if (node.type === "decl") {
    node.raws.between = ":";
    if (node.important) node.raws.important = "!important";
  } else {
    Object.assign(node.raws, { between: "", after: "", semicolon: false });
    if (node.type === "atrule") node.raws.afterName = node.params ? " " : "";
    if (node.type === "rule") node.selector = node.selectors.join(",");
  }
});
process.stdout.write(root.toString());
