/* Curves: the result as a function of one leaf, and a gate as a function of one input, with their slopes. */

function select(k, show) {
  page.selected = k;
  if (show) openTab("touch");
  showTouch();
}

function showTouch() {
  const panel = $("touch");
  if (panel.hidden) return;
  const { graph, run, given } = page, math = teller().math;
  if (page.selected === null || page.selected >= graph.leaves.length) page.selected = page.parameters[0] ?? 0;
  const k = page.selected, leaf = graph.leaves[k], name = graph.names[leaf], root = graph.names[graph.root];
  const inUse = panel.contains(document.activeElement) && document.activeElement.tagName === "INPUT" && document.activeElement.type === "text";
  const slope = run.gradients[leaf], loss = run.numbers[graph.root], number = given[k];
  if (!inUse) {
    const which = document.createElement("select");
    which.id = "which";
    which.setAttribute("aria-label", say("Which leaf"));
    graph.leaves.forEach((i, place) => which.add(new Option(graph.names[i], place, false, place === k)));
    which.addEventListener("change", () => { select(Number(which.value), true); $("which").focus(); });
    const field = numberField(math.finished(math.name(name)), number, (x) => setGiven(k, x), { id: "selected", name: say("Number of {name}", { name }) });
    const top = document.createElement("div");
    top.className = "fields";
    top.append(which, field);
    panel.replaceChildren(top, document.createElement("figure"), document.createElement("div"));
  } else if (document.activeElement.id !== "selected") $("selected").value = String(number);
  const reach = Math.max(Math.abs(number), 1) * 1.5;
  const xs = [...Array(81).keys()].map((i) => number - reach + i * reach / 40);
  const ys = xs.map((x) => { const moved = Float64Array.from(given); moved[k] = x; return graph.lossAt(moved); });
  const figure = panel.querySelector("figure");
  figure.replaceChildren(plot({
    lines: [{ xs, ys, name: "curve" }, { xs: [number - reach / 2, number + reach / 2], ys: [loss - slope * reach / 2, loss + slope * reach / 2], name: "tangent" }],
    marks: [{ x: number, y: loss }], xName: name, yName: root, rangeOf: 0,
    label: say("as a function of", { root, name }), onPick: isLocked() ? null : (x) => { beginChange(); setGiven(k, Number(x.toPrecision(3))); },
  }));
  const told = [math.finished(math.equation(math.derivative(math.name(root), math.name(name)), math.number(slope)))];
  const said = document.createElement("div");
  said.className = "readout";
  said.innerHTML = told.join("");
  const { ghost } = page, moved = ghost ? number - ghost.given[k] : 0;
  if (moved && ghost.given.every((x, j) => j === k || Object.is(x, given[j]))) {
    const nudge = document.createElement("p");
    const change = loss - ghost.numbers[graph.root], promised = ghost.gradients[leaf] * moved;
    nudge.id = "nudge";
    nudge.textContent = say("nudge", { name, root, dx: decimal(moved, 4), dl: decimal(change, 4), promised: decimal(promised, 4) });
    said.append(nudge);
  }
  if (page.numeric) {
    const numeric = document.createElement("p");
    numeric.id = "numeric";
    numeric.textContent = say("numeric derivative", { number: decimal(graph.numericDerivative(given, k), 6), gradient: decimal(slope, 6) });
    said.append(numeric);
  }
  const compare = document.createElement("label"), box = document.createElement("input");
  box.type = "checkbox";
  box.id = "compare";
  box.checked = page.numeric;
  box.addEventListener("change", () => { page.numeric = box.checked; render(); $("compare").focus(); });
  compare.append(box, ` ${say("compare with (L(x+h) − L(x−h))/2h")}`);
  said.append(compare);
  panel.lastChild.replaceChildren(said);
}

/* ── the gate at work as a curve ────────────────────────────────────────────────────────── */

function showSlope(frame, hiding) {
  const figure = $("slope"), { item } = frame;
  const k = frame.kind === "edge" ? frame.k : frame.kind === "forward" && item?.edges.length === 1 ? 0 : -1;
  figure.hidden = hiding || k < 0 || frame.uses > 1 || item.kind !== "gate" || page.run.refused !== null || page.graph.fixed[item.node] !== undefined;
  if (figure.hidden) return;
  const { graph, run } = page, edge = item.edges[k], args = run.args[item.node];
  const place = item.args.map((arg, i) => [arg, i]).filter(([arg]) => Number.isInteger(arg))[k][1];
  const here = args[place], there = run.numbers[item.node], slope = run.locals[item.node][k];
  if (![here, there, slope].every(Number.isFinite)) { figure.hidden = true; return; }
  const reach = Math.max(Math.abs(here), 1) * 1.6, name = graph.names[edge.input], output = graph.names[item.node];
  const gate = GATES[graph.nodes[item.node][1]];
  const at = (x) => { try { return gate(...args.map((arg, i) => (i === place ? x : arg))); } catch { return [NaN, []]; } };
  const xs = [...Array(61).keys()].map((i) => here - reach + i * reach / 30), answers = xs.map(at);
  figure.replaceChildren(plot({
    lines: [{ xs, ys: answers.map(([y]) => y), slopes: answers.map(([, locals]) => locals[place]), name: "curve" }, { xs: [here - reach * .6, here + reach * .6], ys: [there - slope * reach * .6, there + slope * reach * .6], name: "tangent" }],
    marks: [{ x: here, y: there }], xName: name, yName: output, width: 250, height: 150, rangeOf: 0,
    label: say("slope of the gate", { output, name, slope: decimal(slope, page.decimals) }),
  }));
  const caption = document.createElement("figcaption");
  caption.textContent = say("slope here: {slope}", { slope: withMinus(decimal(slope, page.decimals)) });
  figure.append(caption);
}
