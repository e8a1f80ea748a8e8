/* A link to every state: #backward/15?predict&view=open&w0=-2.5&eta=0.1 */

let written = "";

/* What an address may say besides numbers. */
const SETTINGS = "predict level mistake view eta method parameters decimals language embed present".split(" ");

/* What the numbers in `given` are called: leaves by their names, with a point after that of a setting; a constant by its gate's name, and its place there. */
function givenNames() {
  const { leaves, constants, names } = page.graph;
  return [...leaves.map((i) => (SETTINGS.includes(names[i]) ? `${names[i]}.` : names[i])), ...constants.map(({ node, place }) => `${names[node]}.${place}`)];
}

function addressNow() {
  const { phase } = page.frames[page.at], { classList } = document.body;
  const within = page.at - page.frames.findIndex((other) => other.phase === phase) + 1;
  const asked = [];
  if (page.mode === "predict") asked.push("predict", ...(predict.level === "number" ? [] : [`level=${predict.level}`]));
  if (page.mode === "mistakes") asked.push(`mistake=${PLAYED[page.mistakeAt].key}`);
  if (page.viewAt) asked.push(`view=${encodeURIComponent(page.view.key)}`);
  givenNames().forEach((name, k) => {
    if (!Object.is(page.given[k], ORIGINAL.given[k])) asked.push(`${encodeURIComponent(name)}=${page.given[k]}`);
  });
  if (page.eta !== ORIGINAL.eta) asked.push(`eta=${page.eta}`);
  if (page.ruleAt) asked.push(`method=${page.rule.name}`);
  if (!areSame(page.parameters, ORIGINAL.parameters)) asked.push(`parameters=${page.parameters.join(".")}`);
  if (page.decimals !== (DATA.decimals ?? Infinity)) asked.push(`decimals=${page.decimals}`);
  if (language !== DATA.language) asked.push(`language=${language}`);
  if (classList.contains("embedded")) asked.push("embed");
  if (classList.contains("presenting")) asked.push("present");
  return `#${phase}/${within}${asked.length ? `?${asked.join("&")}` : ""}`;
}

function writeAddress() {
  written = addressNow();
  try {
    history.replaceState(null, "", written);
  } catch { /* a page within a page has no address of its own */ }
}

/* The state that an address says; what it does not say, or says amiss, is as in the beginning. */
function readAddress(hash) {
  const [place, query = ""] = hash.slice(1).split("?");
  const asked = new URLSearchParams(query.replaceAll("+", "%2B")); // the + of 1e+30 would be a space
  setLanguage(Object.hasOwn(LANGUAGES, asked.get("language")) ? asked.get("language") : DATA.language);
  const decimals = Number(asked.get("decimals")), isKnown = decimals === Infinity || (decimals >= 1 && decimals <= 17);
  page.decimals = isKnown ? Math.round(decimals) : DATA.decimals ?? Infinity;
  page.given = ORIGINAL.given.slice();
  givenNames().forEach((name, k) => {
    const number = Number(asked.get(name) || NaN);
    if (!Number.isNaN(number)) page.given[k] = number;
  });
  page.eta = RATE.isValid(Number(asked.get("eta"))) ? Number(asked.get("eta")) : ORIGINAL.eta;
  page.ruleAt = Math.max(0, RULES.findIndex(({ name }) => name === asked.get("method")));
  const parameters = asked.get("parameters")?.split(".").filter(Boolean).map(Number).filter((k) => k in page.graph.leaves);
  page.parameters = parameters ? [...new Set(parameters)] : ORIGINAL.parameters;
  document.body.classList.toggle("embedded", asked.has("embed"));
  document.body.classList.toggle("presenting", asked.has("present"));
  page.viewAt = Math.max(0, page.views.findIndex(({ key }) => key === asked.get("view")));
  const mistake = PLAYED.findIndex(({ key }) => key === asked.get("mistake"));
  if (mistake >= 0 && !DATA.withoutMistakes) {
    page.mode = "mistakes";
    page.mistakeAt = mistake;
    page.viewAt = wholeView();
  } else page.mode = asked.has("predict") ? "predict" : "watch";
  page.viewBefore = null;
  predict.level = LEVELS.includes(asked.get("level")) ? asked.get("level") : "number";
  const [phase, within] = place.split("/");
  return { phase, within: Math.max(1, Number.parseInt(within, 10) || 1) };
}

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
