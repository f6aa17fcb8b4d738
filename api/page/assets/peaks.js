// The board of the day looks again by itself: what is typed, opened and focused stays.

const box = document.getElementById("now");
const offline = document.getElementById("offline");

async function fresh() {
  const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { accept: "text/html" } });
  if (answer.redirected) return null;
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("now");
}

function put(next) {
  const focused = box.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...box.querySelectorAll("details[open]")].map((each) => each.id);
  box.replaceChildren(...next.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
}

async function look() {
  try {
    const next = await fresh();
    offline.hidden = true;
    if (next === null) return (document.getElementById("signed-out").hidden = false);
    put(next);
  } catch {
    offline.hidden = false; // it is looked for again
  }
  return setTimeout(look, box.dataset.seconds * 1000);
}
setTimeout(look, box.dataset.seconds * 1000);
window.addEventListener("online", () => fresh().then((next) => { offline.hidden = true; if (next) put(next); }, () => {}));
