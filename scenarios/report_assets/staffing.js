"use strict";
(() => {
  const root = document.documentElement;
  const { days, first, queues, interval, words: w } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // Colours come from the style sheet, so that charts follow light, dark and print; those of queues do for both.
  const palette = ["#3d7fb0", "#d98a3d", "#4f9d74", "#b75d86", "#8372bd", "#b9a02e", "#3a9fa3", "#c2604f", "#7c8794", "#6f9a3e", "#9c6b45", "#5a6fc4"];
  const paint = (k) => palette[k % palette.length];
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const c = {};
  const readColours = () => {
    for (const name of ["ink", "soft", "line", "card", "accent", "accent-soft", "warn", "good"]) {
      probe.style.color = `var(--${name})`;
      c[name] = getComputedStyle(probe).color;
    }
  };
  let printing = false;
  let day = first;
  const charts = {};
  const font = () => getComputedStyle(document.body).fontFamily;
  const wide = (name) => printing || byId(`chart-${name}`).clientWidth > 600;
  const number = (value, digits = 1) =>
    value === null || value === undefined ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "−");
  const percent = (value) => (value === null || value === undefined ? "–" : `${number(100 * value)}%`);

  // Parts of charts -----------------------------------------------------------------------------------------------------
  const tooltip = (rows) => ({
    trigger: "axis", confine: true, backgroundColor: c.card, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 },
    formatter: (hits) => {
      const [head, ...lines] = rows(hits[0].dataIndex);
      const cells = lines.filter(([, value]) => value !== null)
        .map(([name, value]) => `<tr><td>${escape(name)}</td><td style="text-align:right;padding-left:1.2em"><b>${escape(value)}</b></td></tr>`);
      return `<b>${escape(head)}</b><table>${cells.join("")}</table>`;
    },
  });
  const category = (data, extra = {}) => ({
    type: "category", data, axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { color: c.soft },
    nameTextStyle: { color: c.soft }, ...extra,
  });
  const values = (extra = {}) => ({
    type: "value", axisLine: { show: false }, axisLabel: { color: c.soft }, splitLine: { lineStyle: { color: c.line, opacity: 0.6 } },
    nameTextStyle: { color: c.soft, align: "left" }, nameGap: 12, ...extra,
  });
  const limit = (share, colour) =>
    share === null ? [] : [{ yAxis: share, lineStyle: { color: colour, type: "dashed", width: 1.2 }, label: { show: false } }];
  const hours = (clock, name) => (i) => {
    const every = wide(name) ? 2 : 4;
    return /:00/.test(clock[i]) && parseInt(clock[i], 10) % every === 0;
  };
  const base = () => ({ animation: false, textStyle: { fontFamily: font() } });

  /** Service, abandonment and occupancy against agents. */
  function serviceOption() {
    const at = interval.agents.indexOf(interval.required);
    const curve = (name, data, colour, more = {}) => ({
      name, type: "line", data, symbol: "circle", symbolSize: (_, hit) => (hit.dataIndex === at ? 9 : 4), showAllSymbol: interval.agents.length < 45,
      lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour }, ...more,
    });
    const levels = interval.levels.map((one, k) => curve(`${w.service} · ${one.name}`, one.values, k ? paint(k + 3) : c.accent, {
      z: 5 - k, lineStyle: { color: k ? paint(k + 3) : c.accent, width: k ? 1.4 : 2.6 },
      markLine: {
        silent: true, symbol: "none",
        data: [...limit(one.target, k ? paint(k + 3) : c.accent), ...(k ? [] : [{
          xAxis: at, lineStyle: { color: c.ink, width: 1.2, type: "solid" },
          label: { formatter: `${interval.required} ${w.required}`, color: c.ink, position: "end" },
        }])],
      },
    }));
    const others = [
      interval.nobody_leaves ? null : curve(w.abandonment, interval.abandonment, c.warn,
        { markLine: { silent: true, symbol: "none", data: limit(interval.max_abandonment, c.warn) } }),
      curve(w.occupancy, interval.occupancy, c.good, { markLine: { silent: true, symbol: "none", data: limit(interval.max_occupancy, c.good) } }),
    ];
    const shown = (i) => [
      `${interval.agents[i]} ${w.agents}`, ...interval.levels.map((one) => [`${w.service} · ${one.name}`, percent(one.values[i])]),
      [w.abandonment, interval.nobody_leaves ? null : percent(interval.abandonment[i])], [w.occupancy, percent(interval.occupancy[i])],
    ];
    return {
      ...base(), grid: { left: 8, right: 24, top: 34, bottom: 30, containLabel: true }, tooltip: tooltip(shown),
      xAxis: category(interval.agents, { name: w.agents, nameLocation: "middle", nameGap: 30, boundaryGap: false }),
      yAxis: values({ min: 0, max: 1, interval: 0.2, axisLabel: { color: c.soft, formatter: (v) => `${Math.round(100 * v)}%` } }),
      series: [...levels, ...others.filter(Boolean)],
    };
  }

  /** Work that may wait over the day: what comes, what is done by whom, what waits. */
  function workOption() {
    const bar = (name, data, colour) => ({ name, type: "bar", stack: "done", data, itemStyle: { color: colour }, barCategoryGap: "12%" });
    return {
      ...base(), grid: { left: 8, right: 12, top: 34, bottom: 8, containLabel: true },
      tooltip: tooltip((i) => [interval.clock[i], ...["came", "own", "idle", "waiting"].map((part) => [w[part], number(interval[part][i])])]),
      xAxis: category(interval.clock, { axisLabel: { color: c.soft, interval: hours(interval.clock, "interval") } }),
      yAxis: values({ name: w.minutes }),
      series: [
        bar(w.own, interval.own, c.accent), bar(w.idle, interval.idle, c["accent-soft"]),
        { name: w.came, type: "line", step: "middle", data: interval.came, showSymbol: false, lineStyle: { color: c.ink, width: 1.4 }, itemStyle: { color: c.ink },
          markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.soft, type: "solid" }, data: [{ xAxis: interval.at }] } },
        { name: w.waiting, type: "line", data: interval.waiting, showSymbol: false, lineStyle: { color: c.warn, width: 2 }, itemStyle: { color: c.warn } },
      ],
    };
  }

  /** The day's requirement, queue upon queue, above the contacts. */
  function daysOption() {
    const one = days[day];
    const panels = [["7%", "52%"], ["69%", "24%"]].map(([top, height]) => ({ left: wide("days") ? 52 : 38, right: 12, top, height }));
    const bars = (lists, stack, axis) => lists.map((data, k) => ({
      name: queues[k], type: "bar", stack, data, xAxisIndex: axis, yAxisIndex: axis, barCategoryGap: "8%", itemStyle: { color: paint(k) },
    }));
    const total = (lists, i) => lists.reduce((sum, list) => sum + list[i], 0);
    const shown = (i) => [
      one.clock[i], [w.needed, number(total(one.needed, i), 0)], [w.roster, number(one.roster[i], 0)], [w.contacts, number(total(one.contacts, i))],
      ...queues.map((name, k) => [name, one.needed[k][i] || one.contacts[k][i] ? `${number(one.needed[k][i], 0)} · ${number(one.contacts[k][i])}` : null]),
    ];
    const label = { color: c.soft, interval: hours(one.clock, "days") };
    return {
      ...base(), grid: panels, axisPointer: { link: [{ xAxisIndex: "all" }] }, tooltip: tooltip(shown),
      xAxis: [0, 1].map((k) => category(one.clock, { gridIndex: k, axisLabel: k ? label : { show: false } })),
      yAxis: [values({ gridIndex: 0, name: w.needed }), values({ gridIndex: 1, name: w.contacts, splitNumber: 3 })],
      series: [
        ...bars(one.needed, "needed", 0),
        { name: w.roster, type: "line", step: "middle", data: one.roster, showSymbol: false, lineStyle: { color: c.ink, width: 1.6 }, itemStyle: { color: c.ink } },
        ...bars(one.contacts, "contacts", 1),
      ],
    };
  }

  // Keys ----------------------------------------------------------------------------------------------------------------
  function keys(box, list) {
    if (!box) return;
    box.replaceChildren(...list.map(([name, colour, thin]) => {
      const key = document.createElement("span");
      const mark = document.createElement("i");
      key.className = "key";
      mark.style.background = colour;
      if (thin) mark.style.height = "3px";
      key.append(mark, name);
      return key;
    }));
  }
  const bounded = (name, sign, share) => (share === null ? name : `${name} ${sign} ${percent(share)}`);
  function allKeys() {
    keys(byId("keys-days"), [...queues.map((name, k) => [name, paint(k)]), [w.roster, c.ink, true]]);
    if (!interval) return;
    keys(byId("keys-interval"), interval.kind === "work"
      ? [[w.came, c.ink, true], [w.own, c.accent], [w.idle, c["accent-soft"]], [w.waiting, c.warn, true]]
      : [...interval.levels.map((one, k) => [
          bounded(interval.levels.length > 1 ? `${w.service} · ${one.name}` : w.service, "≥", one.target), k ? paint(k + 3) : c.accent, true]),
        ...(interval.nobody_leaves ? [] : [[bounded(w.abandonment, "≤", interval.max_abandonment), c.warn, true]]),
        [bounded(w.occupancy, "≤", interval.max_occupancy), c.good, true]]);
  }

  // Drawing -------------------------------------------------------------------------------------------------------------
  const options = { interval: () => (interval.kind === "work" ? workOption() : serviceOption()), days: daysOption };
  const draw = (name) => charts[name].setOption(options[name](), { notMerge: true });
  const redraw = () => { readColours(); allKeys(); Object.keys(charts).forEach(draw); };
  const fit = (size) => Object.keys(charts).forEach((name) => { charts[name].resize(size(name)); draw(name); });
  for (const [name, there] of [["interval", interval], ["days", days.length]]) {
    if (there) charts[name] = echarts.init(byId(`chart-${name}`), null, { renderer: "svg" });
  }
  redraw();
  new ResizeObserver(() => { if (!printing) fit(() => ({ width: "auto", height: "auto" })); }).observe(document.querySelector("main"));
  const select = byId("day");
  if (select) {
    select.addEventListener("change", () => {
      day = +select.value;
      document.querySelectorAll("div[data-day]").forEach((box) => { box.hidden = +box.dataset.day !== day; });
      draw("days");
    });
  }

  // Theme and print -----------------------------------------------------------------------------------------------------
  const night = matchMedia("(prefers-color-scheme: dark)");
  night.addEventListener("change", redraw);
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = (root.dataset.theme ? root.dataset.theme === "dark" : night.matches) ? "light" : "dark";
    redraw();
  });
  byId("print").addEventListener("click", () => window.print());
  let before;
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    root.dataset.theme = "light";
    printing = true;
    readColours();
    fit((name) => ({ width: 1000, height: name === "days" ? 400 : 230 }));
  });
  window.addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before; else delete root.dataset.theme;
    printing = false;
    readColours();
    fit(() => ({ width: "auto", height: "auto" }));
  });
})();
