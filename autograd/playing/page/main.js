/* Going from step to step, views and modes, keys and buttons. */

const PLAY = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 1.5v13l11-6.5z"/></svg>';
const PAUSE = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 2h4v12H3zM9 2h4v12H9z"/></svg>';

/* ── showing a step ─────────────────────────────────────────────────────────────────────── */

function render(hurried = false) {
  const frame = page.frames[page.at], tells = teller(), said = tells.tell(frame), hiding = hides(frame, said);
  const { graph, run, decimals } = page, root = graph.names[graph.root];
  document.title = page.mode === "predict" ? root : `${root} = ${decimal(run.numbers[graph.root], decimals)}`;
  $("title").textContent = withMinus(document.title);
  paint(frame, hiding, hurried);
  if (!isInField()) {
    showStep(frame, said, hiding, tells.math);
    $("rows").append(...summary());
  }
  showQuestion(frame, said);
  showWalk(tells, hiding);
  $("slider").value = page.at;
  const place = say("Step {at} of {all}", { at: page.at + 1, all: page.frames.length });
  $("slider").setAttribute("aria-valuetext", `${place}: ${said.title}`);
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
  $("live").textContent = `${place}, ${say(`phase ${frame.phase}`)}. ${said.title}. ${lineText(said, hiding)}. ${hiding ? "" : said.role} ${notes}`;
  for (const id of ["tab-curve", "tab-descend"]) $(id).disabled = page.mode !== "watch";
  showCurve();
  showDescent();
  writeAddress();
}

function go(at) {
  page.at = Math.min(Math.max(at, 0), page.frames.length - 1);
  render();
  camera.follow(false);
}

/* The same by hand: what plays is paused. */
function goTo(at) {
  pause();
  go(at);
}

const asksNow = () => hides(page.frames[page.at], teller().tell(page.frames[page.at]));

function play() {
  if (page.at === page.frames.length - 1) go(0);
  const next = () => {
    if (page.at === page.frames.length - 1 || asksNow()) return pause();
    go(page.at + 1);
    page.timer = setTimeout(next, Number($("speed").value));
    return undefined;
  };
  page.timer = setTimeout(next, Math.min(Number($("speed").value), 500));
  $("play").innerHTML = PAUSE;
  $("play").setAttribute("aria-label", say("Pause"));
}

function pause() {
  clearTimeout(page.timer);
  page.timer = 0;
  $("play").innerHTML = PLAY;
  $("play").setAttribute("aria-label", say("Play"));
}

const toggle = () => (page.timer ? pause() : play());

/* A click on a leaf edits its number; on any other value or gate it leads to its step of this phase, then on to its others. */
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

/* Makes the frames anew, and goes to the last one up to a time, or to `at` if that is one of this time. */
function makeFrames(time, at) {
  const mistake = currentMistake();
  page.frames = mistake ? mistakenFrames(page.view, page.run, mistake) : framesOf(page.view, page.parameters);
  const isKept = !mistake && page.frames[at]?.time === time;
  page.at = isKept ? at : mistake ? 0 : Math.max(0, page.frames.findLastIndex((frame) => frame.time <= time));
  $("slider").max = page.frames.length - 1;
  const phases = page.frames.map((frame) => frame.phase);
  $("phases").replaceChildren(...[...new Set(phases)].map((phase) => {
    const from = phases.indexOf(phase), count = phases.lastIndexOf(phase) + 1 - from;
    const name = say(`phase ${phase}`), button = make("button", { title: `${name}: ${say("steps: {count}", { count })}`, onclick: () => goTo(from) }, name);
    button.dataset.phase = phase;
    button.style.flexGrow = count;
    return button;
  }));
}

function showView() {
  const { parent } = page.view;
  $("views").value = page.view.key;
  $("close").hidden = !parent;
  $("close").textContent = `⊖ ${say("Close")}`;
  $("close").title = say("Close {name}", { name: sayTitle(page.view.title) });
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

/* The place of the view in which mistakes are played. */
const wholeView = () => page.views.findIndex((view) => view.items.every((item) => item.kind === "gate"));

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
  const before = page.viewAt;
  if (mode === "mistakes") {
    page.viewBefore = before;
    page.viewAt = wholeView();
  } else {
    page.viewAt = page.viewBefore ?? before;
    page.viewBefore = null;
  }
  if (page.viewAt !== before) showView();
  page.ghost = null;
  makeFrames(time, -1);
  showModes();
  render();
  camera.follow(true);
}

function showModes() {
  const decimals = String(page.decimals);
  if (![...$("decimals").options].some(({ value }) => value === decimals)) $("decimals").add(new Option(decimals));
  $("decimals").value = decimals;
  for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", button.dataset.mode === page.mode);
  $("mistakes").hidden = page.mode !== "mistakes";
  $("mistakes").value = page.mistakeAt;
  $("level").hidden = page.mode !== "predict";
  $("level").value = predict.level;
  document.querySelector("[data-say='drag a number']").hidden = isLocked();
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
  showCurve();
  showDescent();
}

/* ── the beginning ──────────────────────────────────────────────────────────────────────── */

page.views = DATA.views.map((view) => new View(page.graph, view));
$("views-label").hidden = page.views.length < 2;
for (const [code, { name }] of Object.entries(LANGUAGES)) $("language").add(new Option(name, code));
page.graph.leaves.forEach((i, k) => $("which").add(new Option(page.graph.names[i], k)));
if (DATA.withoutMistakes) document.querySelector("[data-mode=mistakes]").disabled = true;
recall();
compute();
wire();
openTab("walk");
goToAddress();
// Begin with a mistake that makes a difference in this graph.
if (page.mode !== "mistakes") {
  page.mistakeAt = Math.max(0, PLAYED.findIndex((mistake) => spoiltNodes(page.graph, page.run, mistakenGradients(page.graph, page.run, mistake)).length > 0));
  $("mistakes").value = page.mistakeAt;
}
