/* Touching numbers: a leaf's number is dragged in the picture, or typed; constants and η are typed in the panel. */

/* How far an arrow key or a few pixels move a number: a tenth of its first digit's place. */
function stepOf(number, fine) {
  const size = Math.abs(number) < 1e-6 ? 1 : 10 ** Math.floor(Math.log10(Math.abs(number)));
  return Math.max(size, .1) / (fine ? 100 : 10);
}

/* A number after steps, without digits that only rounding brings. */
const stepped = (number, by) => Number((number + by).toPrecision(12));

const moved = (number, way, fine) => stepped(number, way * stepOf(number, fine));

/* What a field shows and sets: one of the given numbers. */
const numberAt = (k) => ({ now: () => page.given[k], take: (x) => setGiven(k, x) });

/* A field takes numbers, typed or moved by Up and Down; all that it takes until it is left is one change.
   No key does in it what it does elsewhere on the page. */
function takeNumbers(input, { now, take, step = moved, isValid = (x) => !Number.isNaN(x) }, typed = "change") {
  const field = {
    began: false,
    set(number) {
      input.classList.toggle("bad", !isValid(number));
      if (!isValid(number) || number === now()) return;
      if (!field.began) beginChange();
      field.began = true;
      take(number);
    },
    move(way, fine) {
      field.set(step(now(), way, fine));
      input.value = String(now());
    },
  };
  input.addEventListener(typed, () => { if (input.value.trim()) field.set(readNumber(input.value)); });
  for (const end of ["change", "blur"]) input.addEventListener(end, () => { field.began = false; });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    field.move(way, event.shiftKey);
  });
  return field;
}

/* What to do while a pointer that went down moves, and when it is lifted. */
function whileDown(element, move, end = () => {}) {
  const over = new AbortController(), { signal } = over;
  element.addEventListener("pointermove", move, { signal });
  for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, () => { over.abort(); end(); }, { signal });
}

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
  const picture = $("picture"), number = page.given[k];
  let began = false;
  const move = (next) => {
    const dx = next.clientX - event.clientX;
    if (!began) {
      if (Math.abs(dx) < 5) return;
      began = true;
      picture.setPointerCapture(event.pointerId);
      pause();
      beginChange();
      select(k, false);
    }
    const step = stepOf(number, next.shiftKey);
    setGiven(k, stepped(Math.round(number / step) * step, Math.round(dx / 4) * step));
  };
  whileDown(picture, move, () => {
    if (began) picture.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
  });
  return true;
}

/* ── a field over a leaf's box, to type in ──────────────────────────────────────────────── */

let edited = 0; // a place in `given`

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
  edited = k;
  editor.focus();
  editor.select();
}

function closeEditor(focusBox) {
  if ($("editor").hidden) return;
  $("editor").hidden = true;
  if (focusBox) $(page.view.box(graphLeaf(edited)))?.focus();
}

function wireEditor() {
  const editor = $("editor");
  const field = takeNumbers(editor, { now: () => page.given[edited], take: (x) => setGiven(edited, x) }, "input");
  editor.addEventListener("blur", () => closeEditor(false));
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Escape" && field.began) undo();
    if (["Enter", "Escape"].includes(event.key)) closeEditor(true);
  });
}
