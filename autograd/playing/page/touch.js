/* Touching numbers: a leaf's number is dragged in the picture, or typed; constants and η are typed in the panel. */

/* So much an arrow key or a few pixels move a number: a tenth of its first digit's place. */
function stepOf(number, fine) {
  const size = Math.abs(number) < 1e-6 ? 1 : 10 ** Math.floor(Math.log10(Math.abs(number)));
  return Math.max(size, .1) / (fine ? 100 : 10);
}

/* A number after steps, without digits that only rounding brings. */
const stepped = (number, by) => Number((number + by).toPrecision(12));

/* ── in the picture ─────────────────────────────────────────────────────────────────────── */

const isLocked = () => page.mode !== "watch";

function leafOfBox(element) {
  const group = element.closest?.(".value.leaf, .chip");
  const box = group && (parts.chips.get(group.id) ?? parts.values.get(group.id));
  return box && box.nodes.length === 1 ? page.graph.leaves.indexOf(box.nodes[0]) : -1;
}

/* Whether a press begins to drag a leaf's number. */
function touchStarts(event) {
  const k = leafOfBox(event.target);
  if (k < 0 || isLocked() || event.button) return false;
  const began = { x: event.clientX, number: page.given[k], moved: false }, picture = $("picture");
  const move = (next) => {
    const dx = next.clientX - began.x;
    if (!began.moved) {
      if (Math.abs(dx) < 5) return;
      began.moved = true;
      picture.setPointerCapture(event.pointerId);
      pause();
      beginChange();
      select(k, false);
    }
    const step = stepOf(began.number, next.shiftKey);
    setGiven(k, stepped(Math.round(began.number / step) * step, Math.round(dx / 4) * step));
  };
  const end = () => {
    picture.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) picture.removeEventListener(name, end);
    if (began.moved) picture.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
  };
  picture.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) picture.addEventListener(name, end);
  return true;
}

/* A field over a leaf's box, to type in. */
function edit(k) {
  if (isLocked()) return;
  const box = $(page.view.box(graphLeaf(k))), editor = $("editor");
  if (!box) return;
  select(k, true);
  camera.reveal(box);
  const place = box.getBoundingClientRect(), stage = $("stage").getBoundingClientRect();
  editor.hidden = false;
  editor.style.left = `${place.left - stage.left + place.width / 2}px`;
  editor.style.top = `${place.top - stage.top + place.height / 2}px`;
  editor.value = String(page.given[k]);
  editor.setAttribute("aria-label", say("number of", { name: page.graph.names[graphLeaf(k)] }));
  editor.dataset.place = k;
  editor.dataset.began = "";
  editor.focus();
  editor.select();
}

function closeEditor(focusBox) {
  const editor = $("editor");
  if (editor.hidden) return;
  editor.hidden = true;
  if (focusBox) $(page.view.box(graphLeaf(Number(editor.dataset.place))))?.focus();
}

function wireEditor() {
  const editor = $("editor");
  const take = (number) => {
    if (Number.isNaN(number)) return editor.classList.add("bad");
    editor.classList.remove("bad");
    if (number === page.given[Number(editor.dataset.place)]) return undefined;
    if (!editor.dataset.began) beginChange();
    editor.dataset.began = "yes";
    return setGiven(Number(editor.dataset.place), number);
  };
  editor.addEventListener("input", () => { if (editor.value.trim()) take(readNumber(editor.value)); });
  editor.addEventListener("blur", () => closeEditor(false));
  editor.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); closeEditor(true); }
    if (event.key === "Escape") {
      if (editor.dataset.began) undo();
      closeEditor(true);
    }
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const now = page.given[Number(editor.dataset.place)];
    take(stepped(now, way * stepOf(now, event.shiftKey)));
    editor.value = String(page.given[Number(editor.dataset.place)]);
  });
}

/* ── fields in the panel ────────────────────────────────────────────────────────────────── */

/* A number that can be typed, dragged on its name, or moved by arrow keys. */
function numberField(name, number, take, options = {}) {
  const field = document.createElement("label"), label = document.createElement("span"), input = document.createElement("input");
  field.className = "number-field";
  label.innerHTML = name;
  input.value = String(number);
  input.autocomplete = "off";
  input.setAttribute("aria-label", options.name ?? label.textContent);
  input.size = Math.max(5, input.value.length);
  if (options.id) input.id = options.id;
  const step = options.step ?? ((x, way, fine) => stepped(x, way * stepOf(x, fine)));
  let now = number, began = false;
  const set = (next) => {
    input.classList.toggle("bad", Number.isNaN(next));
    if (Number.isNaN(next) || next === now) return;
    if (!began) beginChange();
    began = true;
    now = next;
    take(next);
  };
  input.addEventListener("change", () => { set(readNumber(input.value)); began = false; refreshFields(); });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") input.blur();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    set(step(now, way, event.shiftKey));
    input.value = String(now);
  });
  label.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    label.setPointerCapture(event.pointerId);
    let x = event.clientX;
    const move = (next) => {
      const steps = Math.round((next.clientX - x) / 5);
      if (!steps) return;
      x += steps * 5;
      set(step(now, steps, next.shiftKey));
      input.value = String(now);
    };
    label.addEventListener("pointermove", move);
    label.addEventListener("pointerup", () => { label.removeEventListener("pointermove", move); began = false; refreshFields(); }, { once: true });
  });
  field.append(label, input);
  return field;
}

/* While a field is used the panel is not made anew around it. */
function refreshFields() {
  setTimeout(() => { if (!document.activeElement?.closest(".number-field")) render(); }, 0);
}

const isInField = () => Boolean(document.activeElement?.closest("#rows .number-field, #rows .leaf-field"));

function captioned(caption, ...content) {
  const left = document.createElement("div"), right = document.createElement("div");
  left.className = "caption";
  left.textContent = caption;
  right.className = "content fields";
  right.append(...content);
  return [left, right];
}

/* The leaves in view, each with its number and whether it is a parameter. */
function givenFields() {
  const { graph, view } = page, math = teller().math;
  const fields = view.leaves.slice(0, 40).map((i) => {
    const k = graph.leaves.indexOf(i), field = document.createElement("span"), learns = document.createElement("button");
    field.className = "leaf-field";
    learns.className = "learns";
    learns.textContent = "↓";
    learns.title = say("parameter");
    learns.setAttribute("aria-label", say("parameter of", { name: graph.names[i] }));
    learns.setAttribute("aria-pressed", page.parameters.includes(k));
    learns.disabled = isLocked();
    learns.addEventListener("click", () => {
      beginChange();
      page.parameters = page.parameters.includes(k) ? page.parameters.filter((x) => x !== k) : [...page.parameters, k].sort((a, b) => a - b);
      changed(true);
      [...document.querySelectorAll(".learns")].find((button) => button.getAttribute("aria-label") === learns.getAttribute("aria-label"))?.focus();
    });
    const number = numberField(math.finished(math.name(graph.names[i])), page.given[k], (x) => setGiven(k, x), { name: say("number of", { name: graph.names[i] }) });
    number.querySelector("input").disabled = isLocked();
    number.addEventListener("focusin", () => select(k, false));
    field.append(number, learns);
    return field;
  });
  const more = view.leaves.length - fields.length;
  if (more > 0) fields.push(document.createTextNode(say("and more", { count: more })));
  const hint = document.createElement("p");
  hint.className = "faint";
  hint.textContent = page.parameters.length ? say("which learn") : say("no parameters");
  return [...captioned(say("leaves"), ...fields), ...captioned("", hint)];
}

function constantFields(item) {
  if (isLocked()) return EMPTY;
  const constants = item.args.map((arg, place) => [arg, place]).filter(([arg]) => Array.isArray(arg));
  if (!constants.length) return EMPTY;
  const fields = constants.map(([, place]) => {
    const k = page.graph.placeOfConstant(item.node, place);
    return numberField(`<span>${escapeText(item.gate.parameters[place])}</span>`, page.given[k], (x) => setGiven(k, x));
  });
  return captioned(say("constant"), ...fields);
}

function rateFields() {
  return captioned("", numberField("<span>η</span>", page.eta, setRate, { step: (x, way, fine) => stepped(x, 0) * 10 ** (way / (fine ? 50 : 10)), id: "eta" }));
}

function setRate(eta) {
  if (!(eta > 0)) return;
  page.eta = Number(eta.toPrecision(3));
  changed(false);
}

function numericSwitch() {
  const label = document.createElement("label"), box = document.createElement("input");
  box.type = "checkbox";
  box.checked = page.numeric;
  box.addEventListener("change", () => { page.numeric = box.checked; render(); $("rows").querySelector("[type=checkbox]")?.focus(); });
  label.append(box, ` ${say("compare with differences")}`);
  return page.mode === "predict" ? EMPTY : captioned("", label);
}

/* ── beside the step: one leaf, and how the result depends on it ────────────────────────── */

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
    which.setAttribute("aria-label", say("which leaf"));
    graph.leaves.forEach((i, place) => which.add(new Option(graph.names[i], place, false, place === k)));
    which.addEventListener("change", () => { select(Number(which.value), true); $("which").focus(); });
    const field = numberField(math.finished(math.name(name)), number, (x) => setGiven(k, x), { id: "selected", name: say("number of", { name }) });
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
  compare.append(box, ` ${say("compare with differences")}`);
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
  const at = (x) => { try { return gate(...args.map((arg, i) => (i === place ? x : arg)))[0]; } catch { return NaN; } };
  const xs = [...Array(61).keys()].map((i) => here - reach + i * reach / 30);
  figure.replaceChildren(plot({
    lines: [{ xs, ys: xs.map(at), name: "curve" }, { xs: [here - reach * .6, here + reach * .6], ys: [there - slope * reach * .6, there + slope * reach * .6], name: "tangent" }],
    marks: [{ x: here, y: there }], xName: name, yName: output, width: 250, height: 150, rangeOf: 0,
    label: say("slope of the gate", { output, name, slope: decimal(slope, page.decimals) }),
  }));
  const caption = document.createElement("figcaption");
  caption.textContent = say("slope here", { slope: withMinus(decimal(slope, page.decimals)) });
  figure.append(caption);
}
