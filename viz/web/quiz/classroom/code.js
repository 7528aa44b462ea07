// The way in for phones: four letters, a QR code, a link, and the address when phones need another one.

/** @import { Act, ClassData } from "./types.js" */
import { el } from "../../shared/dom.js";

/** @param {Act} act */
export function codePanel(act) {
  const letters = el("p", { class: "letters", "data-testid": "class-code" });
  const picture = el("img", { class: "qr", alt: "QR code of the link" });
  const link = el("p", { class: "link", "data-testid": "class-link" });
  const hint = el("p", { class: "note" });
  const names = el("datalist", { id: "addresses" });
  const base = el("input", { type: "text", list: "addresses", "aria-label": "Address of this server for phones", placeholder: "another address", autocomplete: "off" });
  const form = el("form", { class: "line", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    act("set", { base: base.value });
  } }, base, el("button", { type: "submit" }, "Use this address"), names);
  return {
    node: el("div", { class: "code" }, picture, el("div", {}, letters, link, hint, el("details", {}, el("summary", {}, "Phones cannot open it"), form))),
    paint(/** @type {ClassData} */ data) {
      letters.textContent = data.code;
      if (picture.src !== data.qr) picture.src = data.qr;
      link.textContent = data.link.replace(/^https?:\/\//, "");
      hint.textContent = data.local
        ? "This address works on this computer only: no network was found. Give the name or number by which phones reach it."
        : "Point the phone's camera at the code; or open the address, press Class and type the four letters. Phones have to be on a network that reaches this computer.";
      names.replaceChildren(...data.addresses.map((value) => el("option", { value })));
      if (document.activeElement?.shadowRoot?.activeElement !== base) base.value = data.base;
    },
  };
}
