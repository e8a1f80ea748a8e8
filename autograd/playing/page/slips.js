/* Answers that are wrong in a way that has a name: its key, and the number that somebody who slips so arrives at. */

function slipsForward(args, result) {
  const [a, b] = args, slips = [["turned", -result]];
  if (args.length === 2) slips.push(["added for multiplied", a + b], ["multiplied for added", a * b], ["swapped", a - b], ["swapped", b - a], ["inverse", b / a]);
  return [...slips, ["inverse", 1 / result], ["no gate", a]];
}

/* `others` are the local gradients for the gate's other inputs; `before` is what the input has from earlier uses. */
function slipsBackward(upstream, local, others, before) {
  const slips = before !== 0 ? [["whole sum", before + contribution(local, upstream)]] : [];
  for (const { key, contribution: handed } of MISTAKES) slips.push([key, handed(local, upstream)]);
  for (const other of others) slips.push(["wrong-input", contribution(other, upstream)]);
  return slips;
}

function slipsOfAStep(old, now, gradient) {
  const step = now - old;
  return [["no step", old], ["ascent", old - step], ["slipped decimal", old + 10 * step], ["slipped decimal", old + step / 10],
    ["forgot rate", old - gradient], ["gradient alone", gradient], ["step alone", step], ["step alone", -step]];
}

/* Formulas to choose the local gradient of input k from: the right one first. */
function formulaChoices(math, { output, locals, names }, k) {
  const trees = [locals[k], ...locals, output, ["neg", locals[k]], ["/", 1, output], 1, 0];
  return [...new Set(trees.map((tree) => math.finished(writtenWith(math, tree, names))))].slice(0, 4);
}
