// Only what a page without scripts does too, sooner: search as one types, questions that follow, what-if at once.
(() => {
  "use strict";
  const KEY = "answers";
  const keep = (word) => { try { sessionStorage.setItem(KEY, word); } catch { /* a browser may forbid it */ } };
  const kept = () => { try { return sessionStorage.getItem(KEY); } catch { return null; } };
  const send = (url, fields) => fetch(url, { method: "POST", body: new URLSearchParams(fields), cache: "no-store" });
  const later = (wait, job) => { let timer; return (...all) => { clearTimeout(timer); timer = setTimeout(() => job(...all), wait); }; };

  const state = document.querySelector("[data-state]");
  if (state && state.dataset.state) keep(state.dataset.state);

  // The start: a link with answers opens by itself, and a tab that still has some offers them.
  const link = document.querySelector("[data-link]");
  if (link && location.hash.startsWith("#a=")) {
    link.elements.link.value = location.hash;
    history.replaceState(null, "", location.pathname);
    link.submit();
  }
  const resume = document.querySelector("[data-resume]");
  if (resume && kept()) {
    resume.elements.a.value = kept();
    resume.hidden = false;
    resume.querySelector("[data-forget]").addEventListener("click", () => {
      try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ }
      resume.hidden = true;
    });
  }

  const copy = document.querySelector(".keep-link");
  if (copy && navigator.clipboard) copy.addEventListener("click", (event) => {
    event.preventDefault();
    navigator.clipboard.writeText(copy.href).then(() => { copy.textContent = copy.dataset.copied; }, () => { location.href = copy.href; });
  });

  // A form is sent only where there is a connection; else it stays as it is and says so.
  const offline = document.querySelector("[data-offline]");
  let [sure, sending] = [false, false];
  document.addEventListener("submit", (event) => {
    if (!offline || sure || event.target.method !== "post") return;
    event.preventDefault();
    const { target: form, submitter } = event;
    sending = true;
    fetch("/health", { cache: "no-store" }).then(() => {
      offline.hidden = true;
      sure = true;
      form.requestSubmit(submitter);
      sure = false;
    }, () => {
      sending = false;
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
    });
  });

  addEventListener("pageshow", () => { sending = false; });

  // Occupations as one types.
  const search = later(200, async (box, input) => {
    const words = input.value.trim();
    if (words.length < 2) return;
    try {
      const answer = await send(box.dataset.search, { words, name: box.dataset.name });
      if (answer.ok && input.value.trim() === words) box.querySelector("[data-hits]").innerHTML = await answer.text();
    } catch { /* the button still searches */ }
  });
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-search]");
    if (box && event.target.type !== "radio") search(box, event.target);
  });

  // Several questions on a page: those that follow from an answer appear at once.
  const update = later(50, async () => {
    const form = document.querySelector("[data-live]");
    const fields = new FormData(form);
    fields.set("do", "update");
    try {
      const answer = await send(form.action, fields);
      if (!answer.ok) return;
      const text = await answer.text();
      if (sending || !form.isConnected) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      const [old, fresh] = [form, page.querySelector("[data-live]")];
      const focus = document.activeElement && document.activeElement.id;
      for (const field of old.querySelectorAll("input:not([type=hidden]), select")) {
        const same = field.id && fresh.querySelector(`#${CSS.escape(field.id)}`);
        if (!same) continue; // what was answered while the page was on its way stays
        if (field.type === "radio") same.checked = field.checked;
        else same.value = field.value;
      }
      old.replaceWith(document.adoptNode(fresh));
      const again = focus && document.getElementById(focus);
      if (again) again.focus({ preventScroll: true });
      keep(page.querySelector("[data-state]").dataset.state);
      document.querySelector(".keep").replaceWith(document.adoptNode(page.querySelector(".keep")));
    } catch { /* the button still updates */ }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-live]");
    if (form && event.target.matches("select, input[type=radio]")) update();
  });

  // The chances as a part of the answer: they take about a second, so they are asked for.
  const chances = document.querySelector("[data-chances]");
  if (chances) chances.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    chances.setAttribute("aria-busy", "true");
    try {
      const answer = await send(form.action, new FormData(form));
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part]");
      if (!answer.ok || !part) throw new Error();
      chances.querySelector("[data-part]").replaceWith(document.adoptNode(part));
      part.tabIndex = -1;
      part.focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof TypeError && offline)) form.submit(); // the page of its own says what is wrong
      else offline.hidden = false;
    }
    chances.removeAttribute("aria-busy");
  });

  // What-if: sliders where the values are in order, and the answers as they move; of several on the way the last counts.
  const wish = document.querySelector("[data-what-if]");
  if (wish) {
    let asked = 0;
    const show = later(60, async () => {
      const fields = new FormData(wish);
      const mine = ++asked;
      fields.set("part", "1");
      try {
        const answer = await send(wish.action, fields);
        if (!answer.ok) return;
        const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine !== asked) return;
        for (const at of ["[data-line]", "[data-more]"]) {
          const place = document.querySelector(at);
          const open = [...place.querySelectorAll("details")].map((one) => one.open);
          place.replaceChildren(...piece.querySelector(at).childNodes);
          place.querySelectorAll("details").forEach((one, n) => { one.open = open[n]; });
        }
      } catch { /* the button still asks */ }
    });
    for (const list of wish.querySelectorAll("select[data-slide]")) {
      const slider = document.createElement("input");
      const told = document.createElement("output");
      const tell = () => {
        const text = list.options[slider.value].textContent;
        told.textContent = text;
        slider.setAttribute("aria-valuetext", text);
      };
      slider.type = "range";
      slider.min = 0;
      slider.max = list.options.length - 1;
      slider.value = list.selectedIndex;
      slider.id = list.id;
      list.removeAttribute("id");
      list.hidden = true;
      told.htmlFor = slider.id;
      list.after(slider, told);
      tell();
      slider.addEventListener("input", () => { list.selectedIndex = slider.value; tell(); show(); });
    }
    wish.addEventListener("change", show);
  }
})();
