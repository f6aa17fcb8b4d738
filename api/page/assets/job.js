// A job is watched: its step, cost, bound and gap as they come; once it is done its rota opens, or its page is shown.
import { ask } from "./server.js";

const STEPS_BESIDE_THE_SEARCH = 15; // seconds
const box = document.getElementById("job");
const of = (id) => document.getElementById(id);
const language = document.documentElement.lang;
const number = (value, digits = 0) => value?.toLocaleString(language, { maximumFractionDigits: digits }) ?? "–";

function show({ state, progress, since, seconds }) {
  of("job-state").textContent = of("job-state").dataset[state];
  of("job-help").hidden = state !== "queued";
  if (progress.step) of("job-step").textContent = progress.step;
  if (of("job-cost") && progress.cost !== undefined) {
    of("job-cost").textContent = number(progress.cost);
    of("job-bound").textContent = number(progress.bound);
    of("job-gap").textContent = progress.gap === undefined ? "–" : `${number(100 * progress.gap, 1)} %`;
  }
  if (since && seconds) {
    of("job-progress").value = Math.min(0.98, (Date.now() - since) / 1000 / (seconds + STEPS_BESIDE_THE_SEARCH));
  }
}

async function look() {
  try {
    const told = await ask(box.dataset.address);
    of("job-offline").hidden = true;
    if (told.state === "done" && of("job-open")) return of("job-open").requestSubmit();
    if (told.state !== "queued" && told.state !== "running") return location.reload();
    show(told);
  } catch (trouble) {
    if (trouble.kind === "not-known") return location.reload();
    of("job-offline").hidden = false; // the job goes on without us
  }
  return setTimeout(look, 800);
}
look();
