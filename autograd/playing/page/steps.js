/* What is told of a frame: its title, the rows of the panel, the lines of the walk, notes, and the question.

   A row is a caption and markup, or a board: columns of a name, a number and what it is called, with signs
   between them. The result of a row is marked as the answer, which Predict hides. */

class Teller extends Remarks {
  tell(frame) {
    const said = { title: "", rows: [], lines: [], equations: [], role: "", notes: [], question: null };
    this[`tell_${frame.kind}`](frame, said);
    said.notes.push(...this.slipsOfTheLecture(frame));
    return said;
  }

  /* ── forward ────────────────────────────────────────────────────────────────────────── */

  tell_start(_, said) {
    said.title = say("What is given");
    const more = this.view.leaves.length - MOST_ROWS, leaves = this.view.leaves.map((i) => `${this.names[i]} = ${this.decimal(this.run.numbers[i])}`);
    said.lines.push({ text: leaves.slice(0, MOST_ROWS).join("   ") + (more > 0 ? ` ${say("and {count} more", { count: more })}` : ""), answer: "" });
    said.equations.push(this.view.leaves.map((i) => this.latex.equation(this.latex.name(this.names[i]), this.latex.number(this.run.numbers[i])).written).join(",\\quad "));
    if (!this.graph.gateOrder.length) said.notes.push(["hint", say("leaf", { root: this.rootName })]);
    said.notes.push(...DATA.notes.map((note) => ["stale", sayOf(note)]));
    for (const i of Object.keys(this.graph.fixed)) {
      said.notes.push(["hint", say("fixed gate", { name: this.names[i], gate: this.graph.gate(i).name })]);
    }
    if (this.run.refused) said.notes.push(["mistake", this.refusal(this.run)]);
  }

  tell_forward({ item }, said) {
    const { run } = this, name = this.names[item.node];
    if (item.kind === "part") return this.partForward(item, said);
    said.title = say("{name}: the gate {gate}", { name, gate: item.kind === "fused" ? item.gate.symbol : symbolOf(item.node) });
    if (run.refused?.node === item.node) said.notes.push(["mistake", this.refusal(run)]);
    else if (Number.isNaN(run.numbers[item.node]) && run.refused) said.notes.push(["hint", say("nothing to compute with")]);
    said.rows.push([say("formula"), this.equation(this.forwardSides(this.math, item))]);
    if (item.edges.length <= MOST_EDGES) {
      item.edges.forEach((_, k) => said.rows.push([say("local gradient"), this.localRow(item, k), "slope"]));
    }
    if (areSame(page.given, ORIGINAL.given)) {
      said.notes.push(...(DATA.untrue[item.node] ?? []).map((note) => ["stale", sayOf(note)]));
    }
    said.notes.push(...this.boundary(item));
    this.line(said, (notation) => this.forwardSides(notation, item));
    said.question = question(run.numbers[item.node], this.math.finished(this.math.name(name)), {
      wrong: item.kind === "gate" ? slipsForward(run.args[item.node], run.numbers[item.node]) : [],
    });
    return undefined;
  }

  partForward(item, said) {
    const { run } = this, numbers = item.results.map((i) => run.numbers[i]);
    said.title = say("Forward through {part}", { part: sayTitle(item.title) });
    said.rows.push([say("results"), `<div class="answer">${this.results(item, [say("result")], run.numbers)}</div>`]);
    const silent = numbers.filter((x) => x === 0).length;
    if (silent && numbers.length > 1) said.notes.push(["dead", say("{count} of {all} results are 0", { count: silent, all: numbers.length })]);
    said.lines.push({ text: `${sayTitle(item.title)}:`, answer: this.span(numbers) });
  }

  /* ── backward ───────────────────────────────────────────────────────────────────────── */

  tell_root(_, said) {
    said.title = say("The way back begins at {name}", { name: this.rootName });
    said.rows.push([say("gradient"), this.math.finished(this.math.equation(this.gradientName(this.math, this.graph.root), this.math.number(1)))]);
    said.role = say("{name} changes by as much as {name} does", { name: this.rootName });
    this.line(said, (notation) => [this.gradientName(notation, this.graph.root), notation.number(1)]);
  }

  tell_edge({ item, k, edge, use, uses }, said) {
    const { run, math } = this, { input } = edge, name = this.names[input];
    const upstream = run.gradients[item.node], locals = this.view.locals(item, run), local = locals[k], added = contribution(local, upstream);
    const before = this.soFar(item, k), total = before + added, isRoot = item.node === this.graph.root;
    said.title = say("{name} hands back to {input}", { name: this.names[item.node], input: name });
    const localSides = this.localSides(math, item, k);
    if (localSides.length > 2) said.rows.push([say("local gradient"), this.localRow(item, k), "local"]);
    const into = this.gradientName(math, input);
    const named = uses > 1 ? math.called(say("to"), into) : into;
    const board = [
      [this.gradientName(math, item.node), math.number(upstream), say("upstream")], "×",
      [this.localName(math, item, k), math.number(local), say("local gradient")], "=",
      [named, math.number(added), say("contribution")],
    ];
    said.rows.push([say("chain rule"), board]);
    if (uses > 1) {
      said.rows.push([say("use {use} of {uses}", { use, uses }), [
        [null, math.number(before), say("sum before")], "+", [null, math.number(added), say("contribution")], "=",
        [into, math.number(total), use === uses ? say("sum") : say("sum so far")],
      ], "sum"]);
    }
    said.role = this.role(item, k);
    said.notes = this.notes(item, k, upstream, local, added);
    const product = (n) => isRoot ? this.localSides(n, item, k).slice(uses > 1 ? 1 : 0) : [
      ...(uses > 1 ? [] : [this.gradientName(n, input)]),
      n.times(this.gradientName(n, item.node), this.localName(n, item, k)),
      n.times(n.number(upstream), n.number(local)), n.number(added)];
    const part = uses > 1 ? `${this.gradientName(this.text, input).written}${say("part of sum", { use, uses })} = ` : "";
    this.line(said, product, part);
    if (uses > 1 && use > 1) {
      this.line(said, (n) => [n.annotated(this.gradientName(n, input), use === uses ? "" : say("so far")), n.sum(n.number(before), "+", n.number(added)), n.number(total)]);
    }
    const asked = math.finished(into);
    said.question = question(added, uses > 1 ? sayHtml("this contribution to {what}", { what: asked }) : asked, {
      wrong: slipsBackward(upstream, local, locals.filter((_, j) => j !== k), before),
      formulas: formulaChoices(math, this.view.formulas(item, run), k),
      local: math.finished(localSides[0]),
    });
  }

  /* The gradient of an input before this use of it. */
  soFar(item, k) {
    if (!this.before) {
      const total = new Float64Array(this.graph.size);
      this.before = new Map();
      for (const other of [...this.view.items].sort((a, b) => b.depth - a.depth)) {
        const flows = this.view.flows(other, this.run);
        this.before.set(other, other.edges.map(({ input }, j) => {
          const before = total[input];
          total[input] += flows[j];
          return before;
        }));
      }
    }
    return this.before.get(item)[k];
  }

  tell_edges({ item }, said) {
    const { run, math } = this, locals = this.view.locals(item, run), flows = this.view.flows(item, run);
    said.title = say("{name} hands back to its {count} inputs", { name: this.names[item.node], count: item.edges.length });
    said.rows.push([say("upstream"), math.finished(math.equation(this.gradientName(math, item.node), math.number(run.gradients[item.node])))]);
    const head = [say("to"), say("local gradient"), say("contribution")];
    said.rows.push([say("upstream × local"), this.table(head, item.edges, ({ input }, k) => [this.names[input], this.decimal(locals[k]), this.decimal(flows[k])])]);
    said.lines.push({ text: `${this.names[item.node]}:`, answer: say("{count} contributions, {span}", { count: flows.length, span: this.span(flows) }) });
  }

  tell_part({ item }, said) {
    const { run } = this;
    said.title = say("Back through {part}", { part: sayTitle(item.title) });
    said.rows.push([say("arrives"), this.results(item, [say("upstream")], run.gradients)]);
    const own = item.parameters.map((i) => run.gradients[i]), silent = own.filter((g) => g === 0).length;
    if (own.length) {
      said.rows.push([say("for its parameters"), escapeText(say("{count} gradients, {span}", { count: own.length, span: this.span(own) }))]);
      if (silent) said.notes.push(["dead", say("get no gradient", { count: silent, all: own.length })]);
    }
    said.lines.push({ text: `${sayTitle(item.title)}:`, answer: say("{count} parameters: {span}", { count: own.length, span: this.span(own) }) });
  }

  tell_gradients(_, said) {
    const { graph, run } = this, { leaves } = this.view;
    said.title = say("All gradients");
    const head = ["", say("number"), say("gradient"), ...(this.numeric ? [say("by differences")] : [])];
    const numeric = (i) => (this.numeric ? [graph.numericDerivative(run.given, graph.leaves.indexOf(i))] : []);
    said.rows.push([say("gradients"), this.table(head, leaves, (i) => [
      `∂${this.rootName}/∂${this.names[i]}`, ...[run.numbers[i], run.gradients[i], ...numeric(i)].map((x) => this.decimal(x))])]);
    for (const i of leaves.slice(0, MOST_ROWS)) this.line(said, (n) => [this.gradientName(n, i), n.number(run.gradients[i])]);
    if (!this.parameters.length) said.notes.push(["hint", say("no parameters")]);
  }

  /* ── the update ─────────────────────────────────────────────────────────────────────── */

  updateSides(notation, leaf) {
    const { run, after, eta } = this, before = run.numbers[leaf], now = after.numbers[leaf], name = notation.name(this.names[leaf]);
    const fresh = notation.called(say("new"), name);
    const result = notation.finer(now - before, 2).number(now);
    if (this.rule.name !== "sgd") return [fresh, result];
    const rate = notation.name("η"), gradient = this.gradientName(notation, leaf);
    const step = notation.times(notation.number(eta), notation.number(run.gradients[leaf]));
    return [fresh, notation.sum(name, "-", notation.times(rate, gradient)),
      notation.sum(notation.number(before), "-", { ...step, negative: false }), result];
  }

  tell_parameter({ leaf }, said) {
    const { run, after, math, eta } = this, name = math.name(this.names[leaf]);
    said.title = say("{name} takes a step downhill", { name: this.names[leaf] });
    const result = [math.called(say("new"), name), math.finer(after.numbers[leaf] - run.numbers[leaf], 2).number(after.numbers[leaf]), say("new")];
    const rate = [math.name("η"), math.number(eta), say("rate")], gradient = [this.gradientName(math, leaf), math.number(run.gradients[leaf]), say("gradient")];
    const way = this.rule.name === "sgd" ? ["−", rate, "×", gradient, "="] : ["→"];
    said.rows.push([sayRule(this.rule), [[name, math.number(run.numbers[leaf]), say("old")], ...way, result]]);
    this.line(said, (n) => this.updateSides(n, leaf));
    said.question = question(after.numbers[leaf], sayHtml("the new {what}", { what: math.finished(name) }), {
      old: run.numbers[leaf], wrong: slipsOfAStep(run.numbers[leaf], after.numbers[leaf], run.gradients[leaf]),
    });
  }

  tell_parameters({ leaves, item }, said) {
    const { run, after } = this;
    const of = item ? say(" of {part}", { part: sayTitle(item.title) }) : "";
    said.title = say("parameters step", { count: leaves.length, of });
    const finer = (i) => decimal(after.numbers[i], this.decimals === Infinity ? Infinity : decimalsShowing(after.numbers[i] - run.numbers[i], 2, this.decimals));
    said.rows.push([say("a step each, η = {eta}", { eta: this.decimal(this.eta) }), this.table(["", say("old"), say("gradient"), say("new")], leaves,
      (i) => [this.names[i], this.decimal(run.numbers[i]), this.decimal(run.gradients[i]), finer(i)])]);
    said.lines.push({ text: said.title, answer: "" });
  }

  tell_again({ item }, said) {
    const { run, after, math } = this;
    if (item.kind === "part") {
      said.title = say("{name} again, with the new numbers", { name: sayTitle(item.title) });
      said.rows.push([say("results"), this.results(item, [say("before"), say("now")], run.numbers, after.numbers)]);
      said.lines.push({ text: `${sayTitle(item.title)}:`, answer: this.span(item.results.map((i) => after.numbers[i])) });
      return;
    }
    const name = this.names[item.node], before = run.numbers[item.node], now = after.numbers[item.node];
    said.title = say("{name} again, with the new numbers", { name });
    if (after.refused?.node === item.node) said.notes.push(["mistake", this.refusal(after)]);
    const { output, names } = this.view.formulas(item, run);
    said.rows.push([say("formula"), math.finished(math.equation(math.name(name), writtenWith(math, output, names)))]);
    const finer = math.finer(now - before, 1);
    said.rows.push([say("number"), [[null, finer.number(before), say("before")], "→", [null, finer.number(now), say("now")]]]);
    const [text, latex] = [this.text, this.latex].map((notation) => notation.finer(now - before, 1));
    said.lines.push({ text: `${name} = ${text.number(before).written} →`, answer: text.number(now).written });
    said.equations.push(latex.equation(latex.name(name), latex.compared(latex.number(before), "→", latex.number(now))).written);
    if (item.node === this.graph.root) {
      const change = now - before;
      said.role = change === 0 ? say("{name} is the same", { name }) : say(change < 0 ? "{name} is smaller by {change}" : "{name} is larger by {change}", { name, change: this.decimal(Math.abs(change)) });
    }
    said.question = question(now, math.finished(math.name(name)), { old: before, wrong: [["no step", before]] });
  }
}

/* What may be asked of a number: nothing if it is infinite or NaN, which nobody could type in. */
function question(number, what, more = {}) {
  return Number.isFinite(number) ? { number, what, old: null, wrong: [], ...more } : null;
}
