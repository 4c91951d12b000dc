/* Asks for a yes where a policy changed: <script src="gate.js" data-endpoint="/consent" defer></script>
   It talks to your own server alone, which holds the key (docs/acceptance.md). No cookie, no other host, no markup. */
(() => {
  const me = document.currentScript, endpoint = me.dataset.endpoint, root = document.documentElement;
  const css = new CSSStyleSheet();
  css.replaceSync(`.notifier-gate{box-sizing:border-box;width:min(34rem,calc(100vw - 2rem));max-height:calc(100vh - 2rem);
    overflow:auto;border:1px solid;border-radius:.5rem;padding:1.25rem 1.5rem;color:#1b1f24;background:#fff;
    font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}.notifier-gate::backdrop{background:#000a}
    .notifier-gate h2{font-size:1.25rem;line-height:1.3;margin:0 0 .75rem}.notifier-gate p{margin:0 0 .75rem}
    .notifier-gate a{color:#0a55a3}.notifier-gate div{display:flex;flex-wrap:wrap;gap:.75rem}
    .notifier-gate button{font:inherit;padding:.55rem 1.1rem;min-height:2.75rem;border:1px solid #0a55a3;
    border-radius:.35rem;background:#fff;color:#0a55a3;cursor:pointer}.notifier-gate button.yes{background:#0a55a3;color:#fff}
    .notifier-gate [aria-busy=true]{opacity:.6}.notifier-gate :focus-visible{outline:3px solid #e08a00;outline-offset:2px}
    @media(prefers-color-scheme:dark){.notifier-gate{color:#e7e9ec;background:#14171b}.notifier-gate a{color:#83bcff}
    .notifier-gate button{background:#14171b;color:#83bcff;border-color:#83bcff}
    .notifier-gate button.yes{background:#83bcff;color:#10151b}}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, css];

  const add = (to, name, text, more) => {
    const made = Object.assign(document.createElement(name), more);
    made.textContent = text;
    to.append(made);
    return made;
  };
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`notifier:${name}`, { detail }));
  /* The page may go on without an answer, or not: it is told, with the status of an answer or 0 where none came. */
  const failed = (why, policy) => tell("failed", { policy, status: +why || 0 });
  const hash = async (text) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const send = (body, key) => fetch(endpoint, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(body), signal: AbortSignal.timeout?.(30000),
    headers: { "Content-Type": "application/json", "Idempotency-Key": key, ...(me.dataset.csrf && { "X-CSRF-Token": me.dataset.csrf }) },
  });

  /* What is shown, a line each, is what the hash is of: heading, summaries, day, links with their addresses, button. */
  const ask = (policy) => new Promise((done) => {
    const { asked, required } = policy, { says } = asked, isFirm = required === "accept" && says.is_due;
    const shown = [says.heading, ...asked.summaries], gate = add(document.body, "dialog", "", { className: "notifier-gate" });
    const id = `notifier-${policy.policy}`, key = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    gate.lang = says.language;
    gate.setAttribute("aria-labelledby", id);
    add(gate, "h2", says.heading, { id, lang: says.heading === policy.title ? policy.language : says.language });
    const told = asked.summaries.map((words) => add(gate, "p", words, { lang: asked.language }));
    if (says.due) shown.push(says.due), told.push(add(gate, "p", says.due));
    told.forEach((one, n) => { one.id = `${id}-${n}`; }); /* read out when it opens, though a link has the focus */
    gate.setAttribute("aria-describedby", told.map((one) => one.id).join(" "));
    for (const [words, to] of [[says.changes, asked.redline], [says.text, asked.text]]) {
      const url = to && new URL(to, location);
      if (!url || !/^https?:$/.test(url.protocol)) continue;
      shown.push(`${words}: ${url}`);
      add(add(gate, "p", ""), "a", words, { href: url, target: "_blank", rel: "noopener" });
    }
    const fault = add(gate, "p", "");
    fault.setAttribute("role", "alert");
    const row = add(gate, "div", ""), yes = add(row, "button", says.yes, { type: "button", className: "yes" });
    shown.push(says.yes);
    const close = (name, anew) => { gate.close(); gate.remove(); tell(name, { policy: policy.policy }); done(anew); };
    yes.onclick = async () => {
      if (yes.getAttribute("aria-busy") === "true") return;
      yes.setAttribute("aria-busy", "true"); fault.textContent = "";
      try {
        const text = shown.join("\n"), context = { language: says.language, lines: shown.length };
        crypto.subtle ? (context.shown_sha256 = await hash(text)) : (context.shown = text.slice(0, 900));
        const answer = await send({ policy: policy.policy, posting: asked.posting, text_sha256: asked.text_sha256, method: "click", context }, key);
        if (answer.status === 409 || answer.status === 410) return close("changed", true); /* another text by now */
        if (!answer.ok) throw answer.status;
        close("said");
      } catch (why) {
        fault.textContent = says.failed; yes.setAttribute("aria-busy", "false");
        failed(why, policy.policy);
      }
    };
    if (!isFirm) add(row, "button", says.later, { type: "button", onclick: () => close("later") });
    gate.addEventListener("cancel", (event) => { event.preventDefault(); isFirm || close("later"); });
    gate.addEventListener("keydown", (event) => { if (isFirm && event.key === "Escape") event.preventDefault(); });
    gate.showModal();
    gate.scrollTop = 0;
  });

  const start = async () => {
    const answer = await fetch(`${endpoint}?language=${encodeURIComponent(root.lang || navigator.language)}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw answer.status;
    for (const policy of (await answer.json()).policies) if (policy.asked && (await ask(policy))) return start();
    tell("done", {});
  };
  start().catch(failed);
})();
