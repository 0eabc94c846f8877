// The open page of `make serve`: asks for news, shows them above the page, and reloads itself.
// Added to each page as it is served; the built site does not hold it.
(function () {
  "use strict";

  const script = document.currentScript;
  const address = script.dataset.news;
  const stamp = script.dataset.stamp;
  const bar = document.createElement("div");
  bar.id = "preview-notice";
  bar.setAttribute("role", "status");
  bar.style.cssText =
    // above the page, not in it: a page that moves would be reloaded at another place
    "position:fixed;top:0;left:0;right:0;z-index:2000;padding:.5em 1em;white-space:pre-wrap;" +
    "font:14px/1.4 monospace;max-height:40vh;overflow:auto";

  function show(text, failed) {
    if (!text) {
      bar.remove();
      return;
    }
    bar.style.background = failed ? "#8b0000" : "#333";
    bar.style.color = "#fff";
    if (bar.textContent !== text) bar.textContent = text;
    if (!bar.isConnected) document.body.prepend(bar);
  }

  async function ask() {
    try {
      const page = encodeURIComponent(location.pathname);
      const answer = await fetch(`${address}?page=${page}`, { cache: "no-store" });
      const news = await answer.json();
      if (news.stamp !== stamp) {
        location.reload();
        return;
      }
      show(news.notice || (news.busy ? "building ..." : ""), Boolean(news.notice));
    } catch {
      show("`make serve` has ended: this page no longer follows the files", true);
    }
    setTimeout(ask, 300);
  }

  ask();
})();
