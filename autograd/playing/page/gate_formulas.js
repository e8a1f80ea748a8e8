/* The formulas of a gate: constants put in, names or numbers for parameters, and whether a kink is met. */

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

/* A formula's tree, written with names or numbers for its parameters. */
function writtenWith(notation, tree, put) {
  const pieces = Object.entries(put).map(([parameter, x]) => [parameter, typeof x === "number" ? notation.number(x) : notation.name(x)]);
  return notation.side(notation.write(tree, Object.fromEntries(pieces)));
}

/* Sides of an equation without those that say again what is left of them. */
const withoutRepeats = (...sides) => sides.filter((side, i) => i === 0 || side.written !== sides[i - 1].written);
