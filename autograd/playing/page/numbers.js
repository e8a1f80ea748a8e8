/* Numbers as people read and write them. */

const LEAST_DIGITS = 3; // a small number keeps so many digits

/* A number rounded for reading, to `decimals` places or, with Infinity, to all that it has.
   One that was rounded keeps its zeros; powers of ten take over from 10^7 and below 10^-4. */
function decimal(x, decimals) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "-∞";
  if (x === 0) return "0";
  if (decimals === Infinity) return String(x).replace("e+", "e");
  const magnitude = Math.floor(Math.log10(Math.abs(x)));
  if (magnitude < -4 || magnitude >= 7) {
    const [mantissa, exponent] = x.toExponential(decimals).split("e");
    return `${withoutZeros(mantissa, Number(mantissa))}e${Number(exponent)}`;
  }
  const places = Math.max(decimals, Math.min(decimals, LEAST_DIGITS) - 1 - magnitude);
  return withoutZeros(rounded(x, places), x);
}

/* To so many places, a tie to the even digit: toFixed takes the larger. */
function rounded(x, places) {
  const written = x.toFixed(places), exact = Math.abs(x).toFixed(Math.min(places + 30, 100));
  if (!/^50*$/.test(exact.slice(exact.indexOf(".") + 1 + places)) || /[02468]$/.test(written)) return written;
  const digits = String(BigInt(written.replace(/[-.]/g, "")) - 1n).padStart(places + 1, "0");
  const tie = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return x < 0 ? `-${tie}` : tie;
}

function withoutZeros(written, x) {
  const shorter = written.includes(".") ? written.replace(/\.?0+$/, "") : written;
  return Math.abs(Number(shorter) - x) <= 1e-12 * Math.abs(x) ? shorter : written;
}

/* How many decimals show so many digits of a step. */
function decimalsShowing(step, digits, least) {
  if (step === 0 || !Number.isFinite(step)) return least;
  return Math.min(Math.max(least, digits - 1 - Math.floor(Math.log10(Math.abs(step)))), 15);
}

/* A number with a true minus sign, for pictures and boards. */
const withMinus = (written) => written.replace(/-/g, "−");

/* One number, or the span of several. */
function span(numbers, decimals) {
  if (!numbers.length) return "…";
  const [least, largest] = [Math.min(...numbers), Math.max(...numbers)].map((x) => decimal(x, decimals));
  return least === largest ? least : `${least} … ${largest}`;
}

const BINDS = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4, "**": 4 };

/* What somebody typed, as a number: -0.25, −1/4, 2*-1, 1/e, 0,5; NaN if it is none of this. */
function readNumber(typed) {
  const text = typed.trim().replace(/[−–]/g, "-").replace(/[·×]/g, "*").replace(/÷/g, "/").replace(/^(-?\d*),(\d+)$/, "$1.$2");
  const tokens = text.match(/\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|exp|sqrt|log|ln|tanh|sin|cos|pi|π|e|∞|\*\*|[-+*/^()√]|\S/gi) ?? [];
  let at = 0;
  const take = (sign) => tokens[at] === sign && Boolean(tokens[at++]);
  const expression = (least) => { // of signs that bind at least so tightly; a sign before a number binds as 3
    let left = take("-") ? -expression(3) : take("+") ? expression(3) : atom();
    while (BINDS[tokens[at]] >= least) {
      const sign = tokens[at++], right = expression(BINDS[sign] === 4 ? 3 : BINDS[sign] + 1);
      left = { "+": left + right, "-": left - right, "*": left * right, "/": left / right }[sign] ?? left ** right;
    }
    return left;
  };
  const atom = () => {
    const token = tokens[at++] ?? "";
    if (token === "(") {
      const inside = expression(1);
      return take(")") ? inside : NaN;
    }
    if (/^[.\d]/.test(token)) return Number(token);
    const known = { e: Math.E, pi: Math.PI, "π": Math.PI, "∞": Infinity }[token];
    if (known !== undefined) return known;
    const f = { exp: Math.exp, sqrt: Math.sqrt, "√": Math.sqrt, log: Math.log, ln: Math.log, tanh: Math.tanh, sin: Math.sin, cos: Math.cos }[token];
    return f ? f(atom()) : NaN;
  };
  const result = tokens.length ? expression(1) : NaN;
  return at === tokens.length ? result : NaN;
}
