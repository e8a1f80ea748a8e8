/* Predict: a number is hidden and asked for; an answer is judged, and a wrong one looked at. */

const ASKED = { sign: "What is the sign of {what}?", formula: "Which is {what}?", number: "What is {what}?" };
const LEVELS = Object.keys(ASKED);

const predict = { answered: new Map(), tries: new Map(), level: "number" };

const questionKey = (at) => `${page.view.key}:${predict.level}:${at}`;

/* Whether a frame asks: at the level of formulas, edges only. */
function asks(frame, said) {
  return page.mode === "predict" && said.question !== null && (predict.level !== "formula" || said.question.formulas !== undefined);
}

const hides = (frame, said) => asks(frame, said) && !predict.answered.has(questionKey(page.at));

/* How a guess is judged: right, wrong, or too coarse to tell the new number from the old.
   Right is within 1 % or right to the digits given, two at least, and within a tenth of the change. */
function judge(guess, typed, number, old) {
  const off = Math.abs(guess - number), exactly = 1e-12 * Math.max(Math.abs(number), 1);
  if (off <= exactly) return "right";
  const digits = /^[-−–+]?(\d*)[.,](\d+)$/.exec(typed.trim());
  const significant = digits ? `${digits[1]}${digits[2]}`.replace(/^0+/, "").length : 0;
  const toDigits = significant >= 2 ? .5 * 10 ** -digits[2].length * (1 + 1e-9) : 0;
  const allowed = Math.max(Math.abs(number) * .01, toDigits);
  if (off > allowed) return "wrong";
  if (old === null || off <= Math.abs(number - old) / 10) return "right";
  return off <= toDigits && (guess - old) * (number - old) > 0 ? "coarse" : "wrong";
}

/* The name of what went wrong in a guess, empty if it is not known. */
function diagnosis(guess, { number, old, wrong }) {
  const near = (x) => Number.isFinite(x) && judge(guess, "", x, null) === "right" && judge(x, "", number, old) !== "right";
  const found = wrong.find(([, x]) => near(x) && (old === null || Math.abs(guess - x) <= Math.abs(number - old) / 10));
  return found ? found[0] : "";
}

function showQuestion(frame, said) {
  const asking = asks(frame, said), done = predict.answered.get(questionKey(page.at));
  $("ask").hidden = !asking;
  $("panel").classList.toggle("asking", asking);
  $("score").textContent = page.mode === "predict" ? scoreLine() : "";
  if (!asking) return;
  const { what, local } = said.question, { level } = predict;
  $("question").innerHTML = sayHtml(ASKED[level], { what: level === "formula" ? local : what });
  $("guess").hidden = level !== "number";
  $("guess").disabled = done !== undefined;
  if (done) $("guess").value = done.typed;
  else if ($("guess").dataset.of !== questionKey(page.at)) $("guess").value = "";
  $("guess").dataset.of = questionKey(page.at);
  $("reveal").hidden = done !== undefined;
  $("check").textContent = say(done ? "Next" : "Check");
  $("check").hidden = level !== "number" && !done;
  showChoices(said.question, level, done);
  const last = predict.tries.get(questionKey(page.at));
  $("verdict").textContent = done?.verdict ?? last ?? "";
  $("verdict").className = done ? (done.right ? "right" : "wrong") : "wrong";
}

function showChoices(asked, level, done) {
  const choices = level === "sign" ? [["positive", 1], ["negative", -1], ["neither", 0]].map(([name, sign]) => [escapeText(say(name)), Math.sign(asked.number) === sign])
    : level === "formula" ? shuffled(asked.formulas.map((formula, i) => [formula, i === 0]), page.at) : [];
  $("choices").replaceChildren(...choices.map(([markup, right]) => make("button", {
    type: "button", innerHTML: markup, disabled: done !== undefined, className: done && right ? "right-choice" : "",
    onclick: () => decide(right ? "right" : "wrong", "", ""),
  })));
}

/* The same order each time for the same step. */
function shuffled(list, seed) {
  return list.map((x, i) => [((i + 1) * 7919 + (seed + 1) * 104729) % 101, x]).sort((a, b) => a[0] - b[0]).map(([, x]) => x);
}

function check() {
  if (predict.answered.has(questionKey(page.at))) {
    goTo(page.at + 1);
    return $("guess").focus();
  }
  const typed = $("guess").value, guess = readNumber(typed);
  if (typed.trim() === "" || Number.isNaN(guess)) return complain(say("Type a number, such as -0.25, 1/2 or 1/e."));
  const { question: asked } = teller().tell(page.frames[page.at]);
  const verdict = judge(guess, typed, asked.number, asked.old);
  if (verdict === "coarse") return complain(say("more digits"));
  return decide(verdict, typed, verdict === "wrong" ? diagnosis(guess, asked) : "");
}

function complain(why) {
  $("verdict").className = "wrong";
  $("verdict").textContent = why;
}

/* The first wrong answer gets a hint and another try. */
function decide(verdict, typed, slip) {
  const key = questionKey(page.at), hint = slip ? say(`slip ${slip}`) : "";
  const isSecond = predict.tries.has(key), tries = isSecond ? 2 : 1;
  if (verdict === "right") settle({ typed, right: true, tries, verdict: say(isSecond ? "✓ Right, at the second try." : "✓ Right.") });
  else if (isSecond) settle({ typed, right: false, tries, verdict: `${say("✕ Not right: see below.")} ${hint}` });
  else {
    predict.tries.set(key, `${say("✕ Not quite.")} ${hint || say("Try once more.")}`);
    render();
    $("guess").select();
  }
}

const reveal = () => settle({ typed: "", right: false, tries: 0, verdict: say("Revealed, not counted.") });

function settle(answered) {
  predict.answered.set(questionKey(page.at), answered);
  remember();
  render();
  $("check").hidden = false;
  $("check").focus();
}

function scoreLine() {
  const all = [...predict.answered.values()].filter(({ tries }) => tries > 0);
  return all.length ? say("{right} of {all} right", { right: all.filter(({ right }) => right).length, all: all.length }) : "";
}

/* At the last step: how many were right, and which to try again. */
function summary() {
  if (page.mode !== "predict" || page.at !== page.frames.length - 1 || !predict.answered.size) return [];
  const own = [...predict.answered].filter(([key]) => key.startsWith(questionKey("")));
  const wrong = own.filter(([, { right }]) => !right).map(([key]) => Number(key.split(":").at(-1)));
  const first = own.filter(([, { right, tries }]) => right && tries === 1).length, revealed = own.filter(([, { tries }]) => tries === 0).length;
  const again = wrong.slice(0, 12).map((at) => make("button", { onclick: () => askAgain(at) }, at + 1));
  return captioned(say("your answers"), make("span", {}, say("summary", { first, all: own.length, revealed })), ...(again.length ? [` ${say("Again:")} `, ...again] : []));
}

function askAgain(at) {
  predict.answered.delete(questionKey(at));
  predict.tries.delete(questionKey(at));
  remember();
  go(at);
}

/* ── what survives a reload ─────────────────────────────────────────────────────────────── */

const storeKey = `autograd:${DATA.key}`;

function remember() {
  try {
    localStorage.setItem(storeKey, JSON.stringify({ answered: [...predict.answered], tries: [...predict.tries], theme: document.documentElement.dataset.theme ?? "", split: page.split ?? 0 }));
  } catch { /* a frame without storage forgets */ }
}

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(storeKey) ?? "{}");
    predict.answered = new Map(kept.answered ?? []);
    predict.tries = new Map(kept.tries ?? []);
    if (kept.theme) document.documentElement.dataset.theme = kept.theme;
    page.split = kept.split || 0;
  } catch { /* likewise */ }
}
