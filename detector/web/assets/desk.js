// The desk's two small helps: a form is sent once, and waiting shows how far it is.
"use strict";

const form = document.querySelector("form.desk");
form?.addEventListener("submit", () => {
  const button = form.querySelector("button");
  button.disabled = true;
});
// the way back shows the form as it was, ready to be sent again
addEventListener("pageshow", () => form?.querySelector("button").removeAttribute("disabled"));

const waiting = document.querySelector("[data-job]");
if (waiting) watch(waiting.dataset.job, 250);

async function watch(id, pause) {
  let job = null;
  try {
    const answer = await fetch(`/api/jobs/${encodeURIComponent(id)}`);
    job = await answer.json();
    if (answer.status === 404) job = { state: "failed" };
  } catch {
    document.getElementById("step").textContent = "the server does not answer; trying again";
  }
  if (job && (job.state === "done" || job.state === "failed")) {
    location.replace(job.state === "done" ? `/jobs/${id}/report` : location.href);
    return;
  }
  if (job) show(job);
  setTimeout(() => watch(id, Math.min(pause * 1.3, 2000)), pause);
}

function show(job) {
  document.getElementById("step").textContent = job.step || "";
  if (!(job.total > 1)) return;
  const bar = document.getElementById("bar");
  bar.max = job.total;
  bar.value = job.done;
  document.getElementById("count").textContent = `${job.done} of ${job.total} articles`;
}
