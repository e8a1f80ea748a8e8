/* The graph: a forward pass and a backward pass over numbers that may be changed.

   Nodes are known by their place in the topological order: leaves first, the result last. A node is a
   leaf, [name, number], or [name, gate, arguments], where an argument is the place of another node, [c] for
   a constant c, or {largest: arguments} for the largest of some numbers, which takes no gradient. */

class Graph {
  constructor({ nodes, gates, fixed }) {
    this.nodes = nodes;
    this.gates = gates;
    this.fixed = fixed;
    this.size = nodes.length;
    this.root = nodes.length - 1;
    this.names = nodes.map(([name]) => name);
    this.isLeaf = nodes.map((node) => node.length === 2);
    this.leaves = [...nodes.keys()].filter((i) => this.isLeaf[i]);
    this.inputs = nodes.map(([, , args = []]) => args.filter(Number.isInteger));
    this.depth = new Int32Array(this.size);
    for (const [i, inputs] of this.inputs.entries()) {
      if (inputs.length) this.depth[i] = 1 + Math.max(...inputs.map((x) => this.depth[x]));
    }
    this.gateOrder = this.orderOfGates();
    this.backwardOrder = [...this.gateOrder].sort((a, b) => this.depth[b] - this.depth[a] || a - b);
    this.constants = [];
    for (const i of this.gateOrder) {
      nodes[i][2].forEach((arg, place) => {
        if (Array.isArray(arg) && this.inputs[i].length) this.constants.push({ node: i, place, number: Number(arg[0]) });
      });
    }
  }

  /* Every gate after what it computes with, the largest of some numbers included. */
  orderOfGates() {
    const order = [], seen = new Set(), stack = [...this.nodes.keys()].reverse();
    while (stack.length) {
      const i = stack.at(-1), needs = (this.nodes[i][2] ?? []).flatMap((arg) => (Number.isInteger(arg) ? arg : arg.largest?.filter(Number.isInteger) ?? []));
      const missing = seen.has(i) ? [] : needs.filter((x) => !seen.has(x));
      if (missing.length) {
        stack.push(...missing);
        continue;
      }
      stack.pop();
      if (!seen.has(i) && !this.isLeaf[i]) order.push(i);
      seen.add(i);
    }
    return order;
  }

  /* The numbers that the graph starts from, in one list: the leaves', then the constants'. */
  get given() {
    return Float64Array.from([...this.leaves.map((i) => Number(this.nodes[i][1])), ...this.constants.map((c) => c.number)]);
  }

  placeOfConstant(node, place) {
    return this.leaves.length + this.constants.findIndex((c) => c.node === node && c.place === place);
  }

  /* The gate of a node. */
  gate(i) {
    return this.gates[this.nodes[i][1]];
  }

  /* Numbers, local gradients, and gradients of the root with respect to every node. */
  run(given = this.given) {
    const run = this.forward(given);
    run.gradients = this.backward(run);
    return run;
  }

  /* The numbers and local gradients. `refused` says which gate has no answer; whatever follows from it is NaN. */
  forward(given) {
    const numbers = new Float64Array(this.size).fill(NaN);
    const locals = this.nodes.map(() => []);
    const args = this.nodes.map(() => null);
    const run = { given, numbers, locals, args, gradients: null, refused: null };
    this.leaves.forEach((i, k) => { numbers[i] = given[k]; });
    let constant = this.leaves.length;
    for (const i of this.gateOrder) {
      const taken = this.nodes[i][2].map((arg) => {
        if (Number.isInteger(arg)) return numbers[arg];
        if (Array.isArray(arg)) return this.inputs[i].length ? given[constant++] : Number(arg[0]);
        const largest = Math.max(...arg.largest.map((x) => (Array.isArray(x) ? Number(x[0]) : numbers[x])));
        return Number.isFinite(largest) ? largest : 0;
      });
      args[i] = taken;
      if (this.fixed[i]) {
        [numbers[i], locals[i]] = this.fixed[i];
        continue;
      }
      locals[i] = this.inputs[i].map(() => NaN);
      if (run.refused && this.inputs[i].some((x) => Number.isNaN(numbers[x]))) continue;
      try {
        const [output, slopes] = GATES[this.nodes[i][1]](...taken);
        numbers[i] = output;
        locals[i] = slopes.filter((_, place) => Number.isInteger(this.nodes[i][2][place]));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        run.refused ??= { node: i, why: error.message };
      }
    }
    return run;
  }

  /* Gates from the deepest to the first, each handing upstream × local to its inputs. */
  backward({ locals, refused }, root = this.root, inside = null) {
    const gradients = new Float64Array(this.size).fill(refused ? NaN : 0);
    gradients[root] = 1;
    for (const i of inside ?? this.backwardOrder) {
      this.inputs[i].forEach((x, k) => { gradients[x] += contribution(locals[i][k], gradients[i]); });
    }
    return gradients;
  }

  /* The root's number alone. */
  lossAt(given) {
    return this.forward(given).numbers[this.root];
  }

  /* The slope of the root in one of the given numbers, by central differences of numbers alone. */
  numericDerivative(given, k) {
    const h = 6e-6 * Math.max(1, Math.abs(given[k]));
    const [above, below] = [h, -h].map((step) => {
      const moved = given.with(k, given[k] + step);
      return { at: moved[k], loss: this.lossAt(moved) };
    });
    return (above.loss - below.loss) / (above.at - below.at);
  }
}

/* One step of a gradient method: the given numbers after it, and what the method remembers of each parameter. */
function descend({ graph, parameters, rule, eta }, given, gradients, memory = new Map(), step = 1) {
  const after = Float64Array.from(given);
  const remembered = new Map();
  for (const k of parameters) {
    const state = memory.get(k) ?? Array(rule.states).fill(0);
    const [next, ...others] = rule.update(given[k], gradients[graph.leaves[k]], ...state, step, eta, ...rule.settings);
    after[k] = next;
    remembered.set(k, others);
  }
  return { given: after, memory: remembered };
}

/* The edges of a backward pass that is made as a mistake would have it; `left` is what an earlier pass left in the leaves. */
function* mistakenPass(graph, run, mistake, left = run.gradients) {
  const gradients = new Float64Array(graph.size);
  if (mistake.keeps) graph.leaves.forEach((i) => { gradients[i] = left[i]; });
  gradients[graph.root] = 1;
  const gates = mistake.forwards ? graph.gateOrder : graph.backwardOrder;
  yield { gradients };
  for (const i of gates) {
    for (const [k, x] of graph.inputs[i].entries()) {
      const upstream = gradients[i], local = run.locals[i][k];
      const added = mistake.contribution(local, upstream), before = gradients[x];
      gradients[x] = mistake.overwrites ? added : before + added;
      yield { node: i, k, input: x, upstream, local, added, before, after: gradients[x], gradients };
    }
  }
}

function mistakenGradients(graph, run, mistake, left = run.gradients) {
  let last;
  for (const edge of mistakenPass(graph, run, mistake, left)) last = edge;
  return last.gradients;
}
