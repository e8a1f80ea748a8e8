/* What the page shows and what was changed in it: everything computed follows from this. */

const $ = (id) => document.getElementById(id);

/* An element of the page, with properties, attributes, and what is in it. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("aria-")) element.setAttribute(key, value);
    else if (value !== undefined) element[key] = value;
  }
  element.append(...children);
  return element;
}

const DATA = JSON.parse($("data").textContent);

const GRAPH = new Graph(DATA.graph);

/* What undo brings back, as it is at the beginning. None of it is ever changed: it is replaced.

   given       the leaves' numbers, then the constants'
   parameters  places among the leaves */
const ORIGINAL = { given: GRAPH.given, eta: DATA.eta, parameters: DATA.parameters, ruleAt: 0 };

const page = {
  ...ORIGINAL,
  graph: GRAPH,
  views: [],
  viewAt: 0,
  frames: [],
  at: 0,
  mode: "watch",
  mistakeAt: 0,
  run: null,         // all numbers and gradients
  after: null,       // the same after a step of descent
  ghost: null,       // the run before the last change
  decimals: DATA.decimals ?? Infinity,
  selected: null,    // a place in `given`
  numeric: false,    // whether derivatives by differences are shown
  past: [],
  future: [],
  timer: 0,
  get view() { return this.views[this.viewAt]; },
  get rule() { return RULES[this.ruleAt]; },
};

/* The symbol of a gate, with its constants as they are now: +1, ×(-3), x², clip, low = 0, high = 1. */
function symbolOf(node) {
  const { graph, run } = page, gate = graph.gate(node), way = DATA.symbols[node], text = new TextNotation();
  if (way === undefined) return gate.symbol;
  const constants = graph.nodes[node][2].flatMap((arg, place) => (Number.isInteger(arg) ? [] : [[gate.parameters[place], run.args[node][place]]]));
  if (way) {
    const x = text.number(constants[0][1]);
    const shown = { number: x.written, operand: text.factor(x).written, power: text.power(text.name("x"), x).written };
    return way.replace(/\{(\w+)\}/, (_, how) => shown[how]);
  }
  const unusual = constants.filter(([name, x]) => x !== gate.defaults?.[name]).map(([name, x]) => `${name} = ${text.number(x).written}`);
  return [gate.symbol, ...unusual].join(", ");
}

const PLAYED = MISTAKES.filter(({ played }) => played);

const graphLeaf = (k) => (k < page.graph.leaves.length ? page.graph.leaves[k] : -1);
const currentMistake = () => (page.mode === "mistakes" ? PLAYED[page.mistakeAt] : null);

/* Every number anew. */
function compute() {
  const { graph, given } = page;
  page.run = graph.run(given);
  page.after = graph.run(descend(page, given, page.run.gradients).given);
}

function teller() {
  const { view, run, after, eta, rule, decimals, numeric, parameters } = page, mistake = currentMistake();
  return new (mistake ? MistakeTeller : Teller)({ view, run, after, eta, rule, mistake, decimals, labels: DATA.labels, numeric, parameters });
}

/* ── changing numbers ───────────────────────────────────────────────────────────────────── */

const snapshot = () => Object.fromEntries(Object.keys(ORIGINAL).map((name) => [name, page[name]]));

/* Before a change: what undo returns to, and the ghosts. A gesture, such as a drag, is one change. */
function beginChange() {
  page.past.push(snapshot());
  page.future = [];
  page.ghost = page.run;
}

function restore(state) {
  page.ghost = page.run;
  Object.assign(page, state);
  changed(true);
}

function travel(from, to) {
  if (!from.length) return;
  to.push(snapshot());
  restore(from.pop());
}

const undo = () => travel(page.past, page.future);
const redo = () => travel(page.future, page.past);

function reset() {
  beginChange();
  restore(ORIGINAL);
}

const areSame = (some, others) => some.length === others.length && some.every((x, i) => Object.is(x, others[i]));

const isAsItWas = () => page.eta === ORIGINAL.eta && page.ruleAt === ORIGINAL.ruleAt
  && areSame(page.given, ORIGINAL.given) && areSame(page.parameters, ORIGINAL.parameters);

function setGiven(k, number) {
  page.given = page.given.with(k, number);
  changed(false);
}

/* After a change: the numbers follow, and so do the steps if other leaves are parameters now. */
function changed(anew) {
  compute();
  showExpression();
  if (anew) makeFrames(page.frames[page.at]?.time ?? -1, page.at);
  render(!anew);
}
