// Elements made in script: no markup is ever read from a text.

const KEPT_BY_BROWSERS = new Set(["form", "input", "select", "textarea"]);
const SVG = "http://www.w3.org/2000/svg";

/** An element; `on` holds listeners, `data` and `style` are set by key, null leaves out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  // Without it a browser writes what is typed into its own files, to offer or restore it later.
  if (KEPT_BY_BROWSERS.has(tag)) element.setAttribute("autocomplete", "off");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Puts another icon into a button made with `icon`. */
export function setIcon(button, name) {
  button.querySelector("use").setAttribute("href", `/page/icons.svg#${name}`);
}

/** A button with an icon and a name that is only read out and shown on hover. */
export function iconButton(name, label, action, attributes = {}) {
  return el("button", { type: "button", class: "plain", "aria-label": label, title: label, on: { click: action }, ...attributes }, icon(name));
}

/** A labelled field: label above, the control, and what is wrong with it below. */
export function field(label, control, hint = null) {
  control.id ||= `f-${Math.random().toString(36).slice(2)}`;
  const wrapped = el("div", { class: "field" }, el("label", { for: control.id }, label), control);
  if (hint) {
    const note = el("p", { class: "hint", id: `${control.id}-hint` }, hint);
    control.setAttribute("aria-describedby", note.id);
    wrapped.append(note);
  }
  return wrapped;
}

/** A modal dialog that is removed when it closes; resolves to what `close(value)` was given. */
export function openDialog(title, build) {
  const heading = el("h2", { id: "dialog-heading" }, title);
  const dialog = el("dialog", { "aria-labelledby": "dialog-heading" }, heading);
  return new Promise((resolve) => {
    let answer = null;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    dialog.append(...[build(close, dialog)].flat());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (!dialog.querySelector("input, select, textarea, [autofocus]")) {
      heading.tabIndex = -1; // else a long text is shown from its last button up
      heading.focus();
    }
    dialog.scrollTop = 0;
  });
}
