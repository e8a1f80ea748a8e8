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
  editor.setAttribute("aria-label", say("Number of {name}", { name: page.graph.names[graphLeaf(k)] }));
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
