/* The camera: which part of the picture is in sight, how large, and a map of the whole. */

const LEAST_TEXT = 9.5; // pixels: a picture with smaller text is not shown whole

const WORTH_ALL = .8; // of readable size is given up for the whole to be in sight

const camera = {
  whole: null, at: null, svg: null, chosen: 0, moving: 0,

  load(svg) {
    Object.assign(this, { svg, whole: DOMRect.fromRect(svg.viewBox.baseVal), chosen: 0, at: null });
    for (const name of ["width", "height", "data-width", "data-height"]) svg.removeAttribute(name);
  },

  /* Pixels per point of the drawing: so many that it can be read from the back row, or, where no gate is at work
     or it costs little, so few that all of it is in sight. */
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

  /* What is in sight from above a center; all of a room is, if there is one. */
  rectangle(center, room = new DOMRect()) {
    const picture = $("picture"), { whole } = this;
    const scale = Math.min(this.scale(), (picture.clientWidth - this.covered(1)) / room.width, picture.clientHeight / room.height);
    const width = picture.clientWidth / scale, height = picture.clientHeight / scale;
    const along = (from, all, size, at) => (size >= all ? from + (all - size) / 2 : Math.min(Math.max(at - size / 2, from), from + all - size));
    const across = whole.width + (width < whole.width ? this.covered(scale) : 0);
    return new DOMRect(along(whole.x, across, width, center.x), along(whole.y, whole.height, height, center.y), width, height);
  },

  /* To where the frame's gate is, unless it is in sight. */
  follow(always) {
    const frame = page.frames[page.at], { at, whole } = this;
    const boxes = frame.active.map((id) => parts.values.get(id)?.group ?? parts.gates.get(id)).filter(Boolean).map(placeOf);
    const here = at ? middle(at) : whole;
    let next = this.rectangle(here);
    if (boxes.length) {
      const work = hull(boxes), room = this.chosen ? undefined : new DOMRect(0, 0, work.width + 8, work.height + 8);
      next = this.rectangle(here, room);
      const covered = this.covered($("picture").clientWidth / next.width), free = new DOMRect(next.x, next.y, next.width - covered, next.height);
      if (always || !isInside(work, free)) next = this.rectangle({ x: middle(work).x + covered / 2, y: middle(work).y }, room);
    }
    const far = at && Math.hypot(next.x - at.x, next.y - at.y) > 2 * at.width;
    this.show(next, !at || far || matchMedia("(prefers-reduced-motion: reduce)").matches);
  },

  /* Whether any of an element is in sight. */
  sees(element) {
    const box = placeOf(element), here = this.at;
    return !here || meet(box, here);
  },

  /* At once to a box that is not wholly in sight. */
  reveal(element) {
    const box = placeOf(element);
    if (!isInside(box, this.at)) this.show(this.rectangle(middle(box)), true);
  },

  show(next, atOnce) {
    cancelAnimationFrame(this.moving);
    const from = this.at ?? next, began = performance.now();
    const draw = (now) => {
      const t = atOnce ? 1 : Math.min(Math.max((now - began) / 260, 0), 1), share = t * (2 - t);
      this.at = new DOMRect(...sides(from).map((x, i) => x + (sides(next)[i] - x) * share));
      this.svg.setAttribute("viewBox", sides(this.at).map((x) => x.toFixed(2)).join(" "));
      this.map();
      if (t < 1) this.moving = requestAnimationFrame(draw);
    };
    draw(began);
  },

  /* All of it, as on paper. */
  showWhole() {
    cancelAnimationFrame(this.moving);
    this.svg.setAttribute("viewBox", sides(this.whole).join(" "));
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
    const width = Math.min(220, $("picture").clientWidth / 4, 70 * whole.width / whole.height), height = width * whole.height / whole.width;
    map.setAttribute("viewBox", sides(whole).join(" "));
    map.style.width = `${width}px`;
    map.style.height = `${height}px`;
    if (map.of !== this.svg) {
      map.of = this.svg;
      map.replaceChildren(...[...parts.values.values()].map(({ group }) => rectangleOf(placeOf(group), "box")), rectangleOf(at, "sight"));
    }
    const active = new Set(page.frames[page.at].active), atWork = [];
    [...parts.values].forEach(([id, { group }], i) => {
      map.children[i].classList.toggle("active", active.has(id));
      if (active.has(id)) atWork.push(placeOf(group));
    });
    for (const name of ["x", "y", "width", "height"]) map.lastChild.setAttribute(name, at[name]);
    const unit = at.width / $("picture").clientWidth, down = (height + 12) * unit, across = (width + 12) * unit;
    const atRight = across + ($("zoom").offsetWidth + 12) * unit; // beside the buttons
    const [right, left] = [new DOMRect(at.right - atRight, at.y, atRight, down), new DOMRect(at.x, at.y, across, down)]
      .map((place) => atWork.some((box) => meet(box, place)));
    map.classList.toggle("aside", right);
    map.toggleAttribute("hidden", left && right);
  },

  toMap(event) {
    const rect = $("map").getBoundingClientRect(), { whole } = this;
    const x = whole.x + (event.clientX - rect.left) / rect.width * whole.width, y = whole.y + (event.clientY - rect.top) / rect.height * whole.height;
    this.show(this.rectangle({ x, y }), true);
  },
};

const isInside = (box, sight) => box.left >= sight.left && box.right <= sight.right && box.top >= sight.top && box.bottom <= sight.bottom;

const meet = (a, b) => a.right >= b.left && a.left <= b.right && a.bottom >= b.top && a.top <= b.bottom;

const sides = ({ x, y, width, height }) => [x, y, width, height];

const middle = (r) => ({ x: r.x + r.width / 2, y: r.y + r.height / 2 });

const rectangleOf = ({ x, y, width, height }, name) => svgElement("rect", { x, y, width, height, class: name });

/* The rectangle around some. */
function hull(boxes) {
  const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
  return new DOMRect(left, top, right - left, bottom - top);
}

const places = new WeakMap();

/* Where an element of the drawing stands, in the drawing's own units: it never moves. */
function placeOf(element) {
  if (!places.has(element)) places.set(element, measured(element));
  return places.get(element);
}

function measured(element) {
  const box = element.getBBox(), move = element.closest("#drawn").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
  return new DOMRect(box.x + move.e, box.y + move.f, box.width, box.height);
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
