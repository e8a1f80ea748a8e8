/* Formulas as MathML, for the page, and as LaTeX, to take along. The tables of
   signs and letters, such as LATEX_SIGNS, are those of autograd/typesetting. */

const SPACE = '<mspace width="0.3em"/>';

class MathMLNotation extends Notation {
  finished = (x) => `<math displaystyle="true">${x.written.replace(/<mi>(?=[^<]{2})/g, '<mi class="word">')}</math>`;
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
    const between = sign && `<mo>${escapeText(sign.replace("-", "−"))}</mo>`;
    return `<mrow>${all.join(between)}</mrow>`;
  }

  named(label, symbols) {
    const written = symbols.map(([base, accent, below, above]) => {
      const plain = `<mi>${escapeText(base)}</mi>`;
      const letter = accent ? `<mover accent="true">${plain}<mo>${ACCENTS[accent][1]}</mo></mover>` : plain;
      const index = below && (/^\d/.test(below) ? `<mn>${below}</mn>` : `<mi>${escapeText(below)}</mi>`);
      const layer = above && `<mtext>${escapeText(above)}</mtext>`;
      if (below && above) return `<msubsup>${letter}${index}${layer}</msubsup>`;
      return below ? `<msub>${letter}${index}</msub>` : above ? `<msup>${letter}${layer}</msup>` : letter;
    });
    if (!written.length) return this.words(label).written;
    return written.length === 1 ? written[0] : `<mrow>${written.join(SPACE)}</mrow>`;
  }
}

const latexText = (text) => (text.match(/[^#$%&_{}\\~^<>|]+|./g) ?? []).map((run) => LATEX_SPECIALS[run] ?? `\\text{${run}}`).join("");
const latexWord = (word) => (word.length > 1 && !/^\d/.test(word) ? `\\mathrm{${word}}` : LATEX_LETTERS[word] ?? word);

class LatexNotation extends Notation {
  words = (text) => piece(latexText(text), { level: SUM });
  exponential = (x) => piece(this.raised("e", x), { level: POWER });
  root = (x) => piece(`\\sqrt{${x.written}}`);
  bars = (x) => piece(`\\left|${x.written}\\right|`);
  over = (above, below) => piece(`\\frac{${above.written}}{${below.written}}`, { level: POWER });
  raised = (base, exponent) => `${base}^{${exponent.written}}`;
  function = (name) => LATEX_FUNCTIONS[name] ?? `\\operatorname{${name.replaceAll("_", "\\_")}}`;
  infix = (sign, ...all) => all.join({ "": " ", ",": ", " }[sign] ?? ` ${LATEX_SIGNS[sign] ?? sign} `);
  fenced = (written) => (/\\frac|\\begin|\^/.test(written) ? `\\left(${written}\\right)` : `(${written})`);

  cases(rows) {
    const lines = rows.map(([x, when]) => `${x.written} & ` + (when ? `\\text{${say("if")} } {${when.written}}` : `\\text{${say("otherwise")}}`));
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
      return (accent ? `\\${ACCENTS[accent][0]}{${letter}}` : letter) + (below && `_{${latexWord(below)}}`) +
        (above && `^{${above.replaceAll("′", "\\prime ").trim()}}`);
    });
    const gaps = symbols.slice(0, -1).map(([base], i) => written[i] + (base in LATEX_FUNCTIONS ? " " : "\\ "));
    return gaps.join("") + written.at(-1);
  }
}
