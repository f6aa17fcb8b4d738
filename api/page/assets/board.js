// The rota board: what somebody does to a shift becomes an edit, the server answers what it breaks and changes.
import { Clock, drawRow, drawStaffing } from "./board_draw.js";
import { openEditor } from "./board_editor.js";
import { absent, endOf, moved, shiftsOf, snapped, SNAP, startOf, stretched } from "./rota_model.js";
import { ask, renew, Trouble } from "./server.js";

const source = document.querySelector("#board-data");
if (source) start(JSON.parse(source.textContent));

function start(data) {
  const { words, window: shown, changes } = data;
  const clock = new Clock(data.zone, data.language);
  const of = (id) => document.getElementById(id);
  const rows = new Map([...document.querySelectorAll("tr[data-agent]")].map((row) => [row.dataset.agent, row]));
  const days = new Map(Object.entries(data.now.days));
  const dates = Object.keys(data.starts);
  let now = data.now;
  let redoable = [];
  let pending = null; // the edit that waits for the network, a new sign-in or a decision
  let busy = false;

  const agentOf = (key) => key.slice(0, key.lastIndexOf("/"));
  const dateOf = (key) => key.slice(key.lastIndexOf("/") + 1);
  const dayOfInstant = (at) => dates.findLast((date) => data.starts[date] <= at) ?? dates[0];
  const find = (key, begin) => shiftsOf(days.get(key) ?? []).find((shift) => startOf(shift) === begin);
  const without = (key, shift) => (days.get(key) ?? []).filter((each) => !shift.some((part) => part[0] === each[0] && part[2] === each[2]));

  function drawPerson(agent) {
    const row = rows.get(agent);
    if (row) drawRow(row, [...days].filter(([key]) => agentOf(key) === agent), shown, clock, words, changes);
  }
  function drawAround() {
    const queue = of("queue")?.value ?? "";
    const staffing = drawStaffing(of("staffing"), now.staffing, queue, shown, words);
    if (staffing) of("staffing-told").textContent = `${staffing.short.toFixed(1)} h ${words.missing}`;
    drawFigures();
    drawFindings();
    const state = now.published === null ? words.draft : now.published === now.version ? words.published : words.changed;
    of("state").textContent = `${words.version} ${now.version} · ${state}`;
    if (of("undo")) {
      of("undo").disabled = !now.undoable || busy;
      of("redo").disabled = !redoable.length || busy;
    }
  }
  function drawFigures() {
    const number = (value, digits) => value.toLocaleString(data.language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
    const tile = (name, value, difference, good) => {
      const box = document.createElement("div");
      const change = difference ? `<b class="${good ? "good" : "bad"}"></b>` : "";
      box.innerHTML = `<span></span><strong></strong>${change}`;
      box.querySelector("span").textContent = name;
      box.querySelector("strong").textContent = value;
      if (difference) box.querySelector("b").textContent = difference;
      return box;
    };
    const signed = (value, digits, unit) => (Math.abs(value) < 10 ** -digits / 2 ? "" : `${value > 0 ? "+" : "−"}${number(Math.abs(value), digits)}${unit}`);
    const [figures, before] = [now.figures, now.figures_before];
    const tiles = [];
    if (figures.service !== null) {
      const by = 100 * (figures.service - (before.service ?? figures.service));
      tiles.push(tile(words.service, `${number(100 * figures.service, 1)} %`, signed(by, 2, " pt"), by > 0));
      const short = figures.short_hours - before.short_hours;
      tiles.push(tile(words.short, `${number(figures.short_hours, 1)} h`, signed(short, 1, " h"), short < 0));
    }
    const hours = figures.paid_hours - before.paid_hours;
    tiles.push(tile(words.paid, `${number(figures.paid_hours, 1)} h`, signed(hours, 2, " h"), hours < 0));
    if (figures.cost) {
      const cost = figures.cost - before.cost;
      tiles.push(tile(words.cost, `${data.currency} ${number(figures.cost, 0)}`, signed(cost, 0, ""), cost < 0));
    }
    tiles.push(tile(words.breaches, `${now.counts.breach ?? 0}`, signed(now.added.length - now.mended.length, 0, ""), now.added.length < now.mended.length));
    of("figures").replaceChildren(...tiles);
  }
  function line(found) {
    const item = document.createElement("li");
    item.innerHTML = "<strong></strong> <span></span> <small></small>";
    item.querySelector("strong").textContent = found.rule;
    item.querySelector("span").textContent = [
      found.name || found.agent_id, found.when,
      found.found === "–" ? found.words : `${found.found} / ${found.limit}${found.short === "–" ? "" : ` (${words.off}: ${found.short})`}`,
    ].filter(Boolean).join(" · ");
    item.querySelector("small").textContent = found.law;
    return item;
  }
  function drawFindings() {
    of("breach-count").textContent = now.counts.breach ?? 0;
    of("breaches").replaceChildren(...now.breaches.map(line));
    const verdict = of("verdict");
    verdict.replaceChildren();
    for (const [list, name, kind] of [[now.added, words.added, "bad"], [now.mended, words.mended, "good"]]) {
      if (!list.length) continue;
      const box = document.createElement("div");
      box.className = `notice ${kind}`;
      const title = document.createElement("p");
      title.textContent = name;
      const items = document.createElement("ul");
      items.className = "findings";
      items.append(...list.map(line));
      box.append(title, items);
      verdict.append(box);
    }
    if (verdict.firstChild) {
      const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
      close.setAttribute("aria-label", words.close);
      close.addEventListener("click", () => verdict.replaceChildren());
      verdict.firstChild.prepend(close);
    }
    if (!now.breaches.length) of("breaches").append(Object.assign(document.createElement("li"), { textContent: words.clean }));
    const broken = new Set(now.breaches.map((each) => each.agent_id));
    for (const [agent, row] of rows) row.classList.toggle("broken", broken.has(agent));
  }

  /** Where the axis is wider than the screen, begin where work begins. */
  function scrollToShifts() {
    const box = of("board").closest(".scroll");
    const line = of("staffing").getBoundingClientRect();
    const begins = [...days.values()].flat().map(([begin]) => begin).filter((begin) => begin >= shown[0] && begin < shown[1]);
    if (begins.length) box.scrollLeft = ((Math.min(...begins) - 30 - shown[0]) / (shown[1] - shown[0])) * line.width;
  }
  function take(answer) {
    now = answer;
    const people = new Set();
    for (const [key, stretches] of Object.entries(answer.days)) {
      if (stretches.length) days.set(key, stretches);
      else days.delete(key);
      people.add(agentOf(key));
    }
    people.forEach(drawPerson);
    pending = null;
    of("trouble").hidden = true;
    drawAround();
  }
  const sent = (wanted) => Object.entries(wanted).map(([key, stretches]) => ({
    agent_id: agentOf(key), day: dateOf(key),
    stretches: stretches.map(([begin, end, activity, shift, paid]) => ({
      start: new Date(begin * 60000).toISOString(), end: new Date(end * 60000).toISOString(), activity, shift, paid,
    })),
  }));
  const showing = (wanted) => {
    for (const [key, stretches] of Object.entries(wanted)) stretches.length ? days.set(key, stretches) : days.delete(key);
    new Set(Object.keys(wanted).map(agentOf)).forEach(drawPerson);
  };
  const earlier = (wanted) => Object.fromEntries(Object.keys(wanted).map((key) => [key, days.get(key) ?? []]));

  /** Make an edit: it is shown at once, and kept until the server has taken or refused it. */
  async function edit(wanted, { redo = false } = {}) {
    if (busy || pending) return;
    const before = earlier(wanted);
    showing(wanted);
    await send({ wanted, before, redo });
  }
  async function send(attempt) {
    await working(attempt, async () => {
      const answer = await ask(`/rotas/${data.id}/edits`, { method: "POST", body: { days: sent(attempt.wanted) }, version: now.version });
      if (!attempt.redo) redoable = [];
      take(answer);
    });
  }
  async function undo() {
    if (busy || pending || !now.undoable) return;
    await working(null, async () => {
      const answer = await ask(`/rotas/${data.id}/undo`, { method: "POST", version: now.version });
      redoable.push(Object.fromEntries(Object.keys(answer.days).map((key) => [key, days.get(key) ?? []])));
      take(answer);
    });
  }
  async function redo() {
    if (busy || pending || !redoable.length) return;
    await edit(redoable.pop(), { redo: true });
  }
  async function working(attempt, doing) {
    busy = true;
    of("board").classList.add("busy");
    try {
      await doing();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      tell(error, attempt);
    } finally {
      busy = false;
      of("board").classList.remove("busy");
      drawAround();
    }
  }

  /** Say what happened, keep the edit where it can still be made, and offer the way on. */
  function tell(trouble, attempt) {
    const box = of("trouble");
    const text = document.createElement("p");
    text.textContent = [words[`trouble-${trouble.kind}`] ?? words["trouble-internal"], ...trouble.words].join(" ");
    const actions = [];
    const button = (name, act) => {
      const each = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      each.addEventListener("click", act);
      actions.push(each);
    };
    const again = async (prepare) => {
      try {
        await prepare();
      } catch (error) {
        return tell(error, attempt);
      }
      pending = null;
      box.hidden = true;
      if (attempt) await send(attempt);
    };
    const drop = () => { if (attempt) showing(attempt.before); pending = null; box.hidden = true; };
    pending = attempt;
    if (trouble.kind === "stale") {
      const load = async () => { if (attempt) showing(attempt.before); replace(await ask(`/rotas/${data.id}/state`)); };
      if (attempt) button(words.put, () => again(async () => { await load(); attempt.before = earlier(attempt.wanted); showing(attempt.wanted); }));
      button(words.newest, async () => { try { await load(); } catch (error) { tell(error, attempt); } });
    } else if (trouble.kind === "not-known") {
      actions.push(Object.assign(document.createElement("a"), { href: "/sign-in", target: "_blank", rel: "opener", className: "button", textContent: words.sign }));
      button(words.retry, () => again(renew));
    } else if (["offline", "unavailable", "too-many", "forbidden"].includes(trouble.kind)) {
      button(words.retry, () => again(trouble.kind === "forbidden" ? renew : async () => {}));
      if (trouble.kind === "offline") actions[0].id = "offline";
      if (attempt) button(words.drop, drop);
    } else drop();
    box.replaceChildren(text, ...actions);
    box.hidden = false;
  }
  function replace(state) {
    days.clear();
    for (const [key, stretches] of Object.entries(state.days)) if (rows.has(agentOf(key))) days.set(key, stretches);
    now = state;
    redoable = [];
    pending = null;
    of("trouble").hidden = true;
    rows.forEach((_, agent) => drawPerson(agent));
    drawAround();
  }
  addEventListener("online", () => of("offline")?.click());

  // What people do to shifts
  const sorted = (stretches) => stretches.sort((a, b) => a[0] - b[0]);
  /** The edit that puts others in a shift's place, on the day on which they start. */
  function change(key, shift, others) {
    const to = others.length ? `${agentOf(key)}/${dayOfInstant(startOf(others))}` : key;
    if (to === key || startOf(others) === startOf(shift)) return { [key]: sorted([...without(key, shift), ...others]) };
    return { [key]: without(key, shift), [to]: sorted([...(days.get(to) ?? []), ...others]) };
  }
  function give(key, shift, agent) {
    const to = `${agent}/${dateOf(key)}`;
    const theirs = shiftsOf(days.get(to) ?? [])[0] ?? [];
    return { ...change(key, shift, theirs), ...change(to, theirs, shift) };
  }
  function hint(event, text) {
    const box = of("hint");
    box.hidden = !text;
    box.textContent = text;
    box.style.left = `${event.clientX + 14}px`;
    box.style.top = `${event.clientY + 16}px`;
  }
  function drag(event, group) {
    const key = group.dataset.key;
    const shift = find(key, Number(group.dataset.start));
    const row = group.closest("tr");
    const scale = (shown[1] - shown[0]) / row.querySelector("svg.line").getBoundingClientRect().width;
    const box = group.getBoundingClientRect();
    const grip = Math.min(8, box.width / 4);
    const mode = event.clientX - box.left < grip ? "start" : box.right - event.clientX < grip ? "end" : "move";
    const from = [event.clientX, event.clientY];
    let result = null;
    const onMove = (at) => {
      if (Math.hypot(at.clientX - from[0], at.clientY - from[1]) < 4 && !result) return;
      const by = snapped((at.clientX - from[0]) * scale);
      const over = document.elementFromPoint(at.clientX, at.clientY)?.closest("tr[data-agent]");
      group.classList.add("dragged");
      if (mode === "move" && over && over !== row) {
        result = { give: over.dataset.agent };
        hint(at, `${words.give} ${over.querySelector("th a").textContent}`);
      } else {
        const other = mode === "move" ? moved(shift, by)
          : mode === "start" ? stretched(shift, Math.min(startOf(shift) + by, endOf(shift) - SNAP), endOf(shift))
            : stretched(shift, startOf(shift), Math.max(endOf(shift) + by, startOf(shift) + SNAP));
        result = { by, shift: other };
        hint(at, `${clock.span(startOf(other), endOf(other))}`);
      }
      rows.forEach((each) => each.classList.toggle("target", Boolean(result.give) && each === over));
      const edge = group.querySelector(".edge");
      if (result.shift) {
        edge.setAttribute("x", startOf(result.shift) - shown[0]);
        edge.setAttribute("width", endOf(result.shift) - startOf(result.shift));
      }
    };
    const stop = () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("keydown", onKey, true);
      rows.forEach((each) => each.classList.remove("target"));
      hint(event, "");
    };
    const onUp = () => {
      stop();
      if (!result) return open(key, shift);
      if (result.give) return edit(give(key, shift, result.give));
      if (result.by) return edit(change(key, shift, result.shift));
      drawPerson(agentOf(key));
    };
    const onKey = (pressed) => { if (pressed.key === "Escape") { stop(); drawPerson(agentOf(key)); } };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("keydown", onKey, true);
  }
  function open(key, shift) {
    openEditor(of("editor"), { key, shift, data, clock, words, name: rows.get(agentOf(key)).querySelector("th a").textContent }, {
      change: (other) => edit(change(key, shift, other)),
      remove: () => edit(change(key, shift, [])),
      away: () => edit(change(key, shift, absent(shift))),
    });
  }
  async function refocus(key, doing) {
    const index = [...rows.get(agentOf(key)).querySelectorAll(".shift")].indexOf(document.activeElement);
    await doing();
    rows.get(agentOf(key)).querySelectorAll(".shift")[index]?.focus();
  }
  function onKey(event, group) {
    const key = group.dataset.key;
    const shift = find(key, Number(group.dataset.start));
    const step = event.key === "ArrowRight" ? SNAP : event.key === "ArrowLeft" ? -SNAP : 0;
    if (step) {
      event.preventDefault();
      const other = event.shiftKey ? stretched(shift, startOf(shift), Math.max(endOf(shift) + step, startOf(shift) + SNAP)) : moved(shift, step);
      refocus(key, () => edit(change(key, shift, other)));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      refocus(key, () => edit(change(key, shift, [])));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(key, shift);
    }
  }
  function add(event, row) {
    const box = row.querySelector("svg.line").getBoundingClientRect();
    const at = shown[0] + snapped(((event.clientX - box.left) / box.width) * (shown[1] - shown[0]));
    addOn(row, dayOfInstant(at), at);
  }
  function addOn(row, date, at) {
    const key = `${row.dataset.agent}/${date}`;
    openEditor(of("editor"), { key, shift: null, at, data, clock, words, name: row.querySelector("th a").textContent }, {
      change: (other) => edit({ [key]: [...(days.get(key) ?? []), ...other].sort((a, b) => a[0] - b[0]) }),
    });
  }

  rows.forEach((_, agent) => drawPerson(agent));
  drawAround();
  scrollToShifts();
  of("queue")?.addEventListener("change", drawAround);
  of("print").hidden = false;
  of("print").addEventListener("click", () => print());
  for (const select of document.querySelectorAll(".controls select")) select.addEventListener("change", () => select.form.requestSubmit());
  addEventListener("beforeunload", (event) => { if (pending) event.preventDefault(); });
  if (!changes) return;
  of("board").classList.add("editable");
  of("board").addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || busy || pending) return;
    const group = event.target.closest(".shift");
    if (group) { event.preventDefault(); group.focus(); drag(event, group); }
  });
  of("board").addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-agent]");
    if (row && event.target.closest("svg.line") && !event.target.closest(".shift")) add(event, row);
  });
  for (const row of rows.values()) {
    const more = Object.assign(document.createElement("button"), { type: "button", className: "add", textContent: "+", title: words.add });
    more.setAttribute("aria-label", `${words.add}: ${row.querySelector("th a").textContent}`);
    more.addEventListener("click", () => addOn(row, dayOfInstant(shown[0]), null));
    row.querySelector("th").append(more);
  }
  of("board").addEventListener("keydown", (event) => {
    const group = event.target.closest?.(".shift");
    if (group && !busy && !pending) onKey(event, group);
  });
  of("undo").addEventListener("click", undo);
  of("redo").addEventListener("click", redo);
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, select, dialog")) return;
    if (event.key === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
    if (event.key === "y" || (event.key.toLowerCase() === "z" && event.shiftKey)) { event.preventDefault(); redo(); }
  });
}
