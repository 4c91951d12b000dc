// What is pleasant on a redline page, never what is needed: the next change, and both texts beside each other.
"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const article = document.querySelector("article");
  if (!tools || !article) return;

  const changes = [...article.querySelectorAll(".edited, .added, .gone, .moved-away")];
  if (!changes.length) return;
  let current = -1;
  // In the two columns nothing can be led to: whoever follows a link gets the text back.
  const beside = () => document.body.classList.contains("sided");
  const go = (step) => {
    if (beside()) toggle.click();
    current = (current + step + changes.length) % changes.length;
    const change = changes[current];
    change.tabIndex = -1;
    change.focus({ preventScroll: true });
    change.scrollIntoView({ block: "center" });
    place.textContent = `${current + 1} / ${changes.length}`;
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    tools.append(made);
    return made;
  };
  const place = document.createElement("span");
  place.className = "soft";
  place.setAttribute("role", "status");

  button(tools.dataset.previous, () => go(-1));
  button(tools.dataset.next, () => go(1));
  tools.append(place);

  // What did not change is folded; a reader may want all of it at once.
  const folds = [...article.querySelectorAll("details.unchanged")];
  if (folds.length) {
    const whole = button(tools.dataset.whole, () => {
      const on = whole.getAttribute("aria-pressed") !== "true";
      whole.setAttribute("aria-pressed", String(on));
      folds.forEach((fold) => { fold.open = on; });
    });
    whole.setAttribute("aria-pressed", "false");
  }

  // Side by side: the page as it is, once without what is new and once without what is gone.
  let old = null;
  const side = (unwanted, heading) => {
    const copy = article.cloneNode(true);
    const label = document.createElement("p");
    label.className = "side";
    label.lang = document.documentElement.lang;
    label.textContent = heading;
    copy.prepend(label);
    copy.querySelectorAll(unwanted).forEach((node) => {
      const { previousSibling: left, nextSibling: right } = node;
      if (/\s$/.test(left?.data) && /^[\s.,;:!?)]/.test(right?.data)) left.data = left.data.trimEnd();
      node.remove();
    });
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    [...copy.querySelectorAll("li")].reverse().forEach((item) => item.textContent.trim() || item.remove());
    copy.querySelectorAll("details.unchanged").forEach((fold) => { fold.open = true; });
    copy.setAttribute("aria-label", heading);
    return copy;
  };
  const toggle = button(tools.dataset.side, () => {
    const on = document.body.classList.toggle("sided");
    toggle.setAttribute("aria-pressed", String(on));
    if (on && !old) {
      old = document.createElement("div");
      old.className = "pair";
      old.append(side("ins, .added, .move-note", tools.dataset.before), side("del, .gone, .moved-away", tools.dataset.after));
      old.querySelector("article").querySelectorAll(".day").forEach((day) => { day.textContent = day.dataset.before; });
      article.after(old);
    }
    article.hidden = on;
    old.hidden = !on;
  });
  toggle.className = "wide-only";
  toggle.setAttribute("aria-pressed", "false");

  document.addEventListener("click", ({ target }) => {
    if (beside() && target.closest('a[href^="#"]')) toggle.click();
  }, true);

  tools.classList.add("ready");
})();
