// The dialog in which a shift is made or changed by words and times instead of dragging.
import { endOf, fromTemplate, moved, startOf, withBreak, withPart } from "./rota_model.js";

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...children);
  return made;
};

const choice = (label, options, value, onchange) =>
  element("select", { "aria-label": label, onchange: (event) => onchange(event.target.value) },
    ...options.map((each) => element("option", { value: each, selected: each === value }, each)));

const time = (label, clock, at, onchange) =>
  element("input", { type: "time", step: 900, "aria-label": label, value: clock.at(at), required: true,
    onchange: (event) => event.target.value && onchange(clock.instant(event.target.value, at)) });

/** Open the dialog for a shift, or for a new one where there is none; `acts` tell what may be done with it. */
export function openEditor(dialog, { key, shift, at, data, clock, words, name }, acts) {
  const day = key.slice(key.lastIndexOf("/") + 1);
  const base = data.starts[day];
  let template = data.templates[0];
  let draft = shift;
  const skill = data.skills[key.slice(0, key.lastIndexOf("/"))] ?? [];
  const work = skill.length === 1 ? `work:${skill[0]}` : "work:*";
  const begin = (wanted) => wanted ?? clock.instant(`${String(Math.floor(template.earliest / 60) % 24).padStart(2, "0")}:${String(template.earliest % 60).padStart(2, "0")}`, base + template.earliest);
  if (!draft) draft = template ? fromTemplate(template, begin(at), work) : [[base + 540, base + 1020, work, "", true]];

  function draw() {
    const parts = draft.map((part, index) => {
      const activities = data.activities.includes(part[2]) ? data.activities : [part[2], ...data.activities];
      const set = (other) => { draft = withPart(draft, index, other); draw(); };
      return element("tr", {},
        element("td", {}, choice(words.activity, activities, part[2], (value) => set([part[0], part[1], value]))),
        element("td", {}, time(words.from, clock, part[0], (value) => value < part[1] && set([value, part[1], part[2]]))),
        element("td", {}, time(words.to, clock, part[1], (value) => value > part[0] && set([part[0], value, part[2]]))));
    });
    const head = [element("h2", { id: "editor-title" }, `${name} · ${clock.day(startOf(draft))}`)];
    if (!shift && data.templates.length)
      head.push(element("p", {}, element("label", {}, `${words.shift} `,
        choice(words.shift, data.templates.map((each) => each.name), template.name, (value) => {
          template = data.templates.find((each) => each.name === value);
          draft = fromTemplate(template, startOf(draft), work);
          draw();
        }))));
    head.push(element("p", {}, element("label", {}, `${words.start} `,
      time(words.start, clock, startOf(draft), (value) => { draft = moved(draft, value - startOf(draft)); draw(); })),
    ` – ${clock.at(endOf(draft))}`));
    const close = (act) => () => { dialog.close(); act?.(); };
    const foot = [
      element("button", { type: "button", class: "main", onclick: close(() => acts.change(draft)) }, shift ? words.apply : words.add),
      element("button", { type: "button", onclick: () => { draft = withBreak(draft); draw(); } }, words.pause),
    ];
    if (acts.away) foot.push(element("button", { type: "button", onclick: close(acts.away) }, words.away));
    if (acts.remove) foot.push(element("button", { type: "button", class: "danger", onclick: close(acts.remove) }, words.remove));
    foot.push(element("button", { type: "button", onclick: close() }, words.cancel));
    dialog.replaceChildren(...head, element("table", { class: "parts" }, element("tbody", {}, ...parts)), element("div", { class: "actions" }, ...foot));
  }
  draw();
  dialog.showModal();
}
