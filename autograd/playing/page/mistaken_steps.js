/* What is told of a backward pass that a mistake spoils. */

/* A factor that the mistake leaves out, struck out. */
const forgotten = (x) => ({ ...x, written: `<mrow class="forgotten">${x.written}</mrow>` });

class MistakeTeller extends Teller {
  tell_mistake(_, said) {
    const { mistake } = this;
    said.title = say(`mistake ${mistake.key}`);
    said.rows.push([say("the mistake"), `<code>${escapeText(mistake.written)}</code>`], [say("as it should be"), `<code>${escapeText(mistake.right)}</code>`]);
    said.role = say(`lesson ${mistake.key}`);
    said.notes.push(...this.harmless());
    said.lines.push({ text: mistake.written, answer: "" });
  }

  tell_wrong({ edge, item }, said) {
    const { math, mistake, run } = this, { upstream, local, added, before, after, input, node } = edge, name = this.names[input];
    const factor = (kind, number, called) => [null, mistake.forgets === kind ? forgotten(math.number(number)) : math.number(number), called];
    said.title = say("{name} hands back to {input}", { name: this.names[node], input: name });
    said.rows.push([say("handed back"), [
      factor("upstream", upstream, say("upstream")), "×", factor("local", local, say("local gradient")), "=", [null, math.number(added), say("contribution")]]]);
    const sums = !mistake.overwrites && before !== 0;
    if (sums) {
      said.rows.push([say("added"), [[null, math.number(before), say("was there")], "+", [null, math.number(added), say("contribution")], "=", [null, math.number(after), `${name}.grad`]]]);
    }
    const truth = run.gradients[node];
    if (!same(upstream, truth)) said.notes.push(["mistake", say("upstream is wrong", { name: this.names[node], number: this.decimal(upstream), right: this.decimal(truth) })]);
    const slope = run.locals[edge.node][edge.k];
    if (!same(local, slope)) said.notes.push(["mistake", say("local is wrong", { number: this.decimal(local), right: this.decimal(slope) })]);
    if (mistake.overwrites && before !== 0) said.notes.push(["mistake", say("is lost", { number: this.decimal(before) })]);
    if (mistake.keeps && this.graph.isLeaf[input] && before !== 0) said.notes.push(["mistake", say("was left over", { number: this.decimal(before), name })]);
    const product = mistake.forgets ? this.decimal(added) : `${this.decimal(upstream)} × ${this.decimal(local)}`;
    const sides = [`${name}.grad`, `${sums ? `${this.decimal(before)} + ` : ""}${product}`, this.decimal(after)];
    said.lines.push({ text: `${sides.filter((side) => side !== sides[2]).join(" = ")} =`, answer: sides[2] });
  }

  tell_verdict(_, said) {
    const { graph, run, mistake } = this, wrong = mistakenGradients(graph, run, mistake), bad = spoiltNodes(graph, run, wrong);
    const verdict = say("wrong: {count} of {all} gradients", { count: bad.length, all: graph.size });
    said.title = say("The verdict");
    said.notes.push(...this.harmless());
    if (bad.length) {
      said.rows.push([say("wrong gradients"), this.table(["", say("wrong"), say("right")], bad, (i) => [this.names[i], this.decimal(wrong[i]), this.decimal(run.gradients[i])])]);
      said.notes.push(["mistake", verdict]);
    }
    said.role = say(`lesson ${mistake.key}`);
    said.lines.push({ text: said.title, answer: verdict });
  }

  harmless() {
    const { graph, run, mistake } = this, isHarmless = !spoiltNodes(graph, run, mistakenGradients(graph, run, mistake)).length;
    return isHarmless ? [["hint", say("In this graph it changes nothing: {why}.", { why: say(`harmless ${mistake.key}`) })]] : [];
  }
}
