/* The camera: which part of the picture is in sight, how large, and a map of the whole. */

const LEAST_TEXT = 9.5; // pixels: a picture with smaller text is not shown whole

const WORTH_ALL = .8; // of readable size is given up for the whole to be in sight

const camera = {
  whole: null, at: null, svg: null, chosen: 0, moving: 0,

  load(svg) {
    const { x, y, width, height } = svg.viewBox.baseVal;
    Object.assign(this, { svg, whole: { x, y, width, height }, chosen: 0, at: null });
    for (const name of ["width", "height", "data-width", "data-height"]) svg.removeAttribute(name);
  },

  /* Pixels per point of the drawing: so that it can be read from the back row. Between the gates, where no gate is
     at work, and where it costs little, so that all of it is in sight. */
  scale() {
    const picture = $("picture"), { width, height } = this.whole;
    const fitting = Math.min(picture.clientWidth / width, picture.clientHeight / height);
    if (this.chosen === "fit") return fitting;
    if (this.chosen) return this.chosen;
    const share = document.body.classList.contains("presenting") ? .04 : .026;
    const readable = Math.max(Math.min(innerHeight, innerWidth * .6) * share, 13) / 12;
    const least = page.frames[page.at].active.length ? WORTH_ALL * readable : LEAST_TEXT / 12;
    return fitting >= least ? Math.min(fitting, 4) : Math.max(Math.min(readable, picture.clientHeight / 90), fitting);
  },

  /* What the buttons cover at the right, in units of the drawing; on a phone they stand above it. */
  covered(scale) {
    return $("picture").offsetTop > 0 ? 0 : ($("zoom").offsetWidth + 12) / scale;
  },

  rectangle(center, room = { width: 0, height: 0 }) {
    const picture = $("picture");
    const scale = Math.min(this.scale(), (picture.clientWidth - this.covered(1)) / room.width, picture.clientHeight / room.height);
    const width = picture.clientWidth / scale, height = picture.clientHeight / scale;
    const along = (from, size, whole, at) => (whole >= size ? from + (size - whole) / 2 : Math.min(Math.max(at - whole / 2, from), from + size - whole));
    return {
      x: along(this.whole.x, this.whole.width + (width < this.whole.width ? this.covered(scale) : 0), width, center.x), y: along(this.whole.y, this.whole.height, height, center.y), width, height,
    };
  },

  /* To where the frame's gate is, unless it is in sight. */
  follow(always) {
    const frame = page.frames[page.at], { at, whole } = this;
    const boxes = frame.active.map((id) => parts.values.get(id)?.group ?? parts.gates.get(id)).filter(Boolean).map(placeOf);
    const here = at ? middle(at) : { x: whole.x, y: whole.y };
    let next = this.rectangle(here);
    if (boxes.length) {
      const left = Math.min(...boxes.map((b) => b.left)), right = Math.max(...boxes.map((b) => b.right));
      const top = Math.min(...boxes.map((b) => b.top)), bottom = Math.max(...boxes.map((b) => b.bottom));
      const room = this.chosen ? undefined : { width: right - left + 8, height: bottom - top + 8 };
      next = this.rectangle(here, room);
      const free = next.width - this.covered($("picture").clientWidth / next.width);
      if (always || !isInside({ left, right, top, bottom }, { ...next, width: free })) next = this.rectangle({ x: (left + right + next.width - free) / 2, y: (top + bottom) / 2 }, room);
    }
    const far = at && Math.hypot(next.x - at.x, next.y - at.y) > 2 * at.width;
    this.show(next, !at || far || matchMedia("(prefers-reduced-motion: reduce)").matches);
  },

  /* Whether any of an element is in sight. */
  sees(element) {
    const box = placeOf(element), here = this.at;
    return !here || (box.right >= here.x && box.left <= here.x + here.width && box.bottom >= here.y && box.top <= here.y + here.height);
  },

  /* At once to a box that is not wholly in sight. */
  reveal(element) {
    const box = placeOf(element);
    if (!isInside(box, this.at)) this.show(this.rectangle({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }), true);
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
    const [right, left] = [false, true].map((aside) => this.isUnder(active, width, aside));
    map.classList.toggle("aside", right);
    map.toggleAttribute("hidden", left && right);
    [...parts.values.keys()].forEach((id, i) => map.children[i].classList.toggle("active", active.has(id)));
    for (const name of ["x", "y", "width", "height"]) frame.setAttribute(name, at[name]);
  },

  /* Whether a box at work would stand under the map, at the right or aside, at the left. */
  isUnder(active, width, aside) {
    const { at, whole } = this, unit = at.width / $("picture").clientWidth;
    const across = (width + (aside ? 12 : $("zoom").offsetWidth + 24)) * unit, bottom = at.y + (width * whole.height / whole.width + 12) * unit;
    const left = aside ? at.x : at.x + at.width - across;
    return [...active].some((id) => {
      const box = parts.values.has(id) && placeOf(parts.values.get(id).group);
      return box && box.right > left && box.left < left + across && box.top < bottom && box.bottom > at.y;
    });
  },

  toMap(event) {
    const rect = $("map").getBoundingClientRect(), { whole } = this;
    const x = whole.x + (event.clientX - rect.left) / rect.width * whole.width, y = whole.y + (event.clientY - rect.top) / rect.height * whole.height;
    this.show(this.rectangle({ x, y }), true);
  },
};

const isInside = (box, sight) => box.left >= sight.x && box.right <= sight.x + sight.width && box.top >= sight.y && box.bottom <= sight.y + sight.height;

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
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    camera.toMap(event);
    whileDown(map, (next) => camera.toMap(next));
  });
}
