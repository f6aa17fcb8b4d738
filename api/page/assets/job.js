// A job is watched: its step, cost, bound and gap as they come; once it is done the rota opens.
import { ask } from "./server.js";

const box = document.getElementById("job");
const of = (id) => document.getElementById(id);
const language = document.documentElement.lang;
const number = (value, digits = 0) => value?.toLocaleString(language, { maximumFractionDigits: digits }) ?? "–";

async function look() {
  let told;
  try {
    told = await ask(box.dataset.address);
  } catch (trouble) {
    if (trouble.kind === "not-known") return location.reload();
    return setTimeout(look, 3000); // the job goes on without us
  }
  const { state, progress, since, seconds } = told;
  if (state === "done" && of("job-open")) return of("job-open").requestSubmit();
  if (state !== "queued" && state !== "running") return location.reload();
  of("job-state").textContent = of("job-state").dataset[state];
  of("job-help").hidden = state !== "queued";
  if (progress.step) of("job-step").textContent = progress.step;
  if (progress.cost !== undefined) {
    of("job-cost").textContent = number(progress.cost);
    of("job-bound").textContent = number(progress.bound);
    of("job-gap").textContent = progress.gap === undefined ? "–" : `${number(100 * progress.gap, 1)} %`;
  }
  if (since) of("job-progress").value = Math.min(0.98, (Date.now() - since) / 1000 / (seconds + 15));
  return setTimeout(look, 700);
}
look();
