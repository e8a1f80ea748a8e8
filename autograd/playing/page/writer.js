/* How a graph's numbers and equations are written: as text, as MathML and as LaTeX. */

const answer = (x) => ({ ...x, written: `<mrow class="answer">${x.written}</mrow>` });

class Writer {
  /* `after` is the run with the parameters after the step; `eta` the learning rate; `rule` the optimizer. */
  constructor({ labels, ...shown }) {
    Object.assign(this, { ...shown, graph: shown.view.graph });
    const { decimals } = this;
    this.text = new TextNotation(decimals, labels);
    this.math = new MathMLNotation(decimals, labels);
    this.latex = new LatexNotation(decimals, labels);
    this.names = this.graph.names;
    this.rootName = this.names[this.graph.root];
  }

  decimal(x) {
    return decimal(x, this.decimals);
  }

  span(numbers) {
    return span(numbers, this.decimals);
  }

  /* An equation in the walk, and the same as LaTeX. */
  line(said, write, before = "") {
    const sides = write(this.text).map((side) => side.written);
    const last = sides.pop();
    said.lines.push({ text: `${before}${sides.join(" = ")}${sides.length ? " =" : ""}`.trimEnd(), answer: last });
    said.equations.push(this.latex.equation(...write(this.latex)).written);
  }

  equation(sides) {
    return this.broken([...sides.slice(0, -1), answer(sides.at(-1))]);
  }

  /* An equation of which every further side may stand on a line of its own. */
  broken([left, first, ...rest]) {
    const { math } = this;
    return [math.equation(left, first), ...rest.map((side) => ({ written: `<mrow><mo form="infix">=</mo>${side.written}</mrow>` }))].map(math.finished).join(" ");
  }

  derivative(notation, of, by) {
    return notation.derivative(notation.name(of), notation.name(by));
  }

  gradientName(notation, node) {
    return this.derivative(notation, this.rootName, this.names[node]);
  }

  /* ∂(what the item gives)/∂(its input), naming the slot if the same value fills several. */
  localName(notation, item, k) {
    const { input } = item.edges[k], name = this.derivative(notation, this.names[item.node], this.names[input]);
    const slots = item.edges.filter((edge) => edge.input === input).length;
    return slots > 1 ? notation.annotated(name, ` ${say("through the {ordinal} input", { ordinal: ordinal(k + 1), number: k + 1 })}`) : name;
  }

  localSides(notation, item, k) {
    const { locals, names, numbers } = this.view.formulas(item, this.run);
    return withoutRepeats(this.localName(notation, item, k), writtenWith(notation, locals[k], names),
      writtenWith(notation, locals[k], numbers), notation.number(this.view.locals(item, this.run)[k]));
  }

  forwardSides(notation, item) {
    const { output, names, numbers } = this.view.formulas(item, this.run), name = this.names[item.node];
    const isItsFormula = writtenWith(this.text, output, names).written === name; // as of a node that is called log g8
    return withoutRepeats(notation.name(name), ...(isItsFormula ? [] : [writtenWith(notation, output, names)]),
      writtenWith(notation, output, numbers), notation.number(this.run.numbers[item.node]));
  }

  localRow(item, k) {
    return this.broken(shortCases(this.localSides(this.math, item, k)));
  }

  /* The arguments of a gate as they are written: names, and constants. */
  written(item) {
    return item.args.map((arg, place) => (Number.isInteger(arg) ? this.names[arg] : this.decimal(item.kind === "gate" ? this.run.args[item.node][place] : Number(arg[0]))));
  }

  others(item, k) {
    return both(this.written(item).toSpliced(placeOfInput(item, k), 1));
  }

  /* ── tables ─────────────────────────────────────────────────────────────────────────── */

  /* Of the results of a closed part: the name of each, and its numbers from some lists. */
  results(item, heads, ...lists) {
    const part = (i) => item.parts.findIndex(([, nodes]) => nodes.includes(i));
    const name = (i) => (part(i) < 0 ? this.names[i] : sayTitle(item.parts[part(i)][0]));
    const inOrder = [...item.results].sort((a, b) => part(a) - part(b));
    return this.table(["", ...heads], inOrder, (i) => [name(i), ...lists.map((list) => this.decimal(list[i]))]);
  }

  /* A row of cells for each of the first of some things. */
  table(head, things, row) {
    const rows = things.slice(0, MOST_ROWS).map(row), more = things.length - rows.length;
    const cells = (row, tag) => row.map((cell) => (cell === "" && tag === "th" ? "<td></td>" : `<${tag}>${escapeText(cell)}</${tag}>`)).join("");
    const others = more ? `<p>${escapeText(say("and {count} more", { count: more }))}</p>` : "";
    return `<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table>${others}`;
  }
}

/* A formula in cases, without the same cases in numbers. */
function shortCases(sides) {
  const cases = sides.filter((side) => side.written.includes("<mtable>"));
  return cases.length > 1 ? sides.filter((side) => side !== cases[1]) : sides;
}
