/* The steps of a view, one frame each: what is at work in it, and what it adds to the picture. */

const MOST_EDGES = 8; // a gate of more inputs hands back to all of them in one frame

const MOST_ROWS = 40; // of a table

/* The frames of all phases. `time` is the same in every view, so that one can change views. */
function framesOf(view, { parameters, update }) {
  const { graph } = view, when = (item) => item.node / graph.size;
  const frames = [{ phase: "start", kind: "start", time: -1, active: [], focus: "" }];
  for (const item of view.items) {
    frames.push({ phase: "forward", kind: "forward", time: when(item), item, active: [item.mark, box(item), ...edgeIds(item)], focus: box(item) });
  }
  if (!view.items.length) return frames;
  const root = view.box(graph.root);
  frames.push({ phase: "backward", kind: "root", time: 1, active: [root], focus: root });
  const used = new Int32Array(graph.size);
  for (const item of [...view.items].sort((a, b) => b.depth - a.depth)) {
    const time = 2 - when(item), whole = { phase: "backward", time, item, active: [item.mark, box(item), ...edgeIds(item)], focus: box(item) };
    if (item.kind === "part") frames.push({ ...whole, kind: "part" });
    else if (item.edges.length > MOST_EDGES) frames.push({ ...whole, kind: "edges" });
    else {
      item.edges.forEach((edge, k) => {
        used[edge.input] += 1;
        const to = view.box(edge.input);
        frames.push({ phase: "backward", kind: "edge", time, item, k, edge, use: used[edge.input], uses: view.uses[edge.input],
          active: [item.mark, edge.id, to, box(item)], focus: to });
      });
      continue;
    }
    for (const edge of item.edges) used[edge.input] += 1;
  }
  frames.push({ phase: "backward", kind: "gradients", time: 2.5, active: [], focus: "" });
  if (!update) return frames;
  const moved = parameters.map((k) => graph.leaves[k]), alone = moved.filter((i) => !view.hidden.has(i) && view.together(i).length === 1);
  for (const leaf of alone) {
    frames.push({ phase: "update", kind: "parameter", time: 3, leaf, active: [view.box(leaf)], focus: view.box(leaf) });
  }
  const bundles = new Set([...view.sharing.values()].filter((nodes) => nodes.length > 1 && graph.isLeaf[nodes[0]]));
  for (const nodes of bundles) {
    const leaves = nodes.filter((i) => moved.includes(i));
    if (leaves.length) frames.push({ phase: "update", kind: "parameters", time: 3, leaves, active: [view.box(nodes[0])], focus: view.box(nodes[0]) });
  }
  for (const item of view.items.filter((item) => item.kind === "part")) {
    const leaves = item.parameters.filter((i) => view.hidden.has(i) && moved.includes(i));
    if (leaves.length) frames.push({ phase: "update", kind: "parameters", time: 3, leaves, item, active: [item.mark], focus: "" });
  }
  for (const item of view.items) {
    frames.push({ phase: "again", kind: "again", time: 4 + when(item), item, active: [item.mark, box(item), ...edgeIds(item)], focus: box(item) });
  }
  return frames;

  function box(item) { return view.box(item.results[0]); }
  function edgeIds(item) { return [...new Set(item.edges.map((edge) => edge.id)), item.output]; }
}

/* The frames of a mistaken pass: its start, every edge, and the verdict. */
function mistakenFrames(view, run, mistake) {
  const { graph } = view, frames = [{ phase: "backward", kind: "mistake", time: 1, active: [], focus: "" }];
  const pass = mistakenPass(graph, run, mistake);
  pass.next();
  for (const edge of pass) {
    const to = view.box(edge.input), item = view.itemOf.get(edge.node);
    frames.push({ phase: "backward", kind: "wrong", time: 1, edge: { ...edge, gradients: null }, item,
      active: [item.mark, view.edgeId(edge.node, edge.input, edge.k), to, view.box(edge.node)], focus: to });
  }
  frames.push({ phase: "backward", kind: "verdict", time: 2, active: [], focus: "" });
  return frames;
}

/* What the picture shows after a frame: numbers and gradients by node, what flows along which edge. */
function pictureAt(view, frames, at, run, after, mistake) {
  const { graph } = view;
  const shown = { numbers: new Map(), gradients: new Map(), flows: new Map(), known: new Map(), flags: new Map(), wrong: new Map() };
  const take = (nodes, numbers) => { for (const i of nodes) shown.numbers.set(i, numbers[i]); };
  const add = (edge, flow) => {
    shown.gradients.set(edge.input, (shown.gradients.get(edge.input) ?? 0) + flow);
    shown.flows.set(edge.id, [...(shown.flows.get(edge.id) ?? []), flow]);
  };
  if (mistake) {
    take(graph.nodes.keys(), run.numbers);
    for (const item of view.items) know(item);
    const start = mistakenPass(graph, run, mistake).next().value.gradients;
    for (const i of mistake.keeps ? [...graph.leaves, graph.root] : [graph.root]) shown.gradients.set(i, start[i]);
  }
  for (let i = 0; i <= at; i += 1) {
    const frame = frames[i], { item, kind } = frame;
    if (kind === "start") take([...graph.nodes.keys()].filter((i) => !graph.inputs[i].length && !view.hidden.has(i)), run.numbers);
    else if (kind === "forward") {
      take(item.results, run.numbers);
      know(item);
    } else if (kind === "root") shown.gradients.set(graph.root, 1);
    else if (kind === "edge") {
      add(frame.edge, view.flows(item, run)[frame.k]);
      flowOut(item);
      const flags = flagsOf(view, item, frame.k, run);
      if (flags) shown.flags.set(frame.edge.id, flags);
    } else if (kind === "edges" || kind === "part") {
      view.flows(item, run).forEach((flow, k) => add(item.edges[k], flow));
      flowOut(item);
    } else if (kind === "parameter") take([frame.leaf], after.numbers);
    else if (kind === "parameters") take(frame.leaves, after.numbers);
    else if (kind === "again") take(item.results, after.numbers);
    else if (kind === "wrong") {
      const { edge } = frame;
      shown.gradients.set(edge.input, edge.after);
      shown.flows.set(frame.active[1], [edge.added]);
      shown.flows.set(item.output, [edge.upstream]);
    } else if (kind === "verdict") {
      const gradients = mistakenGradients(graph, run, mistake);
      for (const i of graph.nodes.keys()) {
        shown.gradients.set(i, gradients[i]);
        if (!same(gradients[i], run.gradients[i])) shown.wrong.set(i, run.gradients[i]);
      }
    }
  }
  return shown;

  function know(item) {
    if (item.kind !== "part") view.locals(item, run).forEach((local, k) => shown.known.set(item.edges[k].id, local));
  }
  function flowOut(item) {
    shown.flows.set(item.output, item.results.map((node) => run.gradients[node]));
  }
}

/* Whether two numbers are the same but for rounding. */
function same(a, b) {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || (Number.isNaN(a) && Number.isNaN(b));
}

/* The signs at an edge: where nothing passes, at a tie, on a kink. */
function flagsOf(view, item, k, run) {
  if (item.kind !== "gate") return "";
  const silent = view.locals(item, run)[k] === 0 && item.gate.role === "router" ? "✕" : "";
  item.hasCases ??= /"(compare|sign)"/.test(JSON.stringify(item.gate.local));
  if (!item.hasCases) return silent;
  const { locals, numbers } = view.formulas(item, run);
  if (!locals.some((tree) => onABoundary(tree, numbers))) return silent;
  return (item.gate.role === "router" && item.args.length > 1 ? "=" : "∠") + silent;
}
