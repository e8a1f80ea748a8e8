/* Going from step to step, views and modes, keys and buttons. */

const PLAY = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 1.5v13l11-6.5z"/></svg>';
const PAUSE = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 2h4v12H3zM9 2h4v12H9z"/></svg>';

/* ── showing a step ─────────────────────────────────────────────────────────────────────── */

function render(hurried = false) {
  const frame = page.frames[page.at], tells = teller(), said = tells.tell(frame), hiding = hides(frame, said);
  const { graph, run, decimals } = page, root = graph.names[graph.root];
  paint(frame, hiding, hurried);
  if (!isInField()) {
    showStep(frame, said, hiding, tells.math);
    $("rows").append(...summary());
  }
  showQuestion(frame, said);
  showWalk(tells, hiding);
  $("title").textContent = page.mode === "predict" ? root : `${root} = ${withMinus(decimal(run.numbers[graph.root], decimals))}`;
  document.title = page.mode === "predict" ? root : `${root} = ${decimal(run.numbers[graph.root], decimals)}`;
  $("slider").value = page.at;
  $("slider").setAttribute("aria-valuetext", `${say("step of", { at: page.at + 1, all: page.frames.length })}: ${said.title}`);
  $("count").textContent = `${page.at + 1} / ${page.frames.length}`;
  for (const button of $("phases").children) button.toggleAttribute("aria-current", button.dataset.phase === frame.phase);
  for (const [ids, off] of [[["first", "back"], page.at === 0], [["last", "forward"], page.at === page.frames.length - 1]]) {
    for (const id of ids) {
      if (off && document.activeElement === $(id)) $("play").focus();
      $(id).disabled = off;
    }
  }
  $("undo").disabled = !page.past.length;
  $("redo").disabled = !page.future.length;
  $("reset").disabled = isAsItWas();
  $("caption").textContent = lineText(said, hiding).split("\n").at(-1);
  const notes = hiding ? "" : said.notes.map(([, sentence]) => sentence).join(". ");
  $("live").textContent = `${say("step of", { at: page.at + 1, all: page.frames.length })}, ${say(`phase ${frame.phase}`)}. ${said.title}. ${lineText(said, hiding)}. ${hiding ? "" : said.role} ${notes}`;
  for (const id of ["tab-touch", "tab-descend"]) $(id).disabled = page.mode !== "watch";
  showTouch();
  showDescent();
  writeAddress();
}

function go(at) {
  page.at = Math.min(Math.max(at, 0), page.frames.length - 1);
  render();
  camera.follow(false);
}

function step(by) {
  if (by > 0 && page.at === page.frames.length - 1) pause();
  go(page.at + by);
}

const asksNow = () => hides(page.frames[page.at], teller().tell(page.frames[page.at]));

function play() {
  if (page.at === page.frames.length - 1) go(0);
  const next = () => {
    if (page.at === page.frames.length - 1 || asksNow()) return pause();
    step(1);
    page.timer = setTimeout(next, Number($("speed").value));
    return undefined;
  };
  page.timer = setTimeout(next, Math.min(Number($("speed").value), 500));
  $("play").innerHTML = PAUSE;
  $("play").setAttribute("aria-label", say("pause"));
}

function pause() {
  clearTimeout(page.timer);
  page.timer = 0;
  $("play").innerHTML = PLAY;
  $("play").setAttribute("aria-label", say("play"));
}

const toggle = () => (page.timer ? pause() : play());

/* A click on a value or gate: a leaf is taken up to be changed; else to its step of this phase, then on to its others. */
function choose(id) {
  const opens = page.view.opens[id];
  if (opens !== undefined && page.mode !== "mistakes") return openView(opens);
  pause();
  const k = leafOfBox($(id));
  if (k >= 0 && !isLocked()) return edit(k);
  const own = page.frames.map((frame, i) => [frame, i]).filter(([frame]) => (parts.values.has(id) ? frame.focus === id : frame.active[0] === id)).map(([, i]) => i);
  if (!own.length) return undefined;
  const here = own.indexOf(page.at), { phase } = page.frames[page.at];
  return go(here >= 0 ? own[(here + 1) % own.length] : own.find((i) => page.frames[i].phase === phase) ?? own[0]);
}

/* ── views and modes ────────────────────────────────────────────────────────────────────── */

/* The frames anew, at the step of this time; `at` is kept if it is still at that time. */
function makeFrames(time, at) {
  const mistake = currentMistake();
  page.frames = mistake ? mistakenFrames(page.view, page.run, mistake) : framesOf(page.view, { parameters: page.parameters, update: page.parameters.length > 0 });
  if (mistake || page.frames[at]?.time !== time) {
    at = 0;
    if (!mistake) page.frames.forEach((frame, i) => { if (frame.time <= time) at = i; });
  }
  page.at = at;
  $("slider").max = page.frames.length - 1;
  const phases = [];
  page.frames.forEach(({ phase }, i) => {
    if (phases.at(-1)?.phase !== phase) phases.push({ phase, from: i, count: 0 });
    phases.at(-1).count += 1;
  });
  $("phases").replaceChildren(...phases.map(({ phase, from, count }) => {
    const button = document.createElement("button");
    button.textContent = say(`phase ${phase}`);
    button.title = `${say(`phase ${phase}`)}: ${say("so many steps", { count })}`;
    button.dataset.phase = phase;
    button.style.flexGrow = count;
    button.addEventListener("click", () => { pause(); go(from); });
    return button;
  }));
}

function showView() {
  const { parent } = page.view;
  $("views").value = page.view.key;
  $("close").hidden = !parent;
  $("close").textContent = `⊖ ${say("close this")}`;
  $("close").title = say("close", { name: sayTitle(page.view.title) });
  showPicture();
  showExpression();
}

function openView(key) {
  const { time } = page.frames[page.at];
  page.viewAt = page.views.findIndex((view) => view.key === key);
  showView();
  makeFrames(time, -1);
  render();
  camera.follow(true);
}

function closeView() {
  const { parent } = page.view;
  if (parent && page.mode !== "mistakes") openView(parent);
}

function setMode(mode) {
  pause();
  stopDescent();
  if (mode === page.mode) return;
  const { time } = page.frames[page.at];
  page.mode = mode;
  if (mode !== "watch") openTab("walk");
  if (mode === "mistakes") {
    page.viewBefore = page.view.key;
    const whole = page.views.findIndex((view) => view.items.every((item) => item.kind === "gate"));
    if (whole !== page.viewAt) {
      page.viewAt = whole;
      showView();
    }
  } else if (page.viewBefore && page.viewBefore !== page.view.key) {
    page.viewAt = page.views.findIndex(({ key }) => key === page.viewBefore);
    showView();
  }
  if (mode !== "mistakes") page.viewBefore = "";
  page.ghost = null;
  makeFrames(time, -1);
  showModes();
  render();
  camera.follow(true);
}

function showModes() {
  for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", button.dataset.mode === page.mode);
  $("mistakes").hidden = page.mode !== "mistakes";
  $("mistakes").value = page.mistakeAt;
  $("level").hidden = page.mode !== "predict";
  $("level").value = predict.level;
  $("views").disabled = $("close").disabled = page.mode === "mistakes";
}

function openTab(name) {
  for (const tab of $("tabs").children) {
    const panel = tab.getAttribute("aria-controls"), open = panel === name;
    tab.setAttribute("aria-selected", open);
    tab.tabIndex = open ? 0 : -1;
    $(panel).hidden = !open;
  }
  if (name === "walk") scrollToLastLine();
  showTouch();
  showDescent();
}

/* ── language, and what is said once ────────────────────────────────────────────────────── */

function setLanguage(to) {
  language = to;
  document.documentElement.lang = to;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = say(element.dataset.label) + (element.dataset.key ? ` (${element.dataset.key})` : "");
  }
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  $("language").value = to;
  $("descend").replaceChildren();
  $("views").replaceChildren(...page.views.map(({ key, title }) => new Option(sayTitle(title), key)));
  $("mistakes").replaceChildren(...PLAYED.map(({ key }, i) => new Option(say(`mistake ${key}`), i)));
  $("level").replaceChildren(...LEVELS.map((level) => new Option(say(`level ${level}`), level)));
  if (DATA.withoutMistakes) document.querySelector("[data-mode=mistakes]").title = say(DATA.withoutMistakes);
  $("keys").innerHTML = `<h2>${escapeText(say("keys and signs"))}</h2><dl>${Object.entries(LANGUAGES[to].keys).map(([key, what]) => `<dt>${key.split(" ").map((k) => `<kbd>${escapeText(k)}</kbd>`).join(" ")}</dt><dd>${escapeText(what)}</dd>`).join("")}</dl>
    ${LANGUAGES[to].help.map((text) => `<p>${escapeText(text)}</p>`).join("")}<form method="dialog"><button>${escapeText(say("close this"))}</button></form>`;
  $("keys").setAttribute("aria-label", say("help"));
  showAbout();
  walk.of = null;
  pause();
}

function showAbout() {
  const { about } = DATA;
  $("tab-about").hidden = !about;
  if (!about) return;
  const errata = about.errata.map(({ place, printed, correct, why }) => `<dt>${escapeText(place)}</dt>
    <dd>${escapeText(say("printed"))}: ${escapeText(printed)}<br>${escapeText(say("correct"))}: <strong>${escapeText(correct)}</strong><br>${escapeText(why)}</dd>`).join("");
  $("about").innerHTML = `<h2>${escapeText(about.title)}</h2><p class="faint">${escapeText(about.source)}</p>${about.remarks.map((remark) => `<p>${escapeText(remark)}</p>`).join("")}
    ${errata ? `<h3>${escapeText(say("errata"))}</h3><dl>${errata}</dl>` : ""}`;
}

/* ── wiring ─────────────────────────────────────────────────────────────────────────────── */

const onClick = (id, action) => $(id).addEventListener("click", action);

function wire() {
  $("views").addEventListener("change", (event) => openView(event.target.value));
  $("mistakes").addEventListener("change", (event) => { page.mistakeAt = Number(event.target.value); pause(); makeFrames(-1, 0); render(); });
  $("level").addEventListener("change", (event) => { predict.level = event.target.value; render(); });
  for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => setMode(button.dataset.mode));
  onClick("close", closeView);
  onClick("first", () => { pause(); go(0); });
  onClick("last", () => { pause(); go(page.frames.length - 1); });
  onClick("back", () => { pause(); step(-1); });
  onClick("forward", () => { pause(); step(1); });
  onClick("play", toggle);
  $("slider").addEventListener("input", (event) => { pause(); go(Number(event.target.value)); });
  onClick("undo", undo);
  onClick("redo", redo);
  onClick("reset", reset);
  onClick("larger", () => camera.zoom(1.25));
  onClick("smaller", () => camera.zoom(.8));
  onClick("fit", () => { camera.chosen = camera.chosen === "fit" ? 0 : "fit"; camera.follow(true); });
  onClick("help", () => $("keys").showModal());
  onClick("menu-button", () => showMenu($("menu").hidden));
  onClick("theme", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    remember();
  });
  onClick("present", () => { showMenu(false); present(); });
  onClick("black", blackOut);
  onClick("copy-link", () => copy(location.href.split("#")[0] + addressNow()));
  onClick("save-svg", saveSvg);
  onClick("save-png", async () => download(await stepAsPng(), "png"));
  onClick("copy-latex", () => copy(stepAsLatex()));
  $("decimals").addEventListener("change", (event) => { page.decimals = Number(event.target.value); render(); });
  $("language").addEventListener("change", (event) => { setLanguage(event.target.value); showView(); makeFrames(page.frames[page.at].time, page.at); render(); camera.follow(true); });
  $("ask").querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); check(); });
  onClick("reveal", reveal);
  for (const tab of $("tabs").children) tab.addEventListener("click", () => openTab(tab.getAttribute("aria-controls")));
  $("tabs").addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.stopPropagation();
    const tabs = [...$("tabs").children].filter((tab) => !tab.hidden && !tab.disabled), here = tabs.indexOf(document.activeElement);
    const next = tabs[(here + way + tabs.length) % tabs.length];
    openTab(next.getAttribute("aria-controls"));
    next.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest("#menu, #menu-button")) showMenu(false); });
  addEventListener("resize", () => { camera.follow(true); fitFormulas(); });
  addEventListener("hashchange", () => { if (location.hash !== written) goToAddress(); });
  addEventListener("beforeprint", () => camera.showWhole());
  addEventListener("afterprint", () => camera.follow(true));
  document.addEventListener("keydown", key);
  wireCamera();
  wireEditor();
  wireExpression();
  wireSplitter();
}

function showMenu(open) {
  $("menu").hidden = !open;
  $("menu-button").setAttribute("aria-expanded", open);
  if (open) $("copied").textContent = "";
}

/* The border between picture and panel: dragged, or moved by arrow keys. */
function wireSplitter() {
  const splitter = $("splitter");
  const set = (share) => {
    page.split = Math.min(Math.max(share, .2), .85);
    document.body.style.setProperty("--split", page.split);
    document.body.classList.add("split");
    splitter.setAttribute("aria-valuenow", Math.round(page.split * 100));
    camera.follow(true);
    fitFormulas();
  };
  const now = () => $("stage").getBoundingClientRect().height / innerHeight;
  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    const top = $("stage").getBoundingClientRect().top;
    const move = (next) => set((next.clientY - top) / innerHeight);
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("pointerup", () => { splitter.removeEventListener("pointermove", move); remember(); }, { once: true });
  });
  splitter.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -.04, ArrowDown: .04 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    set(now() + way);
  });
  splitter.setAttribute("aria-valuenow", Math.round(now() * 100));
  if (page.split) set(page.split);
}

/* In the picture Up and Down go through values and gates, Enter goes to a gate's step or edits a leaf. */
function keyInPicture(event) {
  const gates = [...parts.gates.values()].filter((gate) => gate.dataset.opens !== undefined || gate.classList.contains("constant"));
  const nodes = [...[...parts.values.values()].map(({ group }) => group), ...gates], here = nodes.indexOf(document.activeElement);
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (way) {
    nodes[(here + way + nodes.length) % nodes.length].focus();
    return true;
  }
  if (event.key !== "Enter" || here < 0) return false;
  choose(nodes[here].id);
  return true;
}

function key(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const action = { z: event.shiftKey ? redo : undo, y: redo }[event.key.toLowerCase()];
    if (action && event.target.tagName !== "INPUT") { event.preventDefault(); action(); }
    return;
  }
  if (event.altKey || $("keys").open) return;
  const { target } = event, isGuess = target === $("guess");
  if (target.tagName === "SELECT" || (isGuess && (target.value !== "" || !["ArrowLeft", "ArrowRight", "PageUp", "PageDown"].includes(event.key)))) return;
  if ($("picture").contains(target) && keyInPicture(event)) { event.preventDefault(); return; }
  const isSlider = target.type === "range" && target !== $("slider");
  if (isSlider) return;
  const next = () => { pause(); step(1); }, previous = () => { pause(); step(-1); };
  const actions = {
    ArrowRight: next, ArrowLeft: previous, PageDown: next, PageUp: previous,
    Home: () => { pause(); go(0); }, End: () => { pause(); go(page.frames.length - 1); },
    "+": () => camera.zoom(1.25), "=": () => camera.zoom(1.25), "-": () => camera.zoom(.8), 0: () => $("fit").click(),
    "?": () => $("keys").showModal(), p: () => present(), f: fullScreen, b: blackOut, ".": blackOut,
    Escape: () => {
      if (!$("menu").hidden) { showMenu(false); $("menu-button").focus(); }
      else if (document.body.classList.contains("presenting")) present(false);
      else closeView();
    },
  };
  if (event.key === " " && target.tagName !== "BUTTON") actions[" "] = toggle;
  const action = actions[event.key];
  if (action) { event.preventDefault(); action(); }
}

/* ── the beginning ──────────────────────────────────────────────────────────────────────── */

page.views = DATA.views.map((view) => new View(page.graph, view));
page.given = Float64Array.from(ORIGINAL.given);
page.parameters = [...ORIGINAL.parameters];
$("views-label").hidden = page.views.length < 2;
for (const [code, { name }] of Object.entries(LANGUAGES)) $("language").add(new Option(name, code));
if (![...$("decimals").options].some(({ value }) => value === String(page.decimals))) $("decimals").add(new Option(page.decimals));
$("decimals").value = String(page.decimals);
if (DATA.withoutMistakes) document.querySelector("[data-mode=mistakes]").disabled = true;
recall();
compute();
setLanguage(DATA.language);
wire();
openTab("walk");
goToAddress();
// Begin with a mistake that makes a difference in this graph.
if (page.mode !== "mistakes") {
  page.mistakeAt = Math.max(0, PLAYED.findIndex((mistake) => mistakenGradients(page.graph, page.run, mistake).some((x, i) => !same(x, page.run.gradients[i]))));
  $("mistakes").value = page.mistakeAt;
}
