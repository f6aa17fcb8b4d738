"use strict";
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("curves").textContent);
  const { words: w, clock, days, horizon, queues } = data;
  const byId = (id) => document.getElementById(id);
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // Colours come from the style sheet, so that charts follow light, dark and print.
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  let c = {};
  const readColours = () => {
    for (const name of ["ink", "soft", "line", "card", "accent", "accent-soft", "warn", "warn-soft"]) c[name] = colour(name);
  };

  // Charts --------------------------------------------------------------------------------------------------------------
  const dayOf = (index) => days.findLast((day) => day.at <= index);
  const moment = (index) => `${dayOf(index).label} ${clock[index]}`;
  const number = (value, digits = 1) =>
    value === null || value === undefined ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "−");
  const percent = (value) => (value === null || value === undefined ? "–" : `${number(100 * value)}%`);
  const row = (name, value) => `<tr><td>${escape(name)}</td><td style="text-align:right;padding-left:1.2em"><b>${escape(value)}</b></td></tr>`;
  const tooltip = (offset, rows) => ({
    trigger: "axis", confine: true, backgroundColor: c.card, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 },
    axisPointer: { lineStyle: { color: c.soft } },
    formatter: (hits) => {
      const at = hits[0].dataIndex;
      const lines = rows(at).filter(([, value]) => value !== null).map(([name, value]) => row(name, value));
      return `<b>${escape(moment(at + offset))}</b><table>${lines.join("")}</table>`;
    },
  });
  const charts = { forecast: null, staffing: null };
  const chosen = { forecast: 0, staffing: 0 };
  const zoom = { forecast: null, staffing: null };

  let printing = false;
  const font = () => getComputedStyle(document.body).fontFamily;

  /** Labels at midnights while days are many, at hours once few are in view. */
  function axis(name, offset, count, extra = {}) {
    const [from, to] = zoom[name];
    const close = (to - from) / (24 * 60 / step()) <= 2.2;
    const starts = new Set(days.map((day) => day.at - offset));
    const wide = printing ? 1000 : byId(`chart-${name}`).clientWidth;
    const every = wide < 600 ? 4 : 2;
    const hour = (i) => /:00/.test(clock[i + offset]) && parseInt(clock[i + offset], 10) % every === 0;
    const room = Math.ceil((to - from) / (24 * 60 / step()) / (wide / 85));
    const marked = (i) => (close ? hour(i) : starts.has(i) && days.findIndex((d) => d.at === i + offset) % Math.max(room, 1) === 0);
    return {
      type: "category", data: Array.from({ length: count }, (_, i) => i), boundaryGap: true,
      axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false },
      axisLabel: { color: c.soft, interval: marked, align: "left", formatter: (i) => (close ? clock[+i + offset] : dayOf(+i + offset).label) },
      splitLine: { show: true, interval: (i) => starts.has(i), lineStyle: { color: c.line } }, ...extra,
    };
  }
  const step = () => {
    const minutes = (text) => 60 * +text.slice(0, 2) + +text.slice(3, 5);
    return clock.length > 1 ? (minutes(clock[1]) - minutes(clock[0]) + 1440) % 1440 || 60 : 60;
  };
  const values = (extra = {}) => ({
    type: "value", axisLine: { show: false }, axisLabel: { color: c.soft }, splitLine: { lineStyle: { color: c.line, opacity: 0.6 } },
    nameTextStyle: { color: c.soft, align: "left" }, nameGap: 10, ...extra,
  });
  const zoomers = (name, axes) => [
    { type: "inside", xAxisIndex: axes, filterMode: "none", startValue: zoom[name][0], endValue: zoom[name][1], zoomOnMouseWheel: "ctrl" },
    { type: "slider", show: !printing, xAxisIndex: axes, filterMode: "none", startValue: zoom[name][0], endValue: zoom[name][1], height: 18, bottom: 6,
      borderColor: "transparent", backgroundColor: "transparent", fillerColor: c["accent-soft"], showDetail: false, brushSelect: false,
      dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { color: c.line, opacity: 0.5 } },
      selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { color: c.soft, opacity: 0.3 } },
      moveHandleStyle: { color: c.line }, handleStyle: { color: c.card, borderColor: c.soft } },
  ];
  const line = (name, points, more = {}) => ({ name, type: "line", data: points, showSymbol: false, animation: false, ...more });

  function forecastOption() {
    const q = queues[chosen.forecast];
    const gap = Array(horizon).fill(null);
    const past = [...q.history.slice(0, horizon), ...Array(q.mean.length).fill(null)];
    const after = (list) => [...gap, ...list];
    const series = [
      line(w.history, past, { lineStyle: { color: c.soft, width: 1.2 }, itemStyle: { color: c.soft } }),
      line(w.forecast, after(q.mean), { lineStyle: { color: c.accent, width: 2 }, itemStyle: { color: c.accent }, z: 4 }),
    ];
    if (q.p10) {
      const width = q.p90.map((high, i) => (high === null || q.p10[i] === null ? null : +(high - q.p10[i]).toFixed(1)));
      series.push(line("low", after(q.p10), { stack: "band", lineStyle: { opacity: 0 }, silent: true }));
      series.push(line(w.band, after(width), { stack: "band", lineStyle: { opacity: 0 }, areaStyle: { color: c["accent-soft"], opacity: 1 }, silent: true }));
    }
    return {
      animation: false, textStyle: { fontFamily: font() }, grid: { left: 8, right: 12, top: 32, bottom: 36, containLabel: true },
      tooltip: tooltip(0, (at) => (at < horizon
        ? [[w.history, number(past[at])]]
        : [[w.forecast, number(q.mean[at - horizon])], [w.band, q.p10 ? `${number(q.p10[at - horizon])} – ${number(q.p90[at - horizon])}` : null]])),
      xAxis: axis("forecast", 0, clock.length), yAxis: values({ name: w.contacts, min: 0 }), dataZoom: zoomers("forecast", [0]), series,
    };
  }

  function staffingOption() {
    const q = queues[chosen.staffing];
    const count = q.needed.length;
    const wide = printing || byId("chart-staffing").clientWidth > 600;
    const panels = [[7, 44], [58, 15], [80, 11]].map(([top, height]) => ({ left: wide ? 56 : 40, right: 12, top: `${top}%`, height: `${height}%` }));
    const x = panels.map((_, k) => axis("staffing", horizon, count, { gridIndex: k, ...(k < 2 ? { axisLabel: { show: false } } : {}) }));
    return {
      animation: false, textStyle: { fontFamily: font() }, grid: panels, axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: tooltip(horizon, (at) => [
        [w.needed, number(q.needed[at])], [w.desks, number(q.desks[at])], [w.rostered, number(q.rostered[at])], [w.net, number(q.net[at])],
        [w.service, percent(q.service[at])], [w.late, number(q.late[at])]]),
      xAxis: x,
      yAxis: [
        values({ gridIndex: 0, name: w.agents }), values({ gridIndex: 1, name: w.net, splitNumber: 2 }),
        values({ gridIndex: 2, name: w.service, min: 0, max: 1, interval: 0.5, axisLabel: { color: c.soft, formatter: (v) => `${100 * v}%` } }),
      ],
      dataZoom: zoomers("staffing", [0, 1, 2]),
      series: [
        line(w.rostered, q.rostered, { step: "middle", lineStyle: { color: c.accent, width: 1 }, itemStyle: { color: c.accent }, areaStyle: { color: c["accent-soft"], opacity: 0.75 } }),
        line(w.needed, q.needed, { step: "middle", lineStyle: { color: c.ink, width: 1.6 }, itemStyle: { color: c.ink } }),
        { name: w.net, type: "bar", xAxisIndex: 1, yAxisIndex: 1, barCategoryGap: "6%",
          data: q.net.map((v) => ({ value: v, itemStyle: v < 0 ? { color: c.warn } : { color: c.accent, opacity: 0.55 } })) },
        line(w.service, q.service, { xAxisIndex: 2, yAxisIndex: 2, step: "middle", lineStyle: { color: c.accent, width: 1.6 }, itemStyle: { color: c.accent },
          markLine: q.target === null ? undefined : { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.warn, type: "dashed" }, data: [{ yAxis: q.target }] } }),
      ],
    };
  }

  const options = { forecast: forecastOption, staffing: staffingOption };
  function draw(name) {
    if (charts[name]) charts[name].setOption(options[name](), { notMerge: true });
  }
  function redraw() {
    readColours();
    for (const name of Object.keys(charts)) draw(name);
  }
  const fit = (size) => Object.entries(charts).forEach(([name, chart]) => { if (chart) { chart.resize(size(name)); draw(name); } });
  function open(name) {
    const box = byId(`chart-${name}`);
    if (!queues.length || !clock.length) { box.hidden = true; return; }
    charts[name] = echarts.init(box, null, { renderer: "svg" });
    let waiting = 0;
    charts[name].on("datazoom", () => {
      const seen = charts[name].getOption().dataZoom[0];
      zoom[name] = [seen.startValue, seen.endValue];
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        const whole = options[name]();
        charts[name].setOption({ xAxis: whole.xAxis });
      });
    });
  }
  const ahead = queues.length ? queues[0].needed.length : 0;
  const perDay = 24 * 60 / step();
  zoom.forecast = [Math.max(horizon - Math.round(14 * perDay), 0), clock.length - 1];
  zoom.staffing = [0, Math.max(ahead - 1, 0)];
  Object.keys(charts).forEach(open);
  redraw();
  new ResizeObserver(() => { if (!printing) fit(() => ({ width: "auto", height: "auto" })); }).observe(document.querySelector("main"));

  // Choices -------------------------------------------------------------------------------------------------------------
  function choose(name, index) {
    chosen[name] = index;
    document.querySelectorAll(`tbody[data-of="${name}"]`).forEach((body) => { body.hidden = +body.dataset.queue !== index; });
    byId("key-band").hidden = !queues.length || !queues[chosen.forecast].p10;
    draw(name);
  }
  for (const name of Object.keys(charts)) {
    const select = document.querySelector(`select[data-choose="${name}"]`);
    if (select) select.addEventListener("change", () => choose(name, +select.value));
    choose(name, 0);
  }
  byId("days").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const shown = days.filter((day) => day.at >= horizon);
    const day = +button.dataset.day;
    const end = day + 1 < shown.length ? shown[day + 1].at - horizon : ahead;
    zoom.staffing = day < 0 ? [0, ahead - 1] : [shown[day].at - horizon, end - 1];
    byId("days").querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
    draw("staffing");
  });

  // Rota ----------------------------------------------------------------------------------------------------------------
  const filter = byId("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("tr[data-find]")];
    filter.addEventListener("input", () => {
      const asked = filter.value.trim().toLowerCase().split(/\s+/);
      let shown = 0;
      for (const tr of rows) {
        tr.hidden = !asked.every((part) => tr.dataset.find.includes(part));
        shown += !tr.hidden;
      }
      document.querySelectorAll("tbody[data-team]").forEach((body) => { body.hidden = !body.querySelector("tr[data-find]:not([hidden])"); });
      byId("shown").textContent = filter.value ? w.filter_shown.replace("{shown}", shown).replace("{all}", rows.length) : "";
    });
    const detail = byId("detail");
    document.addEventListener("click", (event) => {
      const bar = event.target.closest(".bar");
      detail.hidden = !bar;
      if (bar) detail.textContent = `${bar.closest("tr").querySelector(".who").textContent}\n${bar.title}`;
    });
  }

  // Theme and print -----------------------------------------------------------------------------------------------------
  const night = matchMedia("(prefers-color-scheme: dark)");
  night.addEventListener("change", redraw);
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : night.matches;
    root.dataset.theme = dark ? "light" : "dark";
    redraw();
  });
  byId("print").addEventListener("click", () => window.print());
  let before;
  window.addEventListener("beforeprint", () => {
    before = root.dataset.theme;
    root.dataset.theme = "light";
    printing = true;
    readColours();
    fit((name) => ({ width: 1000, height: name === "staffing" ? 400 : 230 }));
  });
  window.addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before; else delete root.dataset.theme;
    printing = false;
    readColours();
    fit(() => ({ width: "auto", height: "auto" }));
  });
})();
