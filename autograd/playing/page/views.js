/* A way to show the graph: which gates and groups stand in the picture, with the ids that they have there.

   An item is a gate, a fused gate that is closed, or a closed part of a model. A closed fused gate is one gate
   with many inputs: its edges are those that lead from outside to the elementary gates within it. */

class View {
  constructor(graph, data) {
    Object.assign(this, { graph, key: data.key, title: data.title, parent: data.parent, opens: data.opens, svg: data.svg });
    this.hidden = new Set(data.hidden);
    this.sharing = new Map(data.shared.flatMap((nodes) => nodes.map((node) => [node, nodes])));
    this.items = data.items.map((item) => this.item(item));
    this.itemOf = new Map(this.items.flatMap((item) => item.nodes.map((node) => [node, item])));
    this.uses = new Int32Array(graph.size);
    for (const item of this.items) for (const edge of item.edges) this.uses[edge.input] += 1;
    this.leaves = graph.leaves.filter((i) => !this.hidden.has(i));
  }

  /* All values in the box of this one. */
  together(node) {
    return this.sharing.get(node) ?? [node];
  }

  box(node) {
    const [first, ...others] = this.together(node);
    return others.length ? `values-${first}` : `value-${node}`;
  }

  item([depth, node, group]) {
    const { graph } = this;
    if (group === undefined) {
      const edges = graph.inputs[node].map((input, k) => ({ node, k, input, id: this.edgeId(node, input, k) }));
      return { kind: "gate", depth, node, nodes: [node], results: [node], mark: `gate-${node}`, output: `output-${node}`,
        edges, gate: graph.gate(node), args: graph.nodes[node][2] };
    }
    const mark = `group-${group.nodes[0]}`, output = `output-of-${group.nodes[0]}`, inside = new Set(group.nodes);
    const ways = group.nodes.flatMap((n) => graph.inputs[n].map((input, k) => ({ node: n, k, input, id: `${this.box(input)}-to-${mark}` })))
      .filter(({ input }) => !inside.has(input) && !this.hidden.has(input));
    const common = { depth, nodes: group.nodes, mark, output };
    if (group.gate === undefined) return { ...common, ...group, kind: "part", node: group.nodes.at(-1), edges: ways };
    const left = [...ways];
    const edges = group.args.filter(Number.isInteger).map((x) => left.splice(left.findIndex(({ input }) => input === x), 1)[0]);
    return { ...common, kind: "fused", node, results: [node], edges, gate: graph.gates[group.gate], args: group.args };
  }

  edgeId(node, input, k) {
    return this.together(input).length === 1 ? `edge-${node}-${k}` : `${this.box(input)}-to-gate-${node}`;
  }

  /* ∂(what a gate or closed fused gate gives)/∂(each of its inputs). */
  locals(item, run) {
    if (item.kind === "gate") return run.locals[item.node];
    const inside = [...item.nodes].sort((a, b) => this.graph.depth[b] - this.graph.depth[a]);
    const slopes = this.graph.backward(run, item.node, inside);
    return item.edges.map(({ node, k }) => contribution(run.locals[node][k], slopes[node]));
  }

  /* What flows back along each edge of an item. */
  flows(item, run) {
    if (item.kind === "part") return item.edges.map(({ node, k }) => contribution(run.locals[node][k], run.gradients[node]));
    return this.locals(item, run).map((local) => contribution(local, run.gradients[item.node]));
  }

  /* The formulas of a gate in its place: the parameters' names and numbers, and constants put in. */
  formulas(item, run) {
    const { gate, args } = item, constants = { ...gate.defaults }, names = {}, numbers = {}, places = [];
    args.forEach((arg, place) => {
      const parameter = gate.parameters[place];
      if (!Number.isInteger(arg)) {
        constants[parameter] = item.kind === "gate" ? run.args[item.node][place] : Number(arg[0]);
        return;
      }
      names[parameter] = this.graph.names[arg];
      numbers[parameter] = run.numbers[arg];
      places.push(place);
    });
    return { output: putIn(gate.output, constants), locals: places.map((place) => putIn(gate.local[place], constants)), names, numbers };
  }

  /* Whether a gate is where two cases of its slopes meet. */
  isOnABoundary(item, run) {
    item.hasCases ??= item.kind === "gate" && /"(compare|sign)"/.test(JSON.stringify(item.gate.local));
    if (!item.hasCases) return false;
    const { locals, numbers } = this.formulas(item, run);
    return locals.some((tree) => onABoundary(tree, numbers));
  }
}

/* The place of an item's k-th input among its arguments, of which some are constants. */
const placeOfInput = (item, k) => item.args.flatMap((arg, place) => (Number.isInteger(arg) ? [place] : []))[k];
