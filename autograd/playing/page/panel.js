/* The panel that tells of a step, and the walk, which grows step by step. */

const SIGNS = { dead: "✕", loses: "✕", tie: "=", kink: "∠", zero: "0", nothing: "0", stale: "!", hint: "→", mistake: "✕" };

const finished = (x, math) => (typeof x === "string" ? escapeText(x) : math.finished(x));

/* Names, numbers below them, and what each is called; the last column is the result. */
function boardOf(columns, math) {
  const grid = make("div", { className: "board" });
  grid.style.setProperty("--columns", columns.length);
  for (let row = columns.some((column) => Array.isArray(column) && column[0]) ? 0 : 1; row < 3; row += 1) {
    columns.forEach((column, i) => {
      const cell = make(row === 2 ? "small" : "span");
      if (Array.isArray(column)) cell.innerHTML = row === 2 ? escapeText(column[2]) : column[row] ? finished(column[row], math) : "";
      else if (row < 2) cell.textContent = column;
      if (row === 1 && i === columns.length - 1) cell.className = "answer";
      grid.append(cell);
    });
  }
  return grid;
}

function showStep(frame, said, hiding, math) {
  const asks = hiding ? predict.level : "";
  $("phase").textContent = page.mode === "mistakes" ? say("Mistake") : say(`phase ${frame.phase}`);
  $("what").textContent = said.title;
  $("panel").classList.toggle("hiding", hiding);
  const rows = $("rows");
  rows.replaceChildren();
  for (const [caption, markup, kind] of said.rows) {
    if (hiding && kind === "slope") continue; // made of the result that is asked for
    if (asks === "formula" && (kind === "local" || Array.isArray(markup))) continue;
    if (kind === "sum") { // on the board that it goes on from
      rows.lastChild.previousSibling.append(make("br"), caption);
      rows.lastChild.append(boardOf(markup, math));
      rows.lastChild.classList.add("boards");
      continue;
    }
    const right = make("div", { className: "content" });
    if (Array.isArray(markup)) right.append(boardOf(markup, math));
    else right.innerHTML = markup;
    if (hiding) for (const hidden of right.querySelectorAll(".answer")) hidden.setAttribute("aria-hidden", "true");
    rows.append(make("div", { className: "caption" }, caption), right);
  }
  if (frame.kind === "start") rows.append(...givenFields());
  if (frame.kind === "verdict") rows.prepend(...firstWrongStep(), ...consequence());
  if (frame.kind === "gradients") rows.append(...numericSwitch());
  if (frame.phase === "update" && !hiding) rows.append(...rateField());
  if (!hiding && frame.item?.kind === "gate") rows.append(...constantFields(frame.item));
  $("role").textContent = hiding ? "" : said.role;
  $("role").hidden = hiding || !said.role;
  $("notes").replaceChildren(...(hiding ? [] : said.notes).map(([kind, sentence]) => {
    const note = make("li", { className: kind }, sentence);
    note.dataset.sign = SIGNS[kind] ?? "!";
    return note;
  }));
  showSlope(frame, hiding);
  $("panel").scrollTop = 0;
  fitFormulas();
}

/* Where a mistaken pass first goes wrong. */
function firstWrongStep() {
  const tells = teller(), at = page.frames.findIndex((frame) => frame.kind === "wrong" && tells.tell(frame).notes.some(([kind]) => kind === "mistake"));
  if (at < 0) return [];
  return captioned(say("first wrong number"), make("button", { onclick: () => { go(at); $("panel").focus(); } }, say("step {at}", { at: at + 1 })));
}

/* What a mistake does to a descent: two curves, beside each other. */
function consequence() {
  if (!page.parameters.length) return [];
  const onclick = () => {
    descent.rival = page.mistakeAt;
    setMode("watch");
    openTab("descend");
    runDescent();
    $("descend-run").focus();
  };
  return captioned(say("what comes of it"), make("button", { id: "consequence", onclick }, say("Descend with it, beside the right gradients")));
}

/* A formula too wide for its row is written smaller, down to about the size of text; what is wider still can be scrolled, and shows it. */
function fitFormulas() {
  const contents = [...$("rows").querySelectorAll(".content"), $("expression")];
  for (const content of contents) content.style.removeProperty("--fit");
  const fits = contents.map((content) => content.clientWidth / content.scrollWidth);
  contents.forEach((content, i) => {
    if (fits[i] < 1) content.style.setProperty("--fit", Math.max(fits[i] * .98, .6));
    content.classList.toggle("cut", fits[i] < .6);
  });
}

/* ── the walk ───────────────────────────────────────────────────────────────────────────── */

const LINES_IN_SIGHT = 12;

/* One entry for every frame up to this one; entries written with older numbers are written anew in a quiet moment. */
const walk = { of: null, entries: [], fresh: 0, timer: 0 };

function lineText(said, hiding) {
  if (!said.lines.length) return said.title;
  return said.lines.slice(0, hiding ? 1 : undefined).map(({ text, answer: result }) => `${text} ${hiding ? "?" : result}`.trim()).join("\n");
}

function entryOf(i) {
  const frame = page.frames[i], items = [];
  if (i === 0 || page.frames[i - 1].phase !== frame.phase) items.push(make("li", { className: "heading" }, say(`phase ${frame.phase}`)));
  const button = make("button", { onclick: () => goTo(i) });
  items.push(make("li", {}, button));
  return { items, button };
}

function showWalk(tells, hiding) {
  if (walk.of !== page.frames) {
    walk.of = page.frames;
    walk.entries = [];
    $("lines").replaceChildren();
  }
  const { entries } = walk;
  while (entries.length > page.at + 1) for (const item of entries.pop().items) item.remove();
  const known = entries.length;
  while (entries.length <= page.at) {
    entries.push(entryOf(entries.length));
    $("lines").append(...entries.at(-1).items);
  }
  $("lines").querySelector("[aria-current]")?.removeAttribute("aria-current");
  entries.at(-1).button.setAttribute("aria-current", "true");
  const write = (i) => {
    if (entries[i].run === page.run && i < page.at - 1) return;
    entries[i].run = i === page.at && hiding ? null : page.run;
    setText(entries[i].button, lineText(tells.tell(page.frames[i]), hiding && i === page.at));
  };
  const inSight = $("walk").hidden ? 0 : LINES_IN_SIGHT;
  for (let i = Math.max(0, Math.min(known, page.at + 1 - inSight)); i <= page.at; i += 1) write(i);
  clearTimeout(walk.timer);
  walk.timer = setTimeout(() => { for (let i = 0; i < Math.min(entries.length, page.at + 1); i += 1) write(i); }, 120);
  scrollToLastLine();
}

function scrollToLastLine() {
  $("walk").scrollTop = $("walk").scrollHeight;
}

/* ── the whole formula ──────────────────────────────────────────────────────────────────── */

const LONGEST_EXPRESSION = 36;

/* The root as one formula of the leaves, or of named nodes where it would be too long. */
function showExpression() {
  const { graph, view } = page, math = teller().math;
  if (graph.isLeaf[graph.root]) return;
  let size = 0;
  const write = (i, top) => {
    const named = DATA.labels[graph.names[i]] !== undefined;
    if (graph.isLeaf[i] || (!top && named && size > LONGEST_EXPRESSION / 2) || size > LONGEST_EXPRESSION) return math.name(graph.names[i]);
    const item = { kind: "gate", node: i, gate: graph.gate(i), args: graph.nodes[i][2] };
    size += 1;
    if (typeof item.args.at(-1) === "object" && item.args.at(-1).largest) return math.name(graph.names[i]);
    const { output, names } = view.formulas(item, page.run);
    const places = item.args.filter(Number.isInteger);
    const put = Object.fromEntries(Object.keys(names).map((parameter, k) => [parameter, write(places[k], false)]));
    const written = math.write(output, put);
    return { ...written, written: `<mrow data-node="${i}">${written.written}</mrow>` };
  };
  const whole = write(graph.root, true);
  const written = math.finished(math.equation(math.name(graph.names[graph.root]), whole));
  if (written === showExpression.written) return;
  showExpression.written = written;
  $("expression").innerHTML = written;
}

/* A part of the formula under the mouse is lit, with its box in the picture; a click goes to its step. */
function wireExpression() {
  const partAt = (event) => event.target.closest("[data-node]");
  const boxOf = ({ dataset }) => {
    const node = Number(dataset.node), box = page.view.box(node);
    return $(box) ? box : page.view.itemOf.get(node).mark; // inside a closed group
  };
  const unlight = () => { for (const element of document.querySelectorAll(".linked")) element.classList.remove("linked"); };
  $("expression").addEventListener("mouseover", (event) => {
    unlight();
    const part = partAt(event);
    if (part) for (const element of [part, $(boxOf(part))]) element.classList.add("linked");
  });
  $("expression").addEventListener("mouseout", unlight);
  $("expression").addEventListener("click", (event) => {
    const part = partAt(event);
    if (part) choose(boxOf(part));
  });
}
