/* Python's arithmetic of floats. Where Python raises an error, `python` throws Refused: JavaScript itself
   would go on with Infinity or NaN. The gates, which are translated from Python, compute with it. */

class Refused extends Error {}

function refuse(why) {
  throw new Refused(why);
}

const python = {
  fabs: Math.abs,
  float: Number,
  int: Math.trunc,
  tuple: (list) => [...list],
  isnan: Number.isNaN,
  isfinite: Number.isFinite,
  isinf: (x) => Math.abs(x) === Infinity,
  refuse: () => refuse("undefined"),
  bool: (x) => x !== 0 && x !== false,
  len: (list) => list.length,
  max: (...all) => all.reduce((largest, x) => (x > largest ? x : largest)),
  min: (...all) => all.reduce((least, x) => (x < least ? x : least)),
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  *range(first, end) {
    for (let i = first; i < end; i += 1) yield i;
  },
  isPlace: (x, end) => Number.isInteger(x) && x >= 0 && x < end,
  place(list, x) {
    const at = x < 0 ? x + list.length : x;
    return python.isPlace(at, list.length) ? at : refuse("undefined");
  },
  divide: (a, b) => (b === 0 ? refuse("undefined") : a / b),
  floorDivide: (a, b) => Math.floor(python.divide(a, b)),
  fmod: (a, b) => (b === 0 || Math.abs(a) === Infinity ? refuse("undefined") : a % b),
  modulo(a, b) {
    if (b === 0) refuse("undefined");
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  pow(x, y) {
    if (x === 1 || y === 0 || (x === -1 && Math.abs(y) === Infinity)) return 1;
    const isFinite = Number.isFinite(x) && Number.isFinite(y);
    if (isFinite && ((x === 0 && y < 0) || (x < 0 && !Number.isInteger(y)))) refuse("undefined");
    const raised = x ** y;
    return isFinite && Math.abs(raised) === Infinity ? refuse("large") : raised;
  },
};

for (const name of "abs hypot floor ceil trunc cbrt atan atan2 tanh asinh".split(" ")) python[name] = Math[name];

/* Functions that have an answer for some floats, NaN among them, and may be too large for one. */
for (const [names, isDefined] of [
  ["exp expm1 sinh cosh", () => true],
  ["log log2 log10", (x) => !(x <= 0)],
  ["log1p", (x) => !(x <= -1)],
  ["sqrt", (x) => !(x < 0)],
  ["sin cos tan", (x) => Math.abs(x) !== Infinity],
  ["asin acos", (x) => !(Math.abs(x) > 1)],
  ["acosh", (x) => !(x < 1)],
  ["atanh", (x) => !(Math.abs(x) >= 1)],
]) for (const name of names.split(" ")) python[name] = checked(Math[name], isDefined);

python.exp2 = checked((x) => 2 ** x, () => true);

function checked(f, isDefined) {
  return (x) => {
    if (!isDefined(x)) refuse("undefined");
    const y = f(x);
    return Math.abs(y) === Infinity && Math.abs(x) !== Infinity ? refuse("large") : y;
  };
}
