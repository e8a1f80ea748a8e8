/* The steps of a view, one frame each: what is at work in it, and what it adds to the picture. */

const MOST_EDGES = 8; // a gate of more inputs hands back to all of them in one frame

const MOST_ROWS = 40; // of a table

/* The frames of all phases. `time` is the same in every view, so that one can change views. */
function framesOf(view, parameters) {
  const { graph } = view, root = view.box(graph.root), none = { active: [], focus: "" };
  const when = (item) => item.node / graph.size, box = (item) => view.box(item.results[0]);
  const atWork = (item) => ({ item, active: [item.mark, box(item), ...new Set(item.edges.map((edge) => edge.id)), item.output], focus: box(item) });
  const start = { phase: "start", kind: "start", time: -1, ...none };
  const forward = view.items.map((item) => ({ phase: "forward", kind: "forward", time: when(item), ...atWork(item) }));
  if (!forward.length) return [start];
  const backward = [{ kind: "root", time: 1, active: [root], focus: root }], used = new Int32Array(graph.size);
  for (const item of [...view.items].sort((a, b) => b.depth - a.depth)) {
    const time = 2 - when(item), isWhole = item.kind === "part" || item.edges.length > MOST_EDGES;
    if (isWhole) backward.push({ kind: item.kind === "part" ? "part" : "edges", time, ...atWork(item) });
    item.edges.forEach((edge, k) => {
      const to = view.box(edge.input), use = (used[edge.input] += 1), uses = view.uses[edge.input];
      if (!isWhole) backward.push({ kind: "edge", time, item, k, edge, use, uses, active: [item.mark, edge.id, to, box(item)], focus: to });
    });
  }
  backward.push({ kind: "gradients", time: 2.5, ...none });
  const way = [start, ...forward, ...backward.map((frame) => ({ phase: "backward", ...frame }))];
  if (!parameters.length) return way;
  const again = view.items.map((item) => ({ phase: "again", kind: "again", time: 4 + when(item), ...atWork(item) }));
  return [...way, ...updatesOf(view, parameters.map((k) => graph.leaves[k])), ...again];
}

/* The update: a frame for each parameter, for those that share a box, and for those that a closed part hides. */
function updatesOf(view, moved) {
  const isOpen = (i) => !view.hidden.has(i), isAlone = (i) => view.together(i).length === 1;
  const alone = moved.filter((i) => isOpen(i) && isAlone(i)).map((leaf) => ({ kind: "parameter", leaf, active: [view.box(leaf)], focus: view.box(leaf) }));
  const bundles = [...new Set(view.sharing.values())].filter(([first]) => !isAlone(first) && view.graph.isLeaf[first])
    .map((nodes) => ({ kind: "parameters", leaves: nodes.filter((i) => moved.includes(i)), active: [view.box(nodes[0])], focus: view.box(nodes[0]) }));
  const inside = view.items.filter(({ kind }) => kind === "part").map((item) => (
    { kind: "parameters", leaves: item.parameters.filter((i) => !isOpen(i) && moved.includes(i)), item, active: [item.mark], focus: "" }));
  return [...alone, ...[...bundles, ...inside].filter(({ leaves }) => leaves.length)].map((frame) => ({ phase: "update", time: 3, ...frame }));
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
  const know = (item) => {
    if (item.kind !== "part") view.locals(item, run).forEach((local, k) => shown.known.set(item.edges[k].id, local));
  };
  const add = (edge, flow) => {
    shown.gradients.set(edge.input, (shown.gradients.get(edge.input) ?? 0) + flow);
    shown.flows.set(edge.id, [...(shown.flows.get(edge.id) ?? []), flow]);
  };
  const flowOut = (item) => shown.flows.set(item.output, item.results.map((node) => run.gradients[node]));
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
      for (const i of graph.nodes.keys()) shown.gradients.set(i, gradients[i]);
      for (const i of spoiltNodes(graph, run, gradients)) shown.wrong.set(i, run.gradients[i]);
    }
  }
  return shown;
}

/* Whether two numbers are the same but for rounding. */
function same(a, b) {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) || (Number.isNaN(a) && Number.isNaN(b));
}

/* The nodes of which these gradients are not the right ones. */
const spoiltNodes = (graph, run, gradients) => [...graph.nodes.keys()].filter((i) => !same(gradients[i], run.gradients[i]));

/* The signs at an edge: where nothing passes, at a tie, on a kink. */
function flagsOf(view, item, k, run) {
  if (item.kind !== "gate") return "";
  const silent = view.locals(item, run)[k] === 0 && item.gate.role === "router" ? "✕" : "";
  if (!view.isOnABoundary(item, run)) return silent;
  return (item.gate.role === "router" && item.args.length > 1 ? "=" : "∠") + silent;
}
