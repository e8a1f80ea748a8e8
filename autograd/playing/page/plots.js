/* Small plots: lines, marks, two axes. */

const SVG = "http://www.w3.org/2000/svg";

function svgElement(name, attributes = {}, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/* `lines` have xs, ys and a name, which is their class, and slopes if they may jump; `rangeOf` is the line that
   sets the range of y, or all.
   `onPick` is told the x of a click. */
function plot({ lines, marks = [], xName, yName, label, width = 320, height = 180, rangeOf = null, logarithmic = false, tickX = tick, onPick = null }) {
  const left = 46, right = 14, top = 16, bottom = 26;
  const svg = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, class: "plot", role: "img", "aria-label": label });
  const scaleY = logarithmic ? (y) => (y > 0 ? Math.log10(y) : NaN) : (y) => y;
  const ranging = rangeOf === null ? lines : [lines[rangeOf]];
  const xsAll = lines.flatMap(({ xs }) => xs), finite = (ys) => ys.map(scaleY).filter(Number.isFinite);
  const [x0, x1] = [Math.min(...xsAll), Math.max(...xsAll)], all = finite(ranging.flatMap(({ ys }) => ys));
  const inSight = [...(rangeOf === null ? all : readable(all)), ...finite(marks.map(({ y }) => y))];
  let [y0, y1] = [Math.min(...inSight), Math.max(...inSight)];
  if (!(y1 > y0)) [y0, y1] = [y0 - Math.max(Math.abs(y0), 1) / 2, y1 + Math.max(Math.abs(y1), 1) / 2];
  const margin = (y1 - y0) * .06;
  [y0, y1] = [y0 - margin, y1 + margin];
  const X = (x) => left + (x - x0) / (x1 - x0 || 1) * (width - left - right);
  const Y = (scaled) => height - bottom - (scaled - y0) / (y1 - y0) * (height - top - bottom);
  svg.append(svgElement("path", { class: "axis", d: `M${left} ${top - 8}V${height - bottom}H${width - right}` }));
  const levels = ticks(y0, y1, 3), written = apart(levels.map((y) => (logarithmic ? 10 ** y : y)));
  levels.forEach((y, i) => svg.append(svgElement("text", { x: left - 5, y: Y(y) + 4, class: "tick end" }, written[i])));
  const named = width - right - 7 * [...xName].length; // where the name of the axis begins
  for (const x of ticks(x0, x1, 4).filter((x) => X(x) + 4 * tickX(x).length < named)) {
    svg.append(svgElement("text", { x: X(x), y: height - bottom + 14, class: "tick middle" }, tickX(x)));
  }
  svg.append(svgElement("text", { x: width - right, y: height - bottom + 14, class: "axis-name end" }, xName));
  svg.append(svgElement("text", { x: left + 6, y: top - 3, class: "axis-name" }, yName));
  const clip = svgElement("clipPath", { id: `clip-${Math.random().toString(36).slice(2)}` });
  clip.append(svgElement("rect", { x: left, y: top - 8, width: width - left - right, height: height - top - bottom + 8 }));
  svg.append(clip);
  for (const { xs, ys, slopes, name } of lines) {
    let pen = "M";
    const d = xs.map((x, i) => {
      const y = scaleY(ys[i]);
      if (!Number.isFinite(y)) { pen = "M"; return ""; }
      if (slopes && jumps(ys, slopes, i)) pen = "M";
      const point = `${pen}${X(x).toFixed(1)} ${Math.min(Math.max(Y(y), -1e4), 1e4).toFixed(1)}`;
      pen = "L";
      return point;
    }).join("");
    svg.append(svgElement("path", { d, class: `line ${name}`, "clip-path": `url(#${clip.id})` }));
  }
  for (const { x, y, name = "" } of marks) {
    const [cx, cy] = [X(x), Y(scaleY(y))];
    if (Number.isFinite(cx) && Number.isFinite(cy)) svg.append(svgElement("circle", { cx, cy, r: 4, class: `mark ${name}` }));
  }
  if (onPick) {
    svg.classList.add("pick");
    svg.addEventListener("click", (event) => {
      const rect = svg.getBoundingClientRect(), x = (event.clientX - rect.left) / rect.width * width;
      onPick(x0 + Math.min(Math.max((x - left) / (width - left - right), 0), 1) * (x1 - x0));
    });
  }
  return svg;
}

/* Whether a curve jumps before its point i, as 1/x does at 0: it rises though it falls at both ends, or the other way. */
function jumps(ys, slopes, i) {
  const rise = ys[i] - ys[i - 1];
  return rise !== 0 && rise * slopes[i - 1] <= 0 && rise * slopes[i] <= 0;
}

/* All but the few numbers that lie so far out that the rest would be a flat line. */
function readable(ys) {
  if (!ys.length) return [];
  const sorted = [...ys].sort((a, b) => a - b), at = (part) => sorted[Math.round(part * (sorted.length - 1))];
  const [low, high] = [at(.1), at(.9)], span = high - low;
  if (!(span > 0) || at(1) - at(0) < 8 * span) return [at(0), at(1)];
  return [Math.max(at(0), low - span), Math.min(at(1), high + span)];
}

/* Round numbers within a range. */
function ticks(from, to, count) {
  const rough = (to - from) / count, size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((x) => x * size >= rough) * size, all = [];
  for (let x = Math.ceil(from / step) * step; x <= to + step * 1e-9 && all.length < 12; x += step) all.push(x);
  return all;
}

/* A number of few letters: 0.05, 2000, 2e7. */
const tick = (x, digits = 3) => {
  const short = Number(x.toPrecision(digits)), size = Math.abs(short);
  return withMinus(size !== 0 && (size >= 1e5 || size < 1e-4) ? short.toExponential().replace("+", "") : String(short));
};

/* Numbers at an axis, in as many digits as tell them apart. */
function apart(numbers, digits = 3) {
  const written = numbers.map((x) => tick(x, digits));
  return new Set(written).size === written.length || digits > 15 ? written : apart(numbers, digits + 1);
}
