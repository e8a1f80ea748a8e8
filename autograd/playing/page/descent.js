/* Gradient descent, step after step: run, pause, go back to any step, and what a mistake would make of it. */

const MOST_STEPS = 1000;

const descent = { history: [], at: 0, timer: 0, rival: null };

const ETA_LEAST = 1e-4, ETA_MOST = 100;

/* One more step from where the descent is; steps that were gone back over are forgotten. */
function descentStep() {
  const { graph, parameters, rule, eta } = page;
  if (!parameters.length) return false;
  if (!isWhereItWas()) descent.history = [];
  if (!descent.history.length) {
    beginChange();
    descent.history = [{ given: Float64Array.from(page.given), loss: page.run.numbers[graph.root], memory: new Map() }];
    descent.at = 0;
  }
  descent.history.length = descent.at + 1;
  const { memory } = descent.history[descent.at];
  const next = descend(graph, page.given, page.run.gradients, parameters, rule, eta, memory, descent.at + 1);
  if (![...next.given].every((x, k) => Number.isFinite(x) || !parameters.includes(k))) return false;
  page.ghost = null;
  page.given = next.given;
  compute();
  descent.history.push({ given: Float64Array.from(next.given), loss: page.run.numbers[graph.root], memory: next.memory });
  descent.at += 1;
  return !page.run.refused && Number.isFinite(page.run.numbers[graph.root]) && descent.at < MOST_STEPS;
}

/* Whether the numbers are those that the descent arrived at. */
function isWhereItWas() {
  const here = descent.history[descent.at];
  return here !== undefined && here.given.every((x, k) => Object.is(x, page.given[k]));
}

function descentTo(i) {
  descent.at = Math.min(Math.max(Math.round(i), 0), descent.history.length - 1);
  page.given = Float64Array.from(descent.history[descent.at].given);
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
  const { graph, parameters, rule, eta } = page, losses = [];
  let { given } = descent.history[0], memory = new Map(), left = new Float64Array(graph.size);
  for (let i = 0; i <= steps; i += 1) {
    const run = graph.run(given);
    losses.push(run.numbers[graph.root]);
    if (run.refused) break;
    const gradients = mistakenGradients(graph, run, mistake, left);
    left = gradients;
    ({ given, memory } = descend(graph, given, gradients, parameters, rule, eta, memory, i + 1));
  }
  return losses;
}

/* The loss after one step, for every η of the slider: beyond which it grows, a step is too long. */
function lossesByEta() {
  const { graph, given, run, parameters, rule } = page, [first, last] = [ETA_LEAST, ETA_MOST].map(Math.log10);
  const xs = [...Array(61).keys()].map((i) => first + i * (last - first) / 60);
  const ys = xs.map((x) => graph.lossAt(descend(graph, given, run.gradients, parameters, rule, 10 ** x, new Map(), 1).given));
  const worse = ys.findLastIndex((y) => y <= run.numbers[graph.root]) + 1;
  return { xs, ys, tooLong: worse < ys.length ? 10 ** xs[worse] : null };
}

/* Whether losses are told apart by their powers of ten only. */
const isSteep = (losses) => Math.min(...losses) > 0 && Math.max(...losses) > 1e3 * Math.max(Math.min(...losses), 1e-12);

function showDescent() {
  const panel = $("descend");
  if (panel.hidden) return;
  if (!panel.firstChild) makeDescent(panel);
  const { graph, parameters } = page, losses = descent.history.map(({ loss }) => loss);
  const can = parameters.length > 0 && !isLocked();
  $("descend-run").textContent = say(descent.timer ? "Pause" : "Run");
  for (const id of ["descend-run", "descend-step", "descend-start"]) $(id).disabled = !can;
  $("descend-start").disabled = !can || !descent.history.length;
  if (document.activeElement !== $("eta-slider")) $("eta-slider").value = Math.log10(page.eta);
  if (document.activeElement !== $("eta-number")) $("eta-number").value = String(page.eta);
  $("rule").value = page.ruleAt;
  const root = graph.names[graph.root], shown = losses.length ? losses : [page.run.numbers[graph.root]];
  const wrong = descent.rival !== null && losses.length > 1 ? mistakenLosses(PLAYED[descent.rival], Math.max(losses.length - 1, 1)) : [];
  const all = [...shown, ...wrong].filter(Number.isFinite), steep = isSteep(all);
  const xs = (ys) => [...ys.keys()];
  const lines = [{ xs: shown.length > 1 ? xs(shown) : [0, 1], ys: shown.length > 1 ? shown : [shown[0], shown[0]], name: "curve" }];
  if (wrong.length) lines.push({ xs: xs(wrong), ys: wrong, name: "rival" });
  $("loss-curve").replaceChildren(plot({
    lines, marks: [{ x: descent.at, y: shown[descent.at] ?? shown.at(-1) }], xName: say("steps"), yName: root, logarithmic: steep, height: 150,
    label: say("loss curve", { root, steps: losses.length ? losses.length - 1 : 0 }), onPick: losses.length > 1 ? (x) => { stopDescent(); descentTo(x); } : null,
  }));
  const said = wrong.length ? document.createElement("figcaption") : "";
  if (said) said.innerHTML = sayHtml("{right} right, {mistaken} {mistake}", { right: '<span class="sample"></span>', mistaken: '<span class="sample rival"></span>', mistake: escapeText(say(`mistake ${PLAYED[descent.rival].key}`)) });
  $("loss-curve").append(said);
  const trail = $("parameter-curves"), begins = losses.length < 2 || descent.at === 0;
  trail.hidden = !can;
  const byEta = can && begins ? lossesByEta() : null;
  if (byEta) {
    const { xs, ys } = byEta, here = Math.log10(page.eta);
    trail.replaceChildren(plot({
      lines: [{ xs, ys, name: "curve" }], marks: [{ x: here, y: page.after.numbers[graph.root] }], xName: "η", yName: say("{root} after one step", { root }), height: 120,
      logarithmic: isSteep(ys.filter(Number.isFinite)), tickX: (x) => tick(10 ** x), label: say("{root} after one step", { root }), onPick: (x) => { beginChange(); setRate(10 ** x); },
    }));
  } else if (can) {
    const some = parameters.slice(0, 6);
    trail.replaceChildren(plot({
      lines: some.map((k, i) => ({ xs: xs(losses), ys: descent.history.map(({ given }) => given[k]), name: `trail trail-${i}` })),
      marks: some.map((k, i) => ({ x: descent.at, y: descent.history[descent.at].given[k], name: `trail-${i}` })), xName: say("steps"),
      yName: some.map((k) => graph.names[graph.leaves[k]]).join(", "), height: 120, label: say("The parameters over the steps"),
    }));
  }
  const [first, now] = [losses[0], losses[descent.at]], grew = losses.length > 3 && (!Number.isFinite(now) || now > 2 * Math.abs(first) + 1e-9 || page.run.refused);
  const tooLong = byEta && (byEta.tooLong ? say("too long", { root, eta: tick(byEta.tooLong) }) : say("never too long", { root, eta: ETA_MOST }));
  $("descend-said").textContent = !parameters.length ? say("no parameters") : begins ? `${say("before descent", { root })} ${tooLong ?? ""}`
    : say(grew ? "diverges" : "descended", { root, first: decimal(first, page.decimals), now: decimal(now, page.decimals), steps: descent.at });
  $("descend-said").classList.toggle("bad", Boolean(grew));
}

function makeDescent(panel) {
  panel.innerHTML = `<div class="controls"><div class="segments">
      <button id="descend-run"></button><button id="descend-step"></button><button id="descend-start" class="icon"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 2h2v12H2zM14 2v12L5 8z"/></svg></button></div>
      <div class="fields"><label for="eta-slider">η</label><input id="eta-number" inputmode="decimal" size="6" autocomplete="off">
        <input id="eta-slider" type="range" min="${Math.log10(ETA_LEAST)}" max="${Math.log10(ETA_MOST)}" step="0.01"></div>
      <label><span>${escapeText(say("method"))}</span> <select id="rule"></select></label>
      <label><span>${escapeText(say("beside it:"))}</span> <select id="rival"></select></label>
      <p id="descend-said" role="status"></p></div>
    <div><figure id="loss-curve"></figure><figure id="parameter-curves" hidden></figure></div>`;
  $("descend-step").textContent = say("One step");
  $("descend-start").title = say("Back to the start");
  $("descend-start").setAttribute("aria-label", say("Back to the start"));
  RULES.forEach((rule, i) => $("rule").add(new Option(sayRule(rule), i)));
  $("rival").add(new Option(say("no mistake"), ""));
  PLAYED.forEach((mistake, i) => $("rival").add(new Option(say(`mistake ${mistake.key}`), i)));
  $("rival").value = descent.rival ?? "";
  $("rival").setAttribute("aria-label", say("Which mistake"));
  $("eta-number").setAttribute("aria-label", say("rate"));
  $("eta-slider").setAttribute("aria-label", say("rate"));
  $("descend-run").addEventListener("click", () => (descent.timer ? stopDescent() : runDescent()));
  $("descend-step").addEventListener("click", () => { stopDescent(); descentStep(); render(); });
  $("descend-start").addEventListener("click", () => { stopDescent(); descentTo(0); });
  $("rule").addEventListener("change", () => { beginChange(); page.ruleAt = Number($("rule").value); descent.history = []; changed(false); });
  $("rival").addEventListener("change", () => { descent.rival = $("rival").value === "" ? null : Number($("rival").value); showDescent(); });
  $("eta-slider").addEventListener("input", () => setRate(10 ** Number($("eta-slider").value)));
  $("eta-slider").addEventListener("pointerdown", beginChange);
  $("eta-number").addEventListener("keydown", (event) => event.stopPropagation());
  $("eta-number").addEventListener("change", () => { beginChange(); setRate(readNumber($("eta-number").value)); });
}
