/* Taking something along: this step as a picture or as LaTeX, the link; and the page for a large wall. */

/* The picture as a file of its own: what the page's styles say of it is written into it. */
function standaloneSvg() {
  const svg = $("picture").querySelector("svg"), copy = svg.cloneNode(true);
  const { x, y, width, height } = camera.whole;
  copy.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  copy.setAttribute("width", width * 2);
  copy.setAttribute("height", height * 2);
  copy.setAttribute("xmlns", SVG);
  const styled = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "visibility", "display", "opacity"];
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, i) => {
    const looks = getComputedStyle(originals[i]);
    for (const name of styled) element.style[name] = looks[name];
    for (const name of ["tabindex", "role", "aria-label", "class"]) element.removeAttribute(name);
  });
  const back = svgElement("rect", { x, y, width, height, fill: getComputedStyle($("stage")).backgroundColor });
  copy.prepend(back);
  return new XMLSerializer().serializeToString(copy);
}

function download(blob, ending) {
  const name = page.graph.names[page.graph.root].replace(/[^\p{L}\p{N}_-]+/gu, "_");
  const link = make("a", { href: URL.createObjectURL(blob), download: `${name}-${page.at + 1}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const saveSvg = () => download(new Blob([standaloneSvg()], { type: "image/svg+xml" }), "svg");

/* The picture in pixels. */
async function stepAsPng() {
  const image = make("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg())}` });
  await image.decode();
  const scale = Math.min(2, 8000 / Math.max(image.width, image.height)), [width, height] = [image.width * scale, image.height * scale];
  const canvas = make("canvas", { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/* The equations of this step. */
function stepAsLatex() {
  const { equations } = teller().tell(page.frames[page.at]);
  if (!equations.length) return "";
  return `\\begin{aligned}\n${equations.map((equation) => equation.replace(" = ", " &= ")).join(" \\\\\n")}\n\\end{aligned}`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { value: text }), focused = document.activeElement;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    focused.focus();
  }
  $("copied").textContent = say("Copied.");
}

/* ── presenting ─────────────────────────────────────────────────────────────────────────── */

function present(on = !document.body.classList.contains("presenting")) {
  document.body.classList.toggle("presenting", on);
  if (on) $("picture").focus();
  else $("black").hidden = true;
  requestAnimationFrame(() => { camera.chosen = 0; camera.follow(true); });
  render();
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function blackOut() {
  $("black").hidden = !$("black").hidden;
}
