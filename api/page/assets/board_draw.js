// The board as it is drawn: shifts in the row of their person, staffing above on the same axis.
import { endOf, kindOf, paidMinutes, shiftsOf, startOf } from "./rota_model.js";

const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["work", "break", "meal", "split", "leave"];

export const make = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const titled = (text) => {
  const title = make("title");
  title.textContent = text;
  return title;
};

export class Clock {
  constructor(zone, language) {
    this.time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.date = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
  }
  at(minutes) { return this.time.format(minutes * 60000); }
  day(minutes) { return this.date.format(minutes * 60000); }
  span(start, end) { return `${this.at(start)}–${this.at(end)}`; }
  /** The instant nearest to another at which the clock shows a time. */
  instant(text, near) {
    for (let away = 0; away <= 1440; away += 5)
      for (const minutes of [near - away, near + away]) if (this.at(minutes) === text) return minutes;
    return near;
  }
}

/** Draw somebody's days into their row; returns their paid hours in the window. */
export function drawRow(row, days, window, clock, words, editable) {
  const svg = row.querySelector("svg.line");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", row.querySelector("th").innerText.trim());
  svg.querySelectorAll(".shift, rect").forEach((each) => each.remove());
  let paid = 0;
  for (const [key, stretches] of days)
    for (const shift of shiftsOf(stretches)) {
      const [start, end] = [startOf(shift), endOf(shift)];
      if (end <= window[0] || start >= window[1]) continue;
      svg.append(drawShift(key, shift, window, clock, words, editable));
      paid += paidMinutes(shift.map(([from, to, ...rest]) => [Math.max(from, window[0]), Math.min(to, window[1]), ...rest]));
    }
  row.querySelector("td.number").textContent = (paid / 60).toFixed(2).replace(/\.?0+$/, "");
}

export function drawShift(key, shift, window, clock, words, editable) {
  const [start, end] = [startOf(shift), endOf(shift)];
  const told = `${clock.day(start)} ${clock.span(start, end)} ${shift[0][3]}`.trim();
  const parts = shift.map(([from, to, activity]) => `${clock.span(from, to)} ${activity}`).join(", ");
  const group = make("g", { class: "shift", tabindex: "0", role: editable ? "button" : "img", "aria-label": `${told}: ${parts}` });
  group.dataset.key = key;
  group.dataset.start = start;
  for (const [from, to, activity] of shift) {
    const kind = KINDS.includes(kindOf(activity)) ? kindOf(activity) : "other";
    const x = Math.max(from, window[0]) - window[0];
    const width = Math.min(to, window[1]) - window[0] - x;
    if (width > 0) group.append(make("rect", { class: `k-${kind}`, x, width, y: 4, height: 16 }, titled(`${clock.span(from, to)} ${activity}`)));
  }
  const x = Math.max(start, window[0]) - window[0];
  group.append(make("rect", { class: "edge", x, width: Math.min(end, window[1]) - window[0] - x, y: 3, height: 18 }));
  return group;
}

const path = (series, value, window) => {
  let line = "";
  for (const [start, end, each] of series) {
    const [from, to] = [Math.max(start, window[0]), Math.min(end, window[1])];
    if (to > from) line += `M${from - window[0]},0V${-value(each)}H${to - window[0]}V0Z`;
  }
  return line;
};

/** Required against rostered, and what is missing, of a queue ("" for all) in the window. */
export function drawStaffing(svg, staffing, queue, window, words) {
  const at = new Map();
  const lengths = [];
  for (const [name, rows] of Object.entries(staffing)) {
    if (queue && name !== queue) continue;
    rows.forEach(([start, need, here], k) => {
      const [n, h, net] = at.get(start) ?? [0, 0, 0];
      at.set(start, [n + need, h + here, net + Math.min(0, here - need)]);
      if (k) lengths.push(start - rows[k - 1][0]);
    });
  }
  const length = lengths.length ? Math.min(...lengths) : 15;
  const series = [...at].sort((a, b) => a[0] - b[0]).map(([start, each]) => [start, start + length, each]);
  const shown = series.filter(([start, end]) => end > window[0] && start < window[1]);
  if (!shown.length) return null;
  const top = Math.max(1, ...shown.map(([, , [need, here]]) => Math.max(need, here)));
  svg.setAttribute("viewBox", `0 ${-top} ${window[1] - window[0]} ${top}`);
  let needed = "";
  let last = null;
  for (const [start, end, [need]] of shown) {
    needed += `${last === start ? "V" : `M${Math.max(start, window[0]) - window[0]},`}${-need}H${Math.min(end, window[1]) - window[0]}`;
    last = end;
  }
  const missing = shown
    .filter(([, , [, , net]]) => net < 0)
    .map(([start, end, [, here, net]]) => {
      const [from, to] = [Math.max(start, window[0]) - window[0], Math.min(end, window[1]) - window[0]];
      return `M${from},${-here}V${-(here - net)}H${to}V${-here}Z`;
    })
    .join("");
  svg.replaceChildren(
    make("path", { class: "rostered", d: path(shown, ([, here]) => here, window) }),
    make("path", { class: "missing", d: missing }),
    make("path", { class: "needed", d: needed }),
  );
  const short = shown.reduce((sum, [start, end, [, , net]]) => sum - (net * (end - start)) / 60, 0);
  svg.setAttribute("aria-label", `${words.needed} ${top}, ${short.toFixed(1)} h ${words.missing}`);
  return { shown, short };
}
