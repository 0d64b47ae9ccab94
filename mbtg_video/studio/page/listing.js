// Making a playlist, and putting excerpts into one that is chosen.

import { Gone, change, session } from "./api.js";
import { tell } from "./app.js";
import { el, field, openDialog } from "./dom.js";
import { word } from "./words.js";

const NEW = "new";

/** A whole number of minutes from a field, null when it is empty, undefined when it is none. */
export function minutesOf(input) {
  if (input.validity.badInput) return undefined;
  if (input.value === "") return null;
  const minutes = Number(input.value);
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440 ? minutes : undefined;
}

export const minutesField = (value, attributes = {}) =>
  el("input", { type: "number", class: "minutes number", min: 1, max: 1440, step: 1, inputmode: "numeric", value: value ?? "", ...attributes });

/** A dialog for a new playlist; resolves to its record, or null. */
export function newPlaylist() {
  const title = el("input", { type: "text", required: true, maxlength: 200, autocomplete: "off" });
  const use = el("select", {}, session.uses.filter((one) => one !== "own_review").map((one) => el("option", { value: one }, word(one))));
  use.value = "supervision";
  const slot = minutesField(null);
  const wrong = el("p", { class: "wrong", role: "alert" });
  return openDialog(word("newPlaylist"), (close) =>
    el(
      "form",
      {
        class: "stack",
        on: {
          submit: async (event) => {
            event.preventDefault();
            try {
              close(await change("/api/playlists", { title: title.value.trim(), use: use.value, slot_minutes: minutesOf(slot) ?? null }));
            } catch (error) {
              if (error instanceof Gone) {
                close(null);
                tell(error);
              } else wrong.textContent = error.message;
            }
          },
        },
      },
      field(word("playlistTitle"), title),
      field(word("playlistUse"), use, word("playlistUseHint")),
      field(word("slotMinutes"), slot, word("slotOptional")),
      wrong,
      el("div", { class: "row end" },
        el("button", { type: "button", class: "second", on: { click: () => close(null) } }, word("cancel")),
        el("button", { type: "submit", class: "main" }, word("make"))),
    ),
  );
}

/** A form that puts the excerpts of `chosen()` (numbers) into a playlist; `added` is called then. */
export function playlistChooser(playlists, chosen, { label = "toPlaylist", added = () => {} } = {}) {
  const known = [...playlists];
  const which = el("select", { class: "which", "aria-label": word("whichPlaylist") });
  const said = el("p", { class: "said", role: "status" });
  const button = el("button", { type: "submit", class: "main" }, word(label));

  function fill(value) {
    which.replaceChildren(
      ...known.map((one) => el("option", { value: one.id }, `${one.id} ${one.title} (${word(one.use)})`)),
      el("option", { value: NEW }, word("newPlaylistChoice")),
    );
    which.value = value;
  }

  async function add(event) {
    event.preventDefault();
    const excerpts = chosen();
    if (!excerpts.length) return;
    said.replaceChildren();
    said.classList.remove("wrong");
    try {
      if (which.value === NEW) {
        const made = await newPlaylist();
        if (!made) return;
        known.push(made);
        fill(made.id);
      }
      const list = await change(`/api/playlists/${which.value}/add`, { excerpts });
      said.append(word("wasAdded", { id: list.id, title: list.title }), " ", el("a", { href: `#/${list.id}` }, word("openPlaylist", { id: list.id })));
      added(list);
    } catch (error) {
      if (error instanceof Gone) return tell(error);
      said.classList.add("wrong");
      said.textContent = error.message;
    }
  }

  fill(known.at(-1)?.id ?? NEW);
  const form = el("form", { class: "chooser row", on: { submit: add } }, which, button, said);
  return { form, button };
}
