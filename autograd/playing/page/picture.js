/* The picture: the drawing of a view, painted with the numbers of a frame. */

const parts = { values: new Map(), gates: new Map(), edges: new Map(), chips: new Map() };

function showPicture() {
  const { view } = page, picture = $("picture");
  picture.innerHTML = view.svg;
  for (const map of Object.values(parts)) map.clear();
  const svg = picture.querySelector("svg");
  svg.querySelector("g").id = "drawn";
  for (const group of svg.querySelectorAll("g[class]")) {
    const kind = group.classList;
    if (kind.contains("value")) parts.values.set(group.id, valueParts(group));
    else if (kind.contains("gate") || kind.contains("group")) parts.gates.set(group.id, group);
    else if (kind.contains("chip")) parts.chips.set(group.id, chipParts(group));
    else if (kind.contains("edge")) parts.edges.set(group.id, edgeParts(group));
    else if (kind.contains("frame")) closes(group.querySelector("text"));
  }
  for (const [id, group] of [...[...parts.values].map(([id, { group }]) => [id, group]), ...parts.gates]) {
    group.tabIndex = -1;
    group.setAttribute("role", "button");
    if (view.opens[id] !== undefined) {
      group.dataset.opens = view.opens[id];
      group.setAttribute("aria-label", say("open", { name: group.textContent.replace("⊕", " ").trim() }));
    } else if (parts.gates.has(id)) {
      const item = view.items.find((item) => item.mark === id);
      if (item?.kind === "gate" && item.args.some(Array.isArray)) group.classList.add("constant");
    }
    group.addEventListener("click", () => choose(id));
  }
  camera.load(svg);
}

function valueParts(group) {
  const [label, number, gradient] = ["label", "number", "gradient"].map((name) => group.querySelector(`.${name}`));
  const base = ["leaf", "several", "made"].filter((name) => group.classList.contains(name)).join(" ");
  const ghost = number.cloneNode();
  ghost.setAttribute("class", "ghost");
  const outline = group.querySelector("path, rect").getBBox();
  ghost.setAttribute("y", outline.y - 2.5);
  group.append(ghost);
  for (const text of group.querySelectorAll("text")) text.before(" "); // so that they are read as words
  const place = Number(/\d+$/.exec(group.id)[0]);
  return { group, label: label?.textContent ?? say("value"), number, gradient, ghost, base, room: 2 * (outline.x + outline.width - Number(number.getAttribute("x"))) - 8, nodes: page.view.together(place) };
}

/* A small box that shows once more what another one shows. */
function chipParts(group) {
  const number = group.querySelector(".number"), outline = group.querySelector("path").getBBox();
  const label = group.querySelector(".label").getBBox();
  group.addEventListener("click", () => choose(group.dataset.shows));
  return { group, number, nodes: [Number(/\d+$/.exec(group.dataset.shows)[0])], room: outline.x + outline.width - label.x - label.width - 10 };
}

function edgeParts(group) {
  group.classList.remove("positive", "negative", "both", "none", "unknown");
  const path = group.querySelector("path");
  if (path) {
    const core = path.cloneNode();
    core.classList.add("core");
    path.after(core);
  }
  return { group, text: group.querySelector("text") };
}

function closes(title) {
  title.setAttribute("role", "button");
  title.setAttribute("aria-label", say("close", { name: sayTitle(title.textContent.replace("⊖", "").trim()) }));
  title.addEventListener("click", closeView);
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function setClass(element, name) {
  if (element && element.getAttribute("class") !== name) element.setAttribute("class", name);
}

function direction(flows) {
  const positive = flows.some((x) => x > 0), negative = flows.some((x) => x < 0);
  return positive && negative ? "both" : positive ? "positive" : negative ? "negative" : "none";
}

const strength = (flows) => Math.max(0, ...flows.map(Math.abs).filter(Number.isFinite));

/* How wide a gradient of this strength is drawn where `strongest` is the strongest. */
const widthOf = (flow, strongest) => 1 + 4 * Math.sqrt(strongest ? Math.min(flow / strongest, 1) : 1);

/* The picture as it is after a frame; what is asked for is hidden. While a number is being changed, what is out of
   sight is painted a moment later. */
function paint(frame, hiding, hurried = false) {
  clearTimeout(paint.timer);
  if (hurried) paint.timer = setTimeout(() => paint(page.frames[page.at], asksNow()), 120);
  const { view, run, after, frames } = page, mistake = currentMistake();
  const shown = pictureAt(view, frames, hiding ? page.at - 1 : page.at, run, after, mistake);
  const active = new Set(frame.active), backward = frame.phase === "backward";
  let strongest = 0;
  for (const item of view.items) for (const flow of view.flows(item, run)) if (Number.isFinite(flow)) strongest = Math.max(strongest, Math.abs(flow));
  for (const [id, box] of parts.values) {
    if (hurried && !camera.sees(box.group)) continue;
    const hidden = hiding && id === frame.focus;
    const numbers = box.nodes.map((i) => shown.numbers.get(i)), gradients = box.nodes.map((i) => shown.gradients.get(i));
    const number = hidden && !backward ? "?" : numbers[0] === undefined ? "…" : span(numbers, pictureDecimals(frame, id));
    const known = gradients[0] !== undefined, gradient = hidden && backward ? "?" : known ? span(gradients, page.decimals) : "…";
    const sign = !known || gradient === "?" ? "unset" : gradients.length > 1 ? "mixed" : ["negative", "zero", "positive"][Math.sign(gradients[0]) + 1] ?? "mixed";
    const right = box.nodes.length === 1 ? shown.wrong.get(box.nodes[0]) : undefined;
    const ghost = page.ghost && numbers[0] !== undefined && !hiding && box.nodes.some((i) => !same(page.ghost.numbers[i], run.numbers[i]))
      ? span(box.nodes.map((i) => page.ghost.numbers[i]), page.decimals) : "";
    const classes = ["node value", box.base];
    if (number === "…") classes.push("unset");
    if (active.has(id)) classes.push("active");
    if (frame.focus === id) classes.push("focus");
    if (right !== undefined) classes.push("wrong");
    if (page.selected !== null && box.nodes.includes(graphLeaf(page.selected))) classes.push("selected");
    const now = [number, gradient, sign, classes.join(" "), right, ghost].join("|");
    if (now === box.now) continue;
    box.now = now;
    fill(box.number, withMinus(number), box.room);
    fill(box.gradient, `∂ ${withMinus(gradient)}`, box.room);
    setText(box.ghost, withMinus(ghost));
    setClass(box.gradient, `gradient ${sign}`);
    setClass(box.group, classes.join(" "));
    const should = right !== undefined ? `, ${say("which should be", { number: decimal(right, page.decimals) })}` : "";
    const seen = [box.label, withMinus(number), "∂", withMinus(gradient), withMinus(ghost)].filter(Boolean).join(" ");
    box.group.setAttribute("aria-label", known ? seen + should : `${seen}, ${say("gradient not reached")}`);
  }
  for (const { group, number, nodes, room } of parts.chips.values()) {
    const hidden = hiding && group.dataset.shows === frame.focus && !backward, x = shown.numbers.get(nodes[0]);
    fill(number, hidden ? "?" : x === undefined ? "…" : withMinus(decimal(x, page.decimals)), room);
    group.classList.toggle("active", active.has(group.dataset.shows));
  }
  for (const [id, group] of parts.gates) group.classList.toggle("active", active.has(id));
  for (const [id, edge] of parts.edges) {
    if (hurried && !camera.sees(edge.group)) continue;
    const flows = shown.flows.get(id), local = shown.known.get(id);
    const classes = ["edge"];
    if (flows) classes.push("flowed", direction(flows));
    if (active.has(id)) classes.push("active");
    if (local !== undefined) classes.push("known");
    const width = flows ? widthOf(strength(flows), strongest).toFixed(2) : "1";
    const flag = shown.flags.get(id), label = local === undefined ? "" : (flag ? `${flag} ` : "") + withMinus(decimal(local, page.decimals));
    const now = [classes.join(" "), width, label].join("|");
    if (now === edge.now) continue;
    edge.now = now;
    setClass(edge.group, classes.join(" "));
    edge.group.style.setProperty("--width", width);
    setText(edge.text, label);
  }
}

/* After the update a number has so many decimals that its change shows. */
function pictureDecimals(frame, id) {
  if (!["update", "again"].includes(frame.phase) || page.decimals === Infinity) return page.decimals;
  const [node, ...others] = parts.values.get(id).nodes;
  return others.length ? page.decimals : decimalsShowing(page.after.numbers[node] - page.run.numbers[node], 2, page.decimals);
}

/* Text that is too long for its box is set smaller. */
function fill(element, text, room) {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  const wide = text.length * 6.6;
  element.style.fontSize = wide > room ? `${Math.max(12 * room / wide, 5).toFixed(1)}px` : "";
}

/* ── the camera ─────────────────────────────────────────────────────────────────────────── */

const camera = {
  whole: null, at: null, svg: null, chosen: 0, moving: 0,

  load(svg) {
    this.svg = svg;
    this.whole = svg.viewBox.baseVal;
    this.whole = { x: this.whole.x, y: this.whole.y, width: this.whole.width, height: this.whole.height };
    this.chosen = 0;
    this.at = null;
    for (const name of ["width", "height", "data-width", "data-height"]) svg.removeAttribute(name);
  },

  /* Pixels per point of the drawing: so that all is seen if it can be read then, else so that it can be read. */
  scale() {
    const picture = $("picture"), { width, height } = this.whole;
    const fitting = Math.min(picture.clientWidth / width, picture.clientHeight / height);
    if (this.chosen === "fit") return fitting;
    if (this.chosen) return this.chosen;
    const readable = Math.max(innerHeight * (document.body.classList.contains("presenting") ? .04 : .026), 13) / 12;
    return Math.min(Math.max(fitting, Math.min(readable, picture.clientHeight / 90)), 4);
  },

  rectangle(center, room = { width: 0, height: 0 }) {
    const picture = $("picture");
    const scale = Math.min(this.scale(), picture.clientWidth / room.width, picture.clientHeight / room.height);
    const width = picture.clientWidth / scale, height = picture.clientHeight / scale;
    const along = (from, size, whole, at) => (whole >= size ? from + (size - whole) / 2 : Math.min(Math.max(at - whole / 2, from), from + size - whole));
    return {
      x: along(this.whole.x, this.whole.width, width, center.x), y: along(this.whole.y, this.whole.height, height, center.y), width, height,
    };
  },

  /* To where the frame's gate is, unless it is in sight. */
  follow(always) {
    const frame = page.frames[page.at];
    const boxes = frame.active.map((id) => parts.values.get(id)?.group ?? parts.gates.get(id)).filter(Boolean).map(placeOf);
    const here = this.at ?? this.rectangle({ x: this.whole.x, y: this.whole.y });
    if (!boxes.length) return this.show(always || !this.at ? this.rectangle(middle(here)) : here, true);
    const left = Math.min(...boxes.map((b) => b.left)), right = Math.max(...boxes.map((b) => b.right));
    const top = Math.min(...boxes.map((b) => b.top)), bottom = Math.max(...boxes.map((b) => b.bottom));
    const inSight = left >= here.x && right <= here.x + here.width && top >= here.y && bottom <= here.y + here.height;
    const room = this.chosen ? undefined : { width: right - left + 8, height: bottom - top + 8 };
    const next = this.rectangle(inSight && !always ? middle(here) : { x: (left + right) / 2, y: (top + bottom) / 2 }, room);
    const far = Math.hypot(next.x - here.x, next.y - here.y) > 2 * here.width;
    return this.show(next, !this.at || far || matchMedia("(prefers-reduced-motion: reduce)").matches);
  },

  /* Whether any of an element is in sight. */
  sees(element) {
    const box = placeOf(element), here = this.at;
    return !here || (box.right >= here.x && box.left <= here.x + here.width && box.bottom >= here.y && box.top <= here.y + here.height);
  },

  /* At once to a box that is not wholly in sight. */
  reveal(element) {
    const box = placeOf(element), here = this.at;
    const inSight = box.left >= here.x && box.right <= here.x + here.width && box.top >= here.y && box.bottom <= here.y + here.height;
    if (!inSight) this.show(this.rectangle({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }), true);
  },

  show(next, atOnce) {
    cancelAnimationFrame(this.moving);
    const from = this.at ?? next, began = performance.now();
    const draw = (now) => {
      const t = atOnce ? 1 : Math.min((now - began) / 260, 1), share = t * (2 - t);
      const mix = (name) => from[name] + (next[name] - from[name]) * share;
      this.at = { x: mix("x"), y: mix("y"), width: mix("width"), height: mix("height") };
      this.svg.setAttribute("viewBox", Object.values(this.at).map((x) => x.toFixed(2)).join(" "));
      this.map();
      if (t < 1) this.moving = requestAnimationFrame(draw);
    };
    draw(began);
  },

  /* All of it, as on paper. */
  showWhole() {
    cancelAnimationFrame(this.moving);
    this.svg.setAttribute("viewBox", Object.values(this.whole).join(" "));
  },

  zoom(factor, x, y) {
    const rect = $("picture").getBoundingClientRect(), old = this.at;
    const px = x === undefined ? .5 : (x - rect.left) / rect.width, py = y === undefined ? .5 : (y - rect.top) / rect.height;
    this.chosen = Math.min(Math.max(($("picture").clientWidth / old.width) * factor, .05), 12);
    const size = this.rectangle(middle(old));
    const fixed = { x: old.x + px * old.width, y: old.y + py * old.height };
    this.show(this.rectangle({ x: fixed.x + (.5 - px) * size.width, y: fixed.y + (.5 - py) * size.height }), true);
  },

  pan(dx, dy) {
    const scale = $("picture").clientWidth / this.at.width, here = middle(this.at);
    this.show(this.rectangle({ x: here.x - dx / scale, y: here.y - dy / scale }), true);
  },

  /* A map of the whole, with a frame around what is in sight. */
  map() {
    const map = $("map"), { whole, at } = this;
    const all = at.width >= whole.width - .5 && at.height >= whole.height - .5;
    map.toggleAttribute("hidden", all);
    if (all) return;
    map.setAttribute("viewBox", `${whole.x} ${whole.y} ${whole.width} ${whole.height}`);
    const width = Math.min(220, $("picture").clientWidth / 4, 70 * whole.width / whole.height);
    map.style.width = `${width}px`;
    map.style.height = `${width * whole.height / whole.width}px`;
    if (map.of !== this.svg) {
      map.of = this.svg;
      const boxes = [...parts.values.values()].map(({ group }) => placeOf(group));
      map.replaceChildren(...boxes.map(({ left, top, right, bottom }) =>
        svgElement("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "box" })), svgElement("rect", { class: "sight" }));
    }
    const frame = map.lastChild, active = new Set(page.frames[page.at].active);
    [...parts.values.keys()].forEach((id, i) => map.children[i].classList.toggle("active", active.has(id)));
    for (const name of ["x", "y", "width", "height"]) frame.setAttribute(name, at[name]);
  },

  toMap(event) {
    const rect = $("map").getBoundingClientRect(), { whole } = this;
    const x = whole.x + (event.clientX - rect.left) / rect.width * whole.width, y = whole.y + (event.clientY - rect.top) / rect.height * whole.height;
    this.show(this.rectangle({ x, y }), true);
  },
};

const middle = (r) => ({ x: r.x + r.width / 2, y: r.y + r.height / 2 });

const places = new WeakMap();

/* Where an element of the drawing stands, in the drawing's own units: it never moves. */
function placeOf(element) {
  if (!places.has(element)) places.set(element, measured(element));
  return places.get(element);
}

function measured(element) {
  const box = element.getBBox(), move = element.closest("#drawn").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
  return { left: box.x + move.e, right: box.x + box.width + move.e, top: box.y + move.f, bottom: box.y + box.height + move.f };
}

function wireCamera() {
  const picture = $("picture"), pointers = new Map();
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    camera.zoom(Math.exp(-event.deltaY * .0015), event.clientX, event.clientY);
  }, { passive: false });
  picture.addEventListener("pointerdown", (event) => {
    if (touchStarts(event)) return;
    pointers.set(event.pointerId, event);
  });
  picture.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const moved = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (pointers.size === 1 && !picture.hasPointerCapture(event.pointerId)) {
      if (moved < 5) return;
      picture.setPointerCapture(event.pointerId);
    }
    if (pointers.size === 1) camera.pan(event.clientX - before.clientX, event.clientY - before.clientY);
    else {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      const distance = (a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
      camera.zoom(distance(event) / distance(before), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    }
    pointers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, (event) => pointers.delete(event.pointerId));
  const map = $("map");
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); camera.toMap(event); });
  map.addEventListener("pointermove", (event) => { if (map.hasPointerCapture(event.pointerId)) camera.toMap(event); });
}
