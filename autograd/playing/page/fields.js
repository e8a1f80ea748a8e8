/* Numbers as fields of the panel: leaves, constants, η, and which leaves are parameters. */

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
    learns.title = say("Parameter: takes a step of descent");
    learns.setAttribute("aria-label", say("{name} is a parameter", { name: graph.names[i] }));
    learns.setAttribute("aria-pressed", page.parameters.includes(k));
    learns.disabled = isLocked();
    learns.addEventListener("click", () => {
      beginChange();
      page.parameters = page.parameters.includes(k) ? page.parameters.filter((x) => x !== k) : [...page.parameters, k].sort((a, b) => a - b);
      changed(true);
      [...document.querySelectorAll(".learns")].find((button) => button.getAttribute("aria-label") === learns.getAttribute("aria-label"))?.focus();
    });
    const number = numberField(math.finished(math.name(graph.names[i])), page.given[k], (x) => setGiven(k, x), { name: say("Number of {name}", { name: graph.names[i] }) });
    number.querySelector("input").disabled = isLocked();
    number.addEventListener("focusin", () => select(k, false));
    field.append(number, learns);
    return field;
  });
  const more = view.leaves.length - fields.length;
  if (more > 0) fields.push(document.createTextNode(say("and {count} more", { count: more })));
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
  label.append(box, ` ${say("compare with (L(x+h) − L(x−h))/2h")}`);
  return page.mode === "predict" ? EMPTY : captioned("", label);
}
