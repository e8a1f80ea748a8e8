/* Focus is never lost: where the element that has it goes, or is switched off, what stands nearest to it takes over. */

const canFocus = (element) => element.isConnected && !element.disabled && element.checkVisibility();

/* An element, and all that it stands in. */
function trailOf(element) {
  const trail = [];
  for (let around = element; around; around = around.parentElement) trail.push(around);
  return trail;
}

/* After an action: `last` had the focus before it, and stands in the others. */
function keepFocus([last, ...around]) {
  const now = document.activeElement;
  if (canFocus(now === document.body ? last : now)) return;
  for (const place of around.filter(canFocus)) {
    const next = place.tabIndex >= 0 ? place : [...place.querySelectorAll("button, input, select, [tabindex='0']")].find(canFocus);
    if (next) return void next.focus();
  }
}

function wireFocus() {
  const act = () => {
    const trail = trailOf(document.activeElement);
    setTimeout(() => keepFocus(trail), 0);
  };
  for (const kind of ["keydown", "click", "change"]) document.addEventListener(kind, act, { capture: true });
}
