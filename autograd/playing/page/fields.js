/* Numbers as fields of the panel: leaves, constants, η, and which leaves are parameters. */

/* A number that can be typed, dragged on its name, or moved by arrow keys. */
function numberField(name, place, { called, id, disabled = false } = {}) {
  const label = make("span", { innerHTML: name }), text = String(place.now());
  const input = make("input", { id, value: text, disabled, autocomplete: "off", size: Math.max(5, text.length), "aria-label": called ?? label.textContent });
  const field = takeNumbers(input, place);
  input.addEventListener("change", refreshFields);
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") input.blur(); });
  label.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    label.setPointerCapture(event.pointerId);
    input.focus(); // or the panel, and the label with it, would be made anew
    let x = event.clientX;
    whileDown(label, (next) => {
      const steps = Math.round((next.clientX - x) / 5);
      x += steps * 5;
      if (steps) field.move(steps, next.shiftKey);
    }, () => { field.began = false; refreshFields(); });
  });
  return make("label", { className: "number-field" }, label, input);
}

/* While a field is used the panel is not made anew around it. */
function refreshFields() {
  setTimeout(() => { if (!document.activeElement?.closest(".number-field")) render(); }, 0);
}

const isInField = () => Boolean(document.activeElement?.closest("#rows .number-field, #rows .leaf-field"));

const captioned = (caption, ...content) => [make("div", { className: "caption" }, caption), make("div", { className: "content fields" }, ...content)];

/* The leaves in view, each with its number and whether it is a parameter. */
function givenFields() {
  const { leaves } = page.view, math = teller().math, more = leaves.length - MOST_ROWS;
  const fields = leaves.slice(0, MOST_ROWS).map((i) => leafField(i, math));
  if (more > 0) fields.push(say("and {count} more", { count: more }));
  const hint = say(page.parameters.length ? "which learn" : "no parameters");
  return [...captioned(say("leaves"), ...fields), ...captioned("", make("p", { className: "faint" }, hint))];
}

function leafField(i, math) {
  const { graph } = page, name = graph.names[i], k = graph.leaves.indexOf(i), disabled = isLocked();
  const number = numberField(math.finished(math.name(name)), numberAt(k), { called: say("Number of {name}", { name }), disabled });
  number.addEventListener("focusin", () => select(k, false));
  const learns = make("button", {
    id: `learns-${k}`, className: "learns", disabled, title: say("Parameter: takes a step of descent"),
    "aria-label": say("{name} is a parameter", { name }), "aria-pressed": page.parameters.includes(k), onclick: () => changeParameter(k),
  }, "↓");
  return make("span", { className: "leaf-field" }, number, learns);
}

function changeParameter(k) {
  const { parameters } = page;
  beginChange();
  page.parameters = parameters.includes(k) ? parameters.filter((x) => x !== k) : [...parameters, k].sort((a, b) => a - b);
  changed(true);
  $(`learns-${k}`)?.focus();
}

function constantFields(item) {
  const places = item.args.flatMap((arg, place) => (Array.isArray(arg) ? [place] : []));
  if (isLocked() || !places.length) return [];
  return captioned(say("constant"), ...places.map((place) => {
    const k = page.graph.placeOfConstant(item.node, place);
    return numberField(`<span>${escapeText(item.gate.parameters[place])}</span>`, numberAt(k));
  }));
}

/* What a field shows and sets: the learning rate. */
const RATE = { now: () => page.eta, take: setRate, step: (x, way, fine) => x * 10 ** (way / (fine ? 50 : 10)), isValid: (x) => x > 0 && x < Infinity };

const rateField = () => captioned("", numberField("<span>η</span>", RATE, { id: "eta" }));

function setRate(eta) {
  page.eta = Number(eta.toPrecision(3));
  changed(false);
}

function numericSwitch() {
  if (page.mode === "predict") return [];
  const box = make("input", { type: "checkbox", checked: page.numeric, onchange: () => {
    page.numeric = box.checked;
    render();
    $("rows").querySelector("[type=checkbox]")?.focus();
  } });
  return captioned("", make("label", {}, box, ` ${say("compare with (L(x+h) − L(x−h))/2h")}`));
}
