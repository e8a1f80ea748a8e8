/* What to say of a step beside its numbers: what the gate does to a gradient, and what not to miss. */

class Remarks extends Writer {
  role(item, k) {
    const local = this.view.locals(item, this.run)[k], input = this.names[item.edges[k].input];
    switch (item.kind === "fused" ? "" : item.gate.role) {
      case "distributor":
        return say(local === 1 ? "distributes" : local === -1 ? "distributes the negative" : "distributes a multiple", { input, factor: this.decimal(local) });
      case "switcher": return say("switches", { input, others: this.others(item, k) });
      case "router": return say(local === 0 ? "stops" : "routes", { input });
      default: return item.kind === "fused" ? "" : sayGate(item.gate.role ?? "");
    }
  }

  boundary(item) {
    if (!this.view.isOnABoundary(item, this.run)) return [];
    const written = this.written(item), number = this.decimal(this.run.numbers[item.edges[0].input]);
    const convention = sayGate(item.gate.convention ?? ""), by = convention ? ", by convention" : "";
    if (item.gate.role === "router" && item.args.length > 1) return [["tie", say(`tie${by}`, { inputs: both(written), number, convention })]];
    return [["kink", say(`kink${by}`, { input: this.names[item.edges[0].input], number, convention })]];
  }

  notes(item, k, upstream, local, added) {
    const notes = this.boundary(item), name = this.names[item.edges[k].input], number = this.decimal(this.run.numbers[item.edges[k].input]);
    if (local === 0) {
      if (item.gate.role !== "router") notes.push(["zero", say("zero", { input: name })]);
      else if (item.args.length === 1) notes.push(["dead", say("dead", { gate: item.gate.symbol, input: name, number })]);
      else notes.push(["loses", say("loses", { input: name, number, winner: this.others(item, k) })]);
    }
    if (upstream === 0) notes.push(["nothing", say("nothing arrives", { input: name })]);
    else if (!Number.isFinite(added) && Number.isFinite(upstream)) notes.push(["mistake", say("infinite", { input: name, number: this.decimal(local) })]);
    return notes;
  }

  refusal({ refused, args }) {
    const gate = this.graph.gate(refused.node);
    const called = `${gate.name}(${args[refused.node].map((x) => this.decimal(x)).join(", ")})`;
    if (refused.why === "large") return say("{called} is too large for a float", { called });
    return gate.domain ? say("not defined", { called, domain: sayGate(gate.domain) }) : say("{called} is not defined", { called });
  }

  /* What a lecture printed wrongly of this step, as long as the numbers are the lecture's. */
  slipsOfTheLecture(frame) {
    if (!DATA.about || !isAsItWas()) return [];
    const name = (i) => this.names[i], { kind, item, edge, leaf } = frame;
    const shown = {
      forward: () => [["data", name(item.node), ""]],
      edge: () => [["local gradient", name(item.node), name(edge.input)], ...(frame.use === frame.uses ? [["gradient", name(edge.input), ""]] : [])],
      parameter: () => [["data after the step", name(leaf), ""]],
      again: () => [["data after the step", name(item.node), ""]],
    }[kind]?.() ?? [];
    return DATA.about.slips.filter((slip) => shown.some((one) => one.join() === [slip.kind, slip.label, slip.of].join()))
      .map(({ printed, because }) => ["stale", say("printed wrongly", { printed, because })]);
  }
}
