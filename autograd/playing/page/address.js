/* A link to every state: #backward/15?predict&view=open&w0=-2.5&eta=0.1 */

let written = "";

function addressNow() {
  const { graph } = page, frame = page.frames[page.at], phase = frame.phase;
  const within = page.at - page.frames.findIndex((other) => other.phase === phase) + 1;
  const asked = [];
  if (page.mode === "predict") asked.push("predict", ...(predict.level === "number" ? [] : [`level=${predict.level}`]));
  if (page.mode === "mistakes") asked.push(`mistake=${PLAYED[page.mistakeAt].key}`);
  if (page.viewAt) asked.push(`view=${encodeURIComponent(page.view.key)}`);
  graph.leaves.forEach((i, k) => {
    if (!Object.is(page.given[k], ORIGINAL.given[k])) asked.push(`${encodeURIComponent(graph.names[i])}=${page.given[k]}`);
  });
  graph.constants.forEach(({ node, place }, i) => {
    const k = graph.leaves.length + i;
    if (!Object.is(page.given[k], ORIGINAL.given[k])) asked.push(`${encodeURIComponent(`${graph.names[node]}.${place}`)}=${page.given[k]}`);
  });
  if (page.eta !== ORIGINAL.eta) asked.push(`eta=${page.eta}`);
  if (page.ruleAt) asked.push(`method=${page.rule.name}`);
  if (String(page.parameters) !== String(ORIGINAL.parameters)) asked.push(`parameters=${page.parameters.join(".")}`);
  if (page.decimals !== (DATA.decimals ?? Infinity)) asked.push(`decimals=${page.decimals}`);
  if (language !== DATA.language) asked.push(`language=${language}`);
  if (document.body.classList.contains("embedded")) asked.push("embed");
  if (document.body.classList.contains("presenting")) asked.push("present");
  return `#${phase}/${within}${asked.length ? `?${asked.join("&")}` : ""}`;
}

function writeAddress() {
  written = addressNow();
  try {
    history.replaceState(null, "", written);
  } catch { /* a page within a page has no address of its own */ }
}

/* The state that an address says; what it does not know is left as it is. */
function readAddress(hash) {
  const [place, query = ""] = decodeHash(hash).split("?");
  const asked = new Map(query.split("&").filter(Boolean).map((pair) => {
    const [key, ...value] = pair.split("=");
    return [decodeURIComponent(key), decodeURIComponent(value.join("="))];
  }));
  const { graph } = page;
  if (LANGUAGES[asked.get("language")]) setLanguage(asked.get("language"));
  if (asked.has("decimals")) page.decimals = Number(asked.get("decimals")) || page.decimals;
  page.given = Float64Array.from(ORIGINAL.given);
  graph.leaves.forEach((i, k) => { takeNumber(asked.get(graph.names[i]), k); });
  graph.constants.forEach(({ node, place: at }, i) => { takeNumber(asked.get(`${graph.names[node]}.${at}`), graph.leaves.length + i); });
  page.eta = Number(asked.get("eta")) > 0 ? Number(asked.get("eta")) : ORIGINAL.eta;
  page.ruleAt = Math.max(0, RULES.findIndex(({ name }) => name === asked.get("method")));
  page.parameters = asked.has("parameters") ? asked.get("parameters").split(".").filter(Boolean).map(Number).filter((k) => k < graph.leaves.length) : [...ORIGINAL.parameters];
  document.body.classList.toggle("embedded", asked.has("embed"));
  document.body.classList.toggle("presenting", asked.has("present"));
  const view = page.views.findIndex(({ key }) => key === asked.get("view"));
  page.viewAt = Math.max(view, 0);
  const mistake = PLAYED.findIndex(({ key }) => key === asked.get("mistake"));
  if (mistake >= 0 && !DATA.withoutMistakes) {
    page.mode = "mistakes";
    page.mistakeAt = mistake;
  } else page.mode = asked.has("predict") ? "predict" : "watch";
  if (LEVELS.includes(asked.get("level"))) predict.level = asked.get("level");
  const [phase, within] = place.split("/");
  return { phase, within: Math.max(1, Number.parseInt(within, 10) || 1) };
}

function takeNumber(text, k) {
  const number = text === undefined || text === "" ? NaN : Number(text);
  if (!Number.isNaN(number)) page.given[k] = number;
}

const decodeHash = (hash) => hash.replace(/^#/, "");

function goToAddress() {
  const { phase, within } = readAddress(location.hash);
  compute();
  showView();
  makeFrames(-1, 0);
  const first = page.frames.findIndex((frame) => frame.phase === phase);
  page.at = first < 0 ? 0 : Math.min(first + within - 1, page.frames.length - 1);
  showModes();
  render();
  camera.follow(true);
}
