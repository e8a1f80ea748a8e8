/* Python's arithmetic of floats. Where Python raises an error, `python` throws Refused: JavaScript itself
   would go on with Infinity or NaN. The gates, which are translated from Python, compute with it. */

class Refused extends Error {}

function refuse(why) {
  throw new Refused(why);
}

/* A function that has an answer for every float but those that it refuses, and may be too large for one. */
function checked(f, isDefined = () => true) {
  return (x) => {
    if (!isDefined(x)) refuse("undefined");
    const y = f(x);
    if (Math.abs(y) === Infinity && Math.abs(x) !== Infinity) refuse("large");
    return y;
  };
}

const isNotInfinite = (x) => Math.abs(x) !== Infinity;
const withinOne = (x) => !(Math.abs(x) > 1);
const positive = (x) => !(x <= 0);

const python = {
  refuse: () => refuse("undefined"),
  bool: (x) => x !== 0 && x !== false,
  float: Number,
  int: Math.trunc,
  *range(first, end) {
    for (let i = first; i < end; i += 1) yield i;
  },
  len: (list) => list.length,
  tuple: (list) => [...list],
  isPlace: (x, end) => Number.isInteger(x) && x >= 0 && x < end,
  place(list, x) {
    const at = x < 0 ? x + list.length : x;
    return python.isPlace(at, list.length) ? at : refuse("undefined");
  },
  divide(a, b) {
    if (b === 0) refuse("undefined");
    return a / b;
  },
  floorDivide: (a, b) => Math.floor(python.divide(a, b)),
  modulo(a, b) {
    if (b === 0) refuse("undefined");
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  fmod: (a, b) => (b === 0 || Math.abs(a) === Infinity ? refuse("undefined") : a % b),
  power(x, y) {
    return python.pow(x, y);
  },
  pow(x, y) {
    if (x === 1 || y === 0) return 1;
    if (x === -1 && Math.abs(y) === Infinity) return 1;
    const isFinite = Number.isFinite(x) && Number.isFinite(y);
    if (isFinite && ((x === 0 && y < 0) || (x < 0 && !Number.isInteger(y)))) refuse("undefined");
    const raised = Math.pow(x, y);
    if (isFinite && Math.abs(raised) === Infinity) refuse("large");
    return raised;
  },
  max: (...all) => all.reduce((largest, x) => (x > largest ? x : largest)),
  min: (...all) => all.reduce((least, x) => (x < least ? x : least)),
  abs: Math.abs,
  fabs: Math.abs,
  sign: Math.sign,
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  hypot: Math.hypot,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  isnan: Number.isNaN,
  isfinite: Number.isFinite,
  isinf: (x) => Math.abs(x) === Infinity,
  exp: checked(Math.exp),
  exp2: checked((x) => 2 ** x),
  expm1: checked(Math.expm1),
  log: checked(Math.log, positive),
  log2: checked(Math.log2, positive),
  log10: checked(Math.log10, positive),
  log1p: checked(Math.log1p, (x) => !(x <= -1)),
  sqrt: checked(Math.sqrt, (x) => !(x < 0)),
  cbrt: Math.cbrt,
  sin: checked(Math.sin, isNotInfinite),
  cos: checked(Math.cos, isNotInfinite),
  tan: checked(Math.tan, isNotInfinite),
  asin: checked(Math.asin, withinOne),
  acos: checked(Math.acos, withinOne),
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: checked(Math.sinh),
  cosh: checked(Math.cosh),
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: checked(Math.acosh, (x) => !(x < 1)),
  atanh: checked(Math.atanh, (x) => !(Math.abs(x) >= 1)),
  erf(x) {
    if (Math.abs(x) > 2) return Math.sign(x) * (1 - python.erfc(Math.abs(x)));
    let sum = x, term = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) sum += term *= (2 * x * x) / (2 * n + 1);
    return (2 / Math.sqrt(Math.PI)) * expOfMinusSquare(x) * sum;
  },
  erfc(x) {
    if (!(x > 1)) return 1 - python.erf(x);
    let rest = 0; // the continued fraction of P.-S. Laplace, 1805
    for (let n = 200; n > 0; n -= 1) rest = n / 2 / (x + rest);
    return expOfMinusSquare(x) / Math.sqrt(Math.PI) / (x + rest);
  },
};

/* e^(-x²), with a square that is not rounded. */
function expOfMinusSquare(x) {
  if (Math.abs(x) > 40) return 0;
  const short = Math.floor(16 * x) / 16;
  return Math.exp(-short * short) * Math.exp((short - x) * (short + x));
}
