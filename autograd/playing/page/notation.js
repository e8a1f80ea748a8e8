/* Formulas as text, MathML and LaTeX. A notation is handed pieces and gives back pieces, each of which knows
   how tightly it binds, so that parentheses stand where they are needed: the rules are those of
   autograd/typesetting, whose words these are. */

const CONDITION = 0, COMPARISON = 1, SUM = 2, QUOTIENT = 3, PRODUCT = 4, POWER = 5, ATOM = 6;

const PLAIN = { level: ATOM, negative: false, digit: false, number: false, open: false, closed: false };
const piece = (written, properties = {}) => ({ ...PLAIN, ...properties, written });

const escapeText = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

class Notation {
  constructor(decimals = 4, labels = {}) {
    this.decimals = decimals;
    this.labels = labels;
  }

  finer(step, digits) {
    const finer = Object.create(this);
    finer.decimals = this.decimals === Infinity ? Infinity : decimalsShowing(step, digits, this.decimals);
    return finer;
  }

  /* A label; a stand-in such as v12 spells a symbol too. */
  name(label) {
    const standIn = /^v(\d+)$/.exec(label);
    const plain = standIn ? [["v", "", standIn[1], ""]] : /^\p{L}$/u.test(label) ? [[label, "", "", ""]] : [];
    const [level, open, symbols] = this.labels[label] ?? [ATOM, false, plain];
    return piece(this.named(label, symbols), { level, open });
  }

  number(x) {
    const written = decimal(x, this.decimals), digits = written.replace(/^-/, ""), negative = digits !== written;
    const shown = this.positive(digits);
    const level = digits.includes("e") ? PRODUCT : ATOM;
    return piece(negative ? this.minus(shown) : shown, { level, negative, digit: !negative, number: true });
  }

  factor(x, { level = PRODUCT, negative = false, open = false } = {}) {
    const loose = x.level < level || (x.negative && !negative) || (x.open && !open);
    return loose ? piece(this.fenced(x.written), { closed: true }) : x;
  }

  sum(left, sign, right) {
    const a = this.factor(left, { level: SUM, negative: true, open: true });
    const b = this.factor(right, { level: sign === "+" ? SUM : QUOTIENT, open: true });
    return piece(this.infix(sign, a.written, b.written), { level: SUM, negative: a.negative, digit: a.digit });
  }

  product(left, right) {
    const a = this.factor(left, { negative: true }), b = this.factor(right, { negative: right.number, open: true });
    const sign = b.digit || b.number ? "×" : a.closed && b.closed ? "" : "·";
    return piece(this.infix(sign, a.written, b.written), { level: PRODUCT, negative: a.negative, digit: a.digit, open: b.open, closed: b.closed });
  }

  negative(x) {
    const inside = this.factor(x, { level: QUOTIENT, open: true });
    return piece(this.minus(inside.written), { level: inside.level, negative: true, number: inside.number, open: inside.open });
  }

  power(base, exponent) {
    const below = this.factor(base, { level: ATOM });
    return piece(this.raised(below.written, exponent), { level: POWER, digit: below.digit });
  }

  call(name, ...args) {
    const inside = this.infix(",", ...args.map((x) => this.factor(x, { level: SUM, negative: true, open: true }).written));
    return piece(this.applied(this.function(name), this.fenced(inside)), { closed: true });
  }

  logarithm(x) {
    if (x.level < POWER || x.negative || x.closed) return this.call("log", x);
    return piece(this.applied(this.function("log"), x.written, true), { level: PRODUCT, open: true });
  }

  compared(left, sign, right) {
    if (sign === "and" || sign === "or") {
      const word = this.words(` ${say(sign)} `).written;
      return piece(this.infix("", left.written, word, right.written), { level: COMPARISON });
    }
    return piece(this.infix(sign, left.written, right.written), { level: COMPARISON });
  }

  /* One side of an equation. */
  side(x) {
    return x;
  }

  finished(x) {
    return x.written;
  }

  minus(written) {
    return `-${written}`;
  }

  /* A function's name before what it is applied to, `bare` if that has no parentheses. */
  applied(name, inside, bare) {
    return bare ? `${name} ${inside}` : name + inside;
  }

  equation(...sides) {
    return piece(this.infix("=", ...sides.map((x) => this.side(x).written)), { level: COMPARISON });
  }

  /* Upstream × local, as lectures print the chain rule: negative numbers stand as they are. */
  times(...factors) {
    return piece(this.infix("×", ...factors.map((x) => x.written)), { level: PRODUCT, negative: factors[0].negative });
  }

  derivative(of, by) {
    return this.over(this.partial(of), this.partial(by));
  }

  partial(x) {
    return piece(this.infix("", this.function("∂"), this.factor(x, { level: POWER }).written));
  }

  /* A name with a word before it: new w. */
  called(word, x) {
    return { ...x, written: this.infix("", this.words(`${word} `).written, x.written) };
  }

  annotated(x, text) {
    return piece(this.infix("", x.written, this.words(text).written), { level: CONDITION });
  }

  /* A formula, with pieces put in for its parameters. */
  write(tree, put = {}) {
    if (typeof tree === "number") return this.number(tree);
    if (typeof tree === "string") return put[tree] ?? this.name(GREEK[tree] ?? tree);
    const [head, ...operands] = tree;
    switch (head) {
      case "words": return this.words(operands[0]);
      case "dots": return piece(this.function("…"));
      case "compare": return operands.slice(1).reduce((so_far, x, i, all) =>
        (i % 2 ? this.compared(so_far, all[i - 1], this.write(x, put)) : so_far), this.write(operands[0], put));
      case "if": return this.cases(this.rows(tree, put));
      case "/":
        if (operands[0][0] === "neg") return this.negative(this.write(["/", operands[0][1], operands[1]], put));
        break;
      case "neg":
        if (typeof operands[0] === "number") return this.number(-operands[0]);
    }
    const written = operands.map((x) => this.write(x, put));
    if (head === "+" || head === "-") return this.sum(written[0], head, written[1]);
    const way = { "*": "product", "/": "over", "**": "power", neg: "negative" }[head]
      ?? (written.length === 1 && { exp: "exponential", log: "logarithm", sqrt: "root", abs: "bars" }[head]);
    return way ? this[way](...written) : this.call(head === "sigmoid" ? "σ" : head, ...written);
  }

  rows(tree, put) {
    const rows = [];
    let rest = tree;
    for (; rest[0] === "if"; rest = rest[3]) rows.push([this.write(rest[1], put), this.write(rest[2], put)]);
    return [...rows, [this.write(rest, put), null]];
  }
}

class TextNotation extends Notation {
  words = (text) => piece(text, { level: SUM });
  exponential = (x) => piece(`e^${this.exponent(x)}`, { level: POWER });
  root = (x) => piece(`√${this.factor(x, { level: ATOM }).written}`, { level: POWER });
  bars = (x) => piece(`|${x.written}|`);
  cases = (rows) => piece(rows.map(([x, when]) => (when ? `${x.written} ${say("if")} ${when.written}` : `${say("else")} ${x.written}`)).join(", "), { level: CONDITION });
  side = (x) => (x.level === CONDITION ? piece(this.fenced(x.written), { closed: true }) : x);
  positive = (written) => written;
  infix = (sign, ...all) => all.join({ "": "", "·": "·", ",": ", " }[sign] ?? ` ${sign} `);
  fenced = (written) => `(${written})`;
  exponent = (x) => this.factor(x, { level: ATOM, negative: x.level === ATOM }).written;
  function = (name) => name;
  named = (label) => label;

  over(numerator, denominator) {
    const above = this.factor(numerator, { negative: true }), below = this.factor(denominator, { level: POWER });
    return piece(`${above.written}/${below.written}`, { level: QUOTIENT, negative: above.negative, digit: above.digit });
  }

  raised(base, exponent) {
    if (exponent.number && /^-?\d+$/.test(exponent.written)) return base + superscript(exponent.written);
    return `${base}^${this.exponent(exponent)}`;
  }
}

const superscript = (digits) => digits.replace(/[-\d]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
