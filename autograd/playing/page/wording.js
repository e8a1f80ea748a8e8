/* The page in a language: what is said once, and does not change from step to step. */

function setLanguage(to) {
  language = to;
  document.documentElement.lang = to;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = say(element.dataset.label) + (element.dataset.key ? ` (${element.dataset.key})` : "");
  }
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  $("language").value = to;
  const mistakes = () => PLAYED.map(({ key }, i) => new Option(say(`mistake ${key}`), i));
  $("views").replaceChildren(...page.views.map(({ key, title }) => new Option(sayTitle(title), key)));
  $("mistakes").replaceChildren(...mistakes());
  $("level").replaceChildren(...LEVELS.map((level) => new Option(say(`level ${level}`), level)));
  $("rule").replaceChildren(...RULES.map((rule, i) => new Option(sayRule(rule), i)));
  $("rival").replaceChildren(new Option(say("no mistake"), ""), ...mistakes());
  if (DATA.withoutMistakes) document.querySelector("[data-mode=mistakes]").title = say(DATA.withoutMistakes);
  $("keys").innerHTML = `<h2>${escapeText(say("Keys and signs"))}</h2><dl>${Object.entries(LANGUAGES[to].keys).map(([key, what]) => `<dt>${key.split(" ").map((k) => `<kbd>${escapeText(k)}</kbd>`).join(" ")}</dt><dd>${escapeText(what)}</dd>`).join("")}</dl>
    ${LANGUAGES[to].help.map((text) => `<p>${escapeText(text)}</p>`).join("")}<form method="dialog"><button>${escapeText(say("Close"))}</button></form>`;
  $("keys").setAttribute("aria-label", say("Help"));
  showAbout();
  walk.of = null;
  pause();
}

function showAbout() {
  const { about } = DATA;
  $("tab-about").hidden = !about;
  if (!about) return;
  const errata = about.errata.map(({ place, printed, correct, why }) => `<dt>${escapeText(place)}</dt>
    <dd>${escapeText(say("printed:"))} ${escapeText(printed)}<br>${escapeText(say("correct:"))} <strong>${escapeText(correct)}</strong><br>${escapeText(why)}</dd>`).join("");
  $("about").innerHTML = `<h2>${escapeText(about.title)}</h2><p class="faint">${escapeText(about.source)}</p>${about.remarks.map((remark) => `<p>${escapeText(remark)}</p>`).join("")}
    ${errata ? `<h3>${escapeText(say("Errata"))}</h3><dl>${errata}</dl>` : ""}`;
}
