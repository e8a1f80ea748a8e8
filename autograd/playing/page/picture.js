/* The picture: the drawing of a view, painted with the numbers of a frame. */

const parts = { values: new Map(), gates: new Map(), symbols: new Map(), edges: new Map(), chips: new Map() };

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
      group.setAttribute("aria-label", say("Open {name}", { name: group.textContent.replace("⊕", " ").trim() }));
    } else if (parts.gates.has(id)) {
      const item = view.items.find((item) => item.mark === id);
      if (item?.kind === "gate" && DATA.symbols[item.node] !== undefined) parts.symbols.set(item.node, symbolParts(group));
      group.classList.toggle("constant", item?.kind === "gate" && item.args.some(Array.isArray));
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

/* The symbol of a gate with a constant, which may be changed: +1. */
function symbolParts(group) {
  const text = group.querySelector("text");
  return { text, room: Math.max(group.querySelector("path").getBBox().width, widthOf(text.textContent)) };
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
  title.setAttribute("aria-label", say("Close {name}", { name: sayTitle(title.textContent.replace("⊖", "").trim()) }));
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
const widthOfEdge = (flow, strongest) => 1 + 4 * Math.sqrt(strongest ? Math.min(flow / strongest, 1) : 1);

/* The picture as it is after a frame; what is asked for is hidden. While a number is being changed, what is out of
   sight is painted a moment later. */
function paint(frame, hiding, hurried = false) {
  clearTimeout(paint.timer);
  if (hurried) paint.timer = setTimeout(() => paint(page.frames[page.at], asksNow()), 120);
  const { view, run, after, frames } = page, isDue = ({ group }) => !hurried || camera.sees(group);
  const shown = pictureAt(view, frames, hiding ? page.at - 1 : page.at, run, after, currentMistake());
  const active = new Set(frame.active), strongest = strength(view.items.flatMap((item) => view.flows(item, run)));
  for (const [id, box] of parts.values) if (isDue(box)) paintValue(id, box, shown, frame, hiding);
  for (const { group, number, nodes, room } of parts.chips.values()) {
    const hidden = hiding && group.dataset.shows === frame.focus && frame.phase !== "backward", x = shown.numbers.get(nodes[0]);
    fill(number, hidden ? "?" : x === undefined ? "…" : withMinus(decimal(x, page.decimals)), room);
    group.classList.toggle("active", active.has(group.dataset.shows));
  }
  for (const [id, group] of parts.gates) group.classList.toggle("active", active.has(id));
  for (const [node, { text, room }] of parts.symbols) fill(text, symbolOf(node), room);
  for (const [id, edge] of parts.edges) if (isDue(edge)) paintEdge(id, edge, shown, active.has(id), strongest);
}

function paintValue(id, box, shown, frame, hiding) {
  const { run, ghost: before, selected, decimals } = page, { nodes } = box;
  const asked = !hiding || id !== frame.focus ? "" : frame.phase === "backward" ? "gradient" : "number";
  const numbers = nodes.map((i) => shown.numbers.get(i)), gradients = nodes.map((i) => shown.gradients.get(i));
  const isReached = numbers[0] !== undefined, known = gradients[0] !== undefined;
  const number = asked === "number" ? "?" : isReached ? span(numbers, pictureDecimals(frame, id)) : "…";
  const gradient = asked === "gradient" ? "?" : known ? span(gradients, decimals) : "…";
  const sign = !known || gradient === "?" ? "unset" : gradients.length > 1 ? "mixed" : ["negative", "zero", "positive"][Math.sign(gradients[0]) + 1] ?? "mixed";
  const right = nodes.length === 1 ? shown.wrong.get(nodes[0]) : undefined;
  const hasChanged = before && isReached && !hiding && nodes.some((i) => !same(before.numbers[i], run.numbers[i]));
  const ghost = hasChanged ? span(nodes.map((i) => before.numbers[i]), decimals) : "";
  const classes = ["node value", box.base];
  if (number === "…") classes.push("unset");
  if (frame.active.includes(id)) classes.push("active");
  if (frame.focus === id) classes.push("focus");
  if (right !== undefined) classes.push("wrong");
  if (selected !== null && nodes.includes(graphLeaf(selected))) classes.push("selected");
  const now = [number, gradient, sign, classes.join(" "), right, ghost].join("|");
  if (now === box.now) return;
  box.now = now;
  fill(box.number, withMinus(number), box.room);
  fill(box.gradient, `∂ ${withMinus(gradient)}`, box.room);
  setText(box.ghost, withMinus(ghost));
  setClass(box.gradient, `gradient ${sign}`);
  setClass(box.group, classes.join(" "));
  const should = right !== undefined ? `, ${say("which should be {number}", { number: decimal(right, decimals) })}` : "";
  const seen = [box.label, withMinus(number), "∂", withMinus(gradient), withMinus(ghost)].filter(Boolean).join(" ");
  box.group.setAttribute("aria-label", known ? seen + should : `${seen}, ${say("gradient not reached yet")}`);
}

function paintEdge(id, edge, shown, isActive, strongest) {
  const flows = shown.flows.get(id), local = shown.known.get(id), flag = shown.flags.get(id), classes = ["edge"];
  if (flows) classes.push("flowed", direction(flows));
  if (isActive) classes.push("active");
  if (local !== undefined) classes.push("known");
  const width = flows ? widthOfEdge(strength(flows), strongest).toFixed(2) : "1";
  const label = local === undefined ? "" : (flag ? `${flag} ` : "") + withMinus(decimal(local, page.decimals));
  const now = [classes.join(" "), width, label].join("|");
  if (now === edge.now) return;
  edge.now = now;
  setClass(edge.group, classes.join(" "));
  edge.group.style.setProperty("--width", width);
  setText(edge.text, label);
}

/* After the update a number has so many decimals that its change shows. */
function pictureDecimals(frame, id) {
  if (!["update", "again"].includes(frame.phase) || page.decimals === Infinity) return page.decimals;
  const [node, ...others] = parts.values.get(id).nodes;
  return others.length ? page.decimals : decimalsShowing(page.after.numbers[node] - page.run.numbers[node], 2, page.decimals);
}

/* About how wide a text is drawn. */
const widthOf = (text) => text.length * 6.6;

/* Text that is too long for its box is set smaller. */
function fill(element, text, room) {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  const wide = widthOf(text);
  element.style.fontSize = wide > room ? `${Math.max(12 * room / wide, 5).toFixed(1)}px` : "";
}
