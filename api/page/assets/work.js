// A planner's job is watched until it has ended; then its page is shown.
import { ask } from "./server.js";

const box = document.getElementById("work");
const of = (id) => document.getElementById(id);

async function look() {
  try {
    const { state, step } = await ask(box.dataset.address);
    if (state !== "queued" && state !== "running") return location.reload();
    of("work-state").textContent = of("work-state").dataset[state];
    of("work-step").textContent = step;
    of("work-help").hidden = state !== "queued";
    of("work-offline").hidden = true;
  } catch (trouble) {
    if (trouble.kind === "not-known") return location.reload();
    of("work-offline").hidden = false; // the job goes on without us
  }
  return setTimeout(look, 900);
}
look();
