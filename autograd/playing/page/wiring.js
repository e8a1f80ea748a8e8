/* What keys, buttons and fields do. */

const onClick = (id, action) => $(id).addEventListener("click", action);
const onChange = (id, action) => $(id).addEventListener("change", () => action($(id).value));

function wire() {
  onChange("views", openView);
  onChange("mistakes", (value) => { page.mistakeAt = Number(value); pause(); makeFrames(-1, 0); render(); });
  onChange("level", (value) => { predict.level = value; render(); });
  for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => setMode(button.dataset.mode));
  onClick("close", closeView);
  onClick("first", () => goTo(0));
  onClick("last", () => goTo(Infinity));
  onClick("back", () => goTo(page.at - 1));
  onClick("forward", () => goTo(page.at + 1));
  onClick("play", toggle);
  $("slider").addEventListener("input", () => goTo(Number($("slider").value)));
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
  onChange("decimals", (value) => { page.decimals = Number(value); render(); });
  onChange("language", (value) => { setLanguage(value); showView(); makeFrames(page.frames[page.at].time, page.at); render(); camera.follow(true); });
  onChange("which", (value) => select(Number(value), true));
  onClick("compare", () => { page.numeric = $("compare").checked; render(); });
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
  wireFocus();
  wireEditor();
  wireExpression();
  wireDescent();
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
    whileDown(splitter, (next) => set((next.clientY - top) / innerHeight), remember);
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
  if ((target.tagName === "SELECT" && event.key !== "Escape") || (isGuess && (target.value !== "" || !["ArrowLeft", "ArrowRight", "PageUp", "PageDown"].includes(event.key)))) return;
  if ($("picture").contains(target) && keyInPicture(event)) { event.preventDefault(); return; }
  if (target.type === "range" && target !== $("slider")) return;
  const next = () => goTo(page.at + 1), previous = () => goTo(page.at - 1);
  const actions = {
    ArrowRight: next, ArrowLeft: previous, PageDown: next, PageUp: previous,
    Home: () => goTo(0), End: () => goTo(Infinity),
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
