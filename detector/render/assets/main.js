// What this file holds, shown.

function start() {
  const app = document.getElementById("app");
  const words = embedded("words");
  const report = embedded("report");
  if (report) {
    app.replaceChildren(articleView(report, words));
    return;
  }
  const head = embedded("scan");
  if (head) new ScanPage(app, head, words).start();
}

start();
