// Edits of a rota as plain data: a day of somebody is a list of stretches [start, end, activity, shift, paid], UTC minutes.
// Every function takes stretches and gives others; none draws, none asks the server.

export const SNAP = 15;
export const snapped = (minutes) => Math.round(minutes / SNAP) * SNAP;
export const kindOf = (activity) => activity.split(":")[0];
const NO_WORK = ["leave", "on_call"];
const PAUSES = ["break", "meal", "split"];
const APART = 300;

/** The shifts of a day, each a list of its stretches; leave is one of its own. */
export function shiftsOf(stretches) {
  const shifts = [];
  for (const each of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = shifts.at(-1);
    const alone = NO_WORK.includes(kindOf(each[2]));
    if (last && !alone && !NO_WORK.includes(kindOf(last[0][2])) && each[0] - last.at(-1)[1] < APART) last.push(each);
    else shifts.push([each]);
  }
  return shifts;
}

export const startOf = (shift) => shift[0][0];
export const endOf = (shift) => Math.max(...shift.map((each) => each[1]));
export const paidMinutes = (stretches) =>
  stretches.reduce((sum, [start, end, activity, , paid]) => sum + (paid && !NO_WORK.includes(kindOf(activity)) ? end - start : 0), 0);

export const moved = (shift, by) => shift.map(([start, end, ...rest]) => [start + by, end + by, ...rest]);

/** The shift from another start to another end: outer work grows, what lies outside is cut away. */
export function stretched(shift, start, end) {
  if (end - start < SNAP) return shift;
  const kept = shift
    .map(([from, to, ...rest]) => [Math.max(from, start), Math.min(to, end), ...rest])
    .filter(([from, to]) => to > from);
  if (!kept.length) return [[start, end, ...shift[0].slice(2)]];
  const grow = (edge, from, to) => {
    if (from >= to) return;
    if (PAUSES.includes(kindOf(kept[edge === "first" ? 0 : kept.length - 1][2]))) {
      const work = shift.find(([, , activity]) => !PAUSES.includes(kindOf(activity))) ?? shift[0];
      kept[edge === "first" ? "unshift" : "push"]([from, to, work[2], work[3], work[4]]);
    } else if (edge === "first") kept[0] = [from, ...kept[0].slice(1)];
    else kept[kept.length - 1] = [kept.at(-1)[0], to, ...kept.at(-1).slice(2)];
  };
  grow("first", start, kept[0][0]);
  grow("last", kept.at(-1)[1], end);
  return kept;
}

/** A shift of a template that starts at an instant; its breaks lie in the middle of where they may. */
export function fromTemplate(template, start, work) {
  const end = start + template.duration;
  const parts = [];
  let at = start;
  for (const [earliest, latest, minutes, kind, paid] of template.breaks) {
    const from = start + Math.round((earliest + latest) / 2 / SNAP) * SNAP;
    parts.push([at, from, work, template.name, true], [from, from + minutes, kind, template.name, paid]);
    at = from + minutes;
  }
  return [...parts, [at, end, work, template.name, true]].filter(([from, to]) => to > from);
}

/** Somebody is away instead: the shift becomes one stretch of leave. */
export const absent = (shift) => [[startOf(shift), endOf(shift), "leave", shift[0][3], false]];

/** Another activity, start or end of one stretch; neighbours that touch it give way or follow. */
export function withPart(shift, index, [start, end, activity]) {
  const parts = shift.map((each) => [...each]);
  const [oldStart, oldEnd] = parts[index];
  if (index > 0 && parts[index - 1][1] === oldStart) parts[index - 1][1] = start;
  if (index < parts.length - 1 && parts[index + 1][0] === oldEnd) parts[index + 1][0] = end;
  const paid = kindOf(activity) === kindOf(parts[index][2]) ? parts[index][4] : kindOf(activity) !== "meal";
  parts[index] = [start, end, activity, parts[index][3], paid];
  return parts.filter(([from, to]) => to > from);
}

/** A pause of 15 minutes in the middle of the longest stretch of work. */
export function withBreak(shift) {
  const works = shift.map((each, index) => [each[1] - each[0], index]).filter(([, k]) => !PAUSES.includes(kindOf(shift[k][2])));
  if (!works.length) return shift;
  const [length, index] = works.sort((a, b) => b[0] - a[0])[0];
  if (length < 3 * SNAP) return shift;
  const [start, end, activity, name, paid] = shift[index];
  const at = start + snapped(length / 2);
  return [
    ...shift.slice(0, index), [start, at, activity, name, paid], [at, at + SNAP, "break", name, true],
    [at + SNAP, end, activity, name, paid], ...shift.slice(index + 1),
  ];
}
