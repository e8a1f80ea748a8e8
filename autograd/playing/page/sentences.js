/* Every sentence of the page, in the languages that it has: `say` finds one, and puts in what it speaks of. */

let language = "en";

function say(key, slots = {}) {
  const sentence = LANGUAGES[language].sentences[key];
  if (sentence === undefined) throw new Error(`no sentence "${key}" in ${language}`);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

/* A sentence and its slots, as Python hands it over: others may stand in these. */
const sayOf = ([key, slots]) => say(key, Object.fromEntries(Object.entries(slots).map(([name, x]) => [name, Array.isArray(x) ? sayOf(x) : x])));

/* A sentence with markup in its slots. */
function sayHtml(key, slots) {
  const marked = say(key, Object.fromEntries(Object.keys(slots).map((name) => [name, `{${name}}`])));
  return escapeText(marked).replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

/* A part's title, "neuron 4 of layer 1", in the page's language. */
function sayTitle(title) {
  const { titles } = LANGUAGES[language];
  if (titles[title]) return titles[title];
  const [part, whole] = title.split(" of ");
  if (whole !== undefined) return say("{part} of {whole}", { part: sayTitle(part), whole: sayTitle(whole) });
  return title.split(", ").map((phrase) => phrase
    .replace(/^(\d+) others$/, (_, count) => say("{count} others", { count }))
    .replace(/^(.+) open$/, (_, name) => say("{name} open", { name }))
    .replace(/\b(layer|neuron|piece|sample) (\d+)\b/g, (_, word, number) => titles[`${word} #`].replace("#", number))).join(", ");
}

const sayRule = (rule) => say(`rule ${rule.name}`);

/* What a gate's own author wrote about it, which a language may know. */
const sayGate = (text) => LANGUAGES[language].gates[text] ?? text;

/* 1st, 2nd, 3rd, 4th: of a gate with few inputs. */
const ordinal = (n) => n + (["st", "nd", "rd"][n - 1] ?? "th");

const both = (names) => names.reduce((first, second) => say("both", { first, second }));
