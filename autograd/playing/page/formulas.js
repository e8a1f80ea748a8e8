/* Formulas as text, MathML and LaTeX. A notation is handed pieces and gives back pieces, each of which knows
   how tightly it binds, so that parentheses stand where they are needed: the rules are those of
   autograd/typesetting, whose words these are. */

const CONDITION = 0, COMPARISON = 1, SUM = 2, QUOTIENT = 3, PRODUCT = 4, POWER = 5, ATOM = 6;

const PLAIN = { level: ATOM, negative: false, digit: false, number: false, open: false, closed: false };
const piece = (written, properties = {}) => ({ ...PLAIN, ...properties, written });

const escapeText = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const GREEK = Object.fromEntries(
  ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega")
    .split(" ").map((name, i) => [name, "αβγδεζηθικλμνξοπρστυφχψω"[i]]));

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
    return piece(this.infix(sign, left.written, right.written), { level: COMPARISON });
  }

  /* One side of an equation. */
  side(x) {
    return x;
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
    switch (head) {
      case "+": case "-": return this.sum(written[0], head, written[1]);
      case "*": return this.product(...written);
      case "/": return this.over(...written);
      case "**": return this.power(...written);
      case "neg": return this.negative(...written);
    }
    if (written.length === 1) {
      switch (head) {
        case "exp": return this.exponential(...written);
        case "log": return this.logarithm(...written);
        case "sqrt": return this.root(...written);
        case "abs": return this.bars(...written);
      }
    }
    return this.call(head === "sigmoid" ? "σ" : head, ...written);
  }

  rows(tree, put) {
    const rows = [];
    let rest = tree;
    for (; rest[0] === "if"; rest = rest[3]) rows.push([this.write(rest[1], put), this.write(rest[2], put)]);
    return [...rows, [this.write(rest, put), null]];
  }
}

class TextNotation extends Notation {
  finished = (x) => x.written;
  words = (text) => piece(text, { level: SUM });
  exponential = (x) => piece(`e^${this.exponent(x)}`, { level: POWER });
  root = (x) => piece(`√${this.factor(x, { level: ATOM }).written}`, { level: POWER });
  bars = (x) => piece(`|${x.written}|`);
  cases = (rows) => piece(rows.map(([x, when]) => (when ? `${x.written} ${say("if")} ${when.written}` : `${say("else")} ${x.written}`)).join(", "), { level: CONDITION });
  side = (x) => (x.level === CONDITION ? piece(this.fenced(x.written), { closed: true }) : x);
  positive = (written) => written;
  minus = (written) => `-${written}`;
  infix = (sign, ...all) => all.join({ "": "", "·": "·", ",": ", " }[sign] ?? ` ${sign} `);
  fenced = (written) => `(${written})`;
  exponent = (x) => this.factor(x, { level: ATOM, negative: x.level === ATOM }).written;
  function = (name) => name;
  applied = (name, inside, bare) => (bare ? `${name} ${inside}` : name + inside);
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

const SPACE = '<mspace width="0.3em"/>';
const OVER = { "\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0307": "˙" };

class MathMLNotation extends Notation {
  finished = (x) => `<math displaystyle="true">${x.written}</math>`;
  words = (text) => piece(`<mtext>${escapeText(text.replace(/^ | $/g, "\u00a0"))}</mtext>`, { level: SUM });
  exponential = (x) => piece(this.raised("<mi>e</mi>", x), { level: POWER });
  root = (x) => piece(`<msqrt>${x.written}</msqrt>`);
  bars = (x) => piece(`<mrow><mo>|</mo>${x.written}<mo>|</mo></mrow>`);
  minus = (written) => `<mrow><mo form="prefix">−</mo>${written}</mrow>`;
  fenced = (written) => `<mrow><mo>(</mo>${written}<mo>)</mo></mrow>`;
  over = (above, below) => piece(`<mfrac>${above.written}${below.written}</mfrac>`, { level: POWER });
  raised = (base, exponent) => `<msup>${base}${exponent.written}</msup>`;
  function = (name) => `<mi>${escapeText(name)}</mi>`;
  applied = (name, inside, bare) => `<mrow>${name}<mo>&#x2061;</mo>${bare ? SPACE : ""}${inside}</mrow>`;

  cases(rows) {
    const lines = rows.map(([x, when]) => `<mtr><mtd class="left">${x.written}</mtd><mtd class="left">` +
      (when ? `<mtext>${escapeText(say("if"))}&#xA0;</mtext>${when.written}` : `<mtext>${escapeText(say("otherwise"))}</mtext>`) + "</mtd></mtr>");
    return piece(`<mrow><mo stretchy="true">{</mo><mtable>${lines.join("")}</mtable></mrow>`, { level: CONDITION });
  }

  positive(written) {
    const [mantissa, exponent] = written.split("e");
    if (exponent === undefined) return `<mn>${written}</mn>`;
    return `<mrow><mn>${mantissa}</mn><mo>×</mo>${this.raised("<mn>10</mn>", this.number(Number(exponent)))}</mrow>`;
  }

  infix(sign, ...all) {
    const between = ["and", "or"].includes(sign) ? `<mtext>&#xA0;${sign}&#xA0;</mtext>` : sign && `<mo>${escapeText(sign.replace("-", "−"))}</mo>`;
    return `<mrow>${all.join(between)}</mrow>`;
  }

  named(label, symbols) {
    const written = symbols.map(([base, accent, below, above]) => {
      const plain = `<mi>${escapeText(base)}</mi>`;
      const letter = accent ? `<mover accent="true">${plain}<mo>${OVER[accent]}</mo></mover>` : plain;
      const index = below && (/^\d/.test(below) ? `<mn>${below}</mn>` : `<mi>${escapeText(below)}</mi>`);
      const layer = above && `<mtext>${escapeText(above)}</mtext>`;
      if (below && above) return `<msubsup>${letter}${index}${layer}</msubsup>`;
      return below ? `<msub>${letter}${index}</msub>` : above ? `<msup>${letter}${layer}</msup>` : letter;
    });
    if (!written.length) return this.words(label).written;
    return written.length === 1 ? written[0] : `<mrow>${written.join(SPACE)}</mrow>`;
  }
}

const LATEX_SIGNS = { "×": "\\times", "·": "\\cdot", "≥": "\\geq", "≤": "\\leq", "≠": "\\neq", "→": "\\to", and: "\\text{ and }", or: "\\text{ or }" };
const LATEX_FUNCTIONS = {
  "σ": "\\sigma", "∂": "\\partial", "…": "\\cdots",
  ...Object.fromEntries("log exp sin cos tan sinh cosh tanh max min".split(" ").map((name) => [name, `\\${name}`])),
};
const LATEX_LETTERS = {
  ...Object.fromEntries(Object.entries(GREEK).map(([name, letter]) => [letter, `\\${name}`])), "ο": "o",
  ...Object.fromEntries("gamma delta theta lambda xi pi sigma upsilon phi psi omega".split(" ")
    .map((name) => [GREEK[name].toUpperCase(), `\\${name[0].toUpperCase()}${name.slice(1)}`])),
};
const LATEX_SPECIALS = {
  ...Object.fromEntries([..."#$%&_{}"].map((c) => [c, `\\${c}`])),
  "\\": "\\backslash ", "~": "{\\sim}", "^": "{\\wedge}", "<": "{<}", ">": "{>}", "|": "\\vert ",
};
const LATEX_ACCENTS = { "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot" };

const latexText = (text) => (text.match(/[^#$%&_{}\\~^<>|]+|./g) ?? []).map((run) => LATEX_SPECIALS[run] ?? `\\text{${run}}`).join("");
const latexWord = (word) => (word.length > 1 && !/^\d/.test(word) ? `\\mathrm{${word}}` : LATEX_LETTERS[word] ?? word);

class LatexNotation extends Notation {
  finished = (x) => x.written;
  words = (text) => piece(latexText(text), { level: SUM });
  exponential = (x) => piece(this.raised("e", x), { level: POWER });
  root = (x) => piece(`\\sqrt{${x.written}}`);
  bars = (x) => piece(`\\left|${x.written}\\right|`);
  minus = (written) => `-${written}`;
  over = (above, below) => piece(`\\frac{${above.written}}{${below.written}}`, { level: POWER });
  raised = (base, exponent) => `${base}^{${exponent.written}}`;
  function = (name) => LATEX_FUNCTIONS[name] ?? `\\operatorname{${name.replaceAll("_", "\\_")}}`;
  applied = (name, inside, bare) => (bare ? `${name} ${inside}` : name + inside);
  infix = (sign, ...all) => all.join({ "": " ", ",": ", " }[sign] ?? ` ${LATEX_SIGNS[sign] ?? sign} `);
  fenced = (written) => (/\\frac|\\begin|\^/.test(written) ? `\\left(${written}\\right)` : `(${written})`);

  cases(rows) {
    const lines = rows.map(([x, when]) => `${x.written} & ` + (when ? `\\text{if } {${when.written}}` : "\\text{otherwise}"));
    return piece(`\\begin{cases} ${lines.join(" \\\\ ")} \\end{cases}`, { level: CONDITION });
  }

  positive(written) {
    const [mantissa, exponent] = written.split("e");
    if (exponent !== undefined) return `${mantissa} \\times 10^{${exponent}}`;
    return { "∞": "\\infty", NaN: "\\mathrm{NaN}" }[written] ?? written;
  }

  named(label, symbols) {
    if (!symbols.length) return latexText(label);
    const written = symbols.map(([base, accent, below, above]) => {
      const letter = LATEX_FUNCTIONS[base] ?? latexWord(base);
      return (accent ? `\\${LATEX_ACCENTS[accent]}{${letter}}` : letter) + (below && `_{${latexWord(below)}}`) +
        (above && `^{${above.replaceAll("′", "\\prime ").trim()}}`);
    });
    const gaps = symbols.slice(0, -1).map(([base], i) => written[i] + (base in LATEX_FUNCTIONS ? " " : "\\ "));
    return gaps.join("") + written.at(-1);
  }
}

/* ── formulas of a gate ─────────────────────────────────────────────────────────────────── */

/* The formula with constants in place of some parameters: sums of bare numbers are worked out, and x**1 is x. */
function putIn(tree, constants) {
  if (typeof tree === "string") return constants[tree] ?? tree;
  if (!Array.isArray(tree) || tree[0] === "words") return tree;
  const [head, ...operands] = tree;
  const [a, b] = operands;
  if (head === "compare") return [head, ...operands.map((x, i) => (i % 2 ? x : putIn(x, constants)))];
  const [left, right, ...others] = operands.map((x) => putIn(x, constants));
  if (head === "neg" && typeof left === "number" && typeof a !== "number") return -left;
  if (head === "**" && right === 1) return left;
  if (typeof left === "number" && typeof right === "number") {
    if (head === "+") return left + right;
    if (head === "-") return left - right;
  }
  return b === undefined ? [head, left] : [head, left, right, ...others];
}

/* Whether a comparison in the formula compares two equal numbers: there the next case begins. */
function onABoundary(tree, numbers) {
  if (!Array.isArray(tree)) return false;
  const number = (side) => (typeof side === "number" ? side : typeof side === "string" ? numbers[side] : side?.[0] === "neg" && typeof side[1] === "number" ? -side[1] : undefined);
  const [head, ...operands] = tree;
  if (head === "compare") {
    const sides = operands.filter((_, i) => i % 2 === 0).map(number);
    const varies = (i) => typeof operands[2 * i] === "string";
    if (sides.some((x, i) => i && x !== undefined && x === sides[i - 1] && (varies(i) || varies(i - 1)))) return true;
  }
  if (head === "sign" && number(operands[0]) === 0) return true;
  return operands.some((x) => onABoundary(x, numbers));
}
