/* Gradient descent, step after step: run, pause, go back to any step, and what a mistake would make of it. */

const MOST_STEPS = 1000;

const descent = { history: [], at: 0, timer: 0, rival: null };

const ETA_LEAST = 1e-4, ETA_MOST = 100;

/* One more step from where the descent is; steps that were gone back over are forgotten. */
function descentStep() {
  const { graph, parameters } = page;
  if (!parameters.length) return false;
  if (!isWhereItWas()) descent.history = [];
  if (!descent.history.length) {
    beginChange();
    descent.history = [{ given: page.given, loss: page.run.numbers[graph.root], memory: new Map() }];
    descent.at = 0;
  }
  descent.history.length = descent.at + 1;
  const { memory } = descent.history[descent.at];
  const next = descend(page, page.given, page.run.gradients, memory, descent.at + 1);
  if (![...next.given].every((x, k) => Number.isFinite(x) || !parameters.includes(k))) return false;
  page.ghost = null;
  page.given = next.given;
  compute();
  descent.history.push({ given: page.given, loss: page.run.numbers[graph.root], memory: next.memory });
  descent.at += 1;
  return !page.run.refused && Number.isFinite(page.run.numbers[graph.root]) && descent.at < MOST_STEPS;
}

/* Whether the numbers are those that the descent arrived at. */
function isWhereItWas() {
  const here = descent.history[descent.at];
  return here !== undefined && areSame(here.given, page.given);
}

function descentTo(i) {
  descent.at = Math.min(Math.max(Math.round(i), 0), descent.history.length - 1);
  page.given = descent.history[descent.at].given;
  page.ghost = null;
  compute();
  render();
}

function runDescent() {
  stopDescent();
  const rest = () => {
    const goes = descentStep();
    render();
    if (goes) descent.timer = setTimeout(rest, 60);
    else stopDescent();
  };
  descent.timer = setTimeout(rest, 0);
  showDescent();
}

function stopDescent() {
  clearTimeout(descent.timer);
  descent.timer = 0;
  showDescent();
}

/* The losses of so many steps from the start of the descent, with the gradients of a mistake. */
function mistakenLosses(mistake, steps) {
  const { graph } = page, losses = [];
  let { given } = descent.history[0], memory = new Map(), left = new Float64Array(graph.size);
  for (let i = 0; i <= steps; i += 1) {
    const run = graph.run(given);
    losses.push(run.numbers[graph.root]);
    if (run.refused) break;
    const gradients = mistakenGradients(graph, run, mistake, left);
    left = gradients;
    ({ given, memory } = descend(page, given, gradients, memory, i + 1));
  }
  return losses;
}

/* The loss after one step, for every η of the slider: beyond which it grows, a step is too long. */
function lossesByEta() {
  const { graph, given, run, parameters, rule } = page, [first, last] = [ETA_LEAST, ETA_MOST].map(Math.log10);
  const xs = [...Array(61).keys()].map((i) => first + i * (last - first) / 60);
  const ys = xs.map((x) => graph.lossAt(descend({ graph, parameters, rule, eta: 10 ** x }, given, run.gradients).given));
  const now = run.numbers[graph.root], worse = ys.findLastIndex((y) => y <= now) + 1;
  return { xs, ys, tooLong: worse < ys.length ? 10 ** xs[worse] : null, neverWorse: ys.every((y) => y <= now) };
}

/* Whether losses are told apart by their powers of ten only. */
const isSteep = (losses) => Math.min(...losses) > 0 && Math.max(...losses) > 1e3 * Math.max(Math.min(...losses), 1e-12);

function showDescent() {
  if ($("descend").hidden) return;
  const { graph, parameters } = page, root = graph.names[graph.root], can = parameters.length > 0 && !isLocked();
  const losses = descent.history.map(({ loss }) => loss), begins = losses.length < 2 || descent.at === 0;
  $("descend-run").textContent = say(descent.timer ? "Pause" : "Run");
  for (const id of ["descend-run", "descend-step"]) $(id).disabled = !can;
  $("descend-start").disabled = !can || !losses.length;
  if (document.activeElement !== $("eta-slider")) $("eta-slider").value = Math.log10(page.eta);
  if (document.activeElement !== $("eta-number")) $("eta-number").value = String(page.eta);
  $("rule").value = page.ruleAt;
  $("rival").value = descent.rival ?? "";
  showLosses(losses, root);
  $("parameter-curves").hidden = !can;
  const rates = can && begins ? lossesByEta() : null;
  if (can) $("parameter-curves").replaceChildren(rates ? ratePlot(rates, root) : trailPlot(losses));
  const [first, now] = [losses[0], losses[descent.at]];
  const grew = losses.length > 3 && (!Number.isFinite(now) || now > 2 * Math.abs(first) + 1e-9 || page.run.refused !== null);
  const numbers = { root, first: decimal(first, page.decimals), now: decimal(now, page.decimals), steps: descent.at };
  $("descend-said").textContent = !parameters.length ? say("no parameters") : begins ? promise(rates, root) : say(grew ? "diverges" : "descended", numbers);
  $("descend-said").classList.toggle("bad", grew);
}

/* The loss over the steps, and beside it that of a mistake. */
function showLosses(losses, root) {
  const shown = losses.length > 1 ? losses : Array(2).fill(losses[0] ?? page.run.numbers[page.graph.root]);
  const rival = losses.length > 1 ? PLAYED[descent.rival ?? -1] : undefined, wrong = rival ? mistakenLosses(rival, losses.length - 1) : [];
  const lines = [{ ys: shown, name: "curve" }, { ys: wrong, name: "rival" }].filter(({ ys }) => ys.length).map((line) => ({ ...line, xs: [...line.ys.keys()] }));
  $("loss-curve").replaceChildren(plot({
    lines, marks: [{ x: descent.at, y: shown[descent.at] }], xName: say("steps"), yName: root, height: 150,
    logarithmic: isSteep([...shown, ...wrong].filter(Number.isFinite)), label: say("loss curve", { root, steps: Math.max(losses.length - 1, 0) }),
    onPick: losses.length > 1 ? (x) => { stopDescent(); descentTo(x); } : null,
  }));
  if (!rival) return;
  const key = { right: '<span class="sample"></span>', mistaken: '<span class="sample rival"></span>', mistake: escapeText(say(`mistake ${rival.key}`)) };
  $("loss-curve").append(make("figcaption", { innerHTML: sayHtml("{right} right, {mistaken} {mistake}", key) }));
}

function ratePlot({ xs, ys }, root) {
  const label = say("{root} after one step", { root });
  return plot({
    lines: [{ xs, ys, name: "curve" }], marks: [{ x: Math.log10(page.eta), y: page.after.numbers[page.graph.root] }], xName: "η", yName: label, label, height: 120,
    logarithmic: isSteep(ys.filter(Number.isFinite)), tickX: (x) => tick(10 ** x), onPick: (x) => { beginChange(); setRate(10 ** x); },
  });
}

/* The first parameters over the steps. */
function trailPlot(losses) {
  const { graph, parameters } = page, some = parameters.slice(0, 6);
  return plot({
    lines: some.map((k, i) => ({ xs: [...losses.keys()], ys: descent.history.map(({ given }) => given[k]), name: `trail trail-${i}` })),
    marks: some.map((k, i) => ({ x: descent.at, y: descent.history[descent.at].given[k], name: `trail-${i}` })), xName: say("steps"),
    yName: some.map((k) => graph.names[graph.leaves[k]]).join(", "), height: 120, label: say("The parameters over the steps"),
  });
}

/* What is said before the first step: what a step does, and which is too long. */
function promise(rates, root) {
  let limit = "";
  if (rates?.tooLong) limit = say("too long", { root, eta: tick(rates.tooLong) });
  else if (rates?.neverWorse) limit = say("never too long", { root, eta: ETA_MOST });
  return `${say("before descent", { root })} ${limit}`.trim();
}

function wireDescent() {
  Object.assign($("eta-slider"), { min: Math.log10(ETA_LEAST), max: Math.log10(ETA_MOST), step: .01 });
  onClick("descend-run", () => (descent.timer ? stopDescent() : runDescent()));
  onClick("descend-step", () => { stopDescent(); descentStep(); render(); });
  onClick("descend-start", () => { stopDescent(); descentTo(0); });
  onChange("rule", (value) => { beginChange(); page.ruleAt = Number(value); descent.history = []; changed(false); });
  onChange("rival", (value) => { descent.rival = value === "" ? null : Number(value); showDescent(); });
  let slid = false;
  $("eta-slider").addEventListener("input", () => {
    if (!slid) beginChange();
    slid = true;
    setRate(10 ** Number($("eta-slider").value));
  });
  onChange("eta-slider", () => { slid = false; });
  takeNumbers($("eta-number"), RATE);
}
