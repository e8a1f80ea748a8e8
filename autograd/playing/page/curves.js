/* Curves: the result as a function of one leaf, and a gate as a function of one input, with their slopes. */

/* Numbers on both sides of this one. */
const around = (x, reach, count) => [...Array(2 * count + 1).keys()].map((i) => x - reach + i * reach / count);

/* A curve with its slope at a point, drawn as a tangent that goes so far to both sides. */
function tangentPlot(curve, { x, y, slope }, reach, options) {
  const tangent = { xs: [x - reach, x + reach], ys: [y - slope * reach, y + slope * reach], name: "tangent" };
  return plot({ lines: [{ ...curve, name: "curve" }, tangent], marks: [{ x, y }], rangeOf: 0, ...options });
}

/* ── the result as a function of a leaf ─────────────────────────────────────────────────── */

function select(k, show) {
  page.selected = k;
  if (show) openTab("curve");
  showCurve();
}

function showCurve() {
  if ($("curve").hidden) return;
  const { graph, run, given, ghost } = page, math = teller().math;
  if (page.selected === null || page.selected >= graph.leaves.length) page.selected = page.parameters[0] ?? 0;
  const k = page.selected, leaf = graph.leaves[k], name = graph.names[leaf], root = graph.names[graph.root];
  const x = given[k], y = run.numbers[graph.root], slope = run.gradients[leaf], reach = Math.max(Math.abs(x), 1) * 1.5;
  $("which").value = k;
  if (!$("curve-number").contains(document.activeElement)) {
    $("curve-number").replaceChildren(numberField(math.finished(math.name(name)), numberAt(k), { id: "selected", called: say("Number of {name}", { name }) }));
  }
  const xs = around(x, reach, 40);
  $("curve-plot").replaceChildren(tangentPlot({ xs, ys: xs.map((other) => graph.lossAt(given.with(k, other))) }, { x, y, slope }, reach / 2, {
    xName: name, yName: root, label: say("as a function of", { root, name }),
    onPick: isLocked() ? null : (picked) => { beginChange(); setGiven(k, Number(picked.toPrecision(3))); },
  }));
  $("curve-slope").innerHTML = math.finished(math.equation(math.derivative(math.name(root), math.name(name)), math.number(slope)));
  const moved = ghost && x !== ghost.given[k] && ghost.given.every((before, j) => j === k || Object.is(before, given[j]));
  $("nudge").textContent = moved ? nudge(k, name, root) : "";
  $("numeric").textContent = page.numeric ? say("numeric derivative", { number: decimal(graph.numericDerivative(given, k), 6), gradient: decimal(slope, 6) }) : "";
  $("compare").checked = page.numeric;
}

/* What the last change of this number alone did to the result, and what its gradient promised. */
function nudge(k, name, root) {
  const { graph, run, given, ghost } = page, dx = given[k] - ghost.given[k];
  const numbers = { dx, dl: run.numbers[graph.root] - ghost.numbers[graph.root], promised: ghost.gradients[graph.leaves[k]] * dx };
  for (const [what, x] of Object.entries(numbers)) numbers[what] = decimal(x, 4);
  return say("nudge", { name, root, ...numbers });
}

/* ── the gate at work as a curve ────────────────────────────────────────────────────────── */

function showSlope(frame, hiding) {
  const figure = $("slope"), drawn = hiding ? null : slopePlot(frame);
  figure.hidden = !drawn;
  if (drawn) figure.replaceChildren(...drawn);
}

/* The curve of a gate that has one: at work forward with one input, or backward for one of its inputs. */
function slopePlot({ kind, item, k = 0, uses = 1 }) {
  const { graph, run } = page;
  if (item?.kind !== "gate" || uses > 1 || run.refused || graph.fixed[item.node]) return null;
  if (kind !== "edge" && !(kind === "forward" && item.edges.length === 1)) return null;
  const args = run.args[item.node], place = placeOfInput(item, k);
  const x = args[place], y = run.numbers[item.node], slope = run.locals[item.node][k];
  if (![x, y, slope].every(Number.isFinite)) return null;
  const gate = GATES[graph.nodes[item.node][1]];
  const at = (other) => { try { return gate(...args.with(place, other)); } catch { return [NaN, []]; } };
  const reach = Math.max(Math.abs(x), 1) * 1.6, xs = around(x, reach, 30), answers = xs.map(at);
  const name = graph.names[item.edges[k].input], output = graph.names[item.node], shown = decimal(slope, page.decimals);
  const curve = { xs, ys: answers.map(([number]) => number), slopes: answers.map(([, locals]) => locals[place]) };
  const label = say("slope of the gate", { output, name, slope: shown });
  return [tangentPlot(curve, { x, y, slope }, reach * .6, { xName: name, yName: output, width: 250, height: 150, label }),
    make("figcaption", {}, say("slope here: {slope}", { slope: withMinus(shown) }))];
}
