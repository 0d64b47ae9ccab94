"use strict";

// Seals what a rater fills in, for the library that made the bundle and for this page alone.

const SCORES_FORMAT = "mbtg-scores";
const SCORES_VERSION = 1;
const SCORES_PADDED_TO = 64 * 1024; // the length of notes would tell of them
const LARGEST_SCORES = 4 * 1024 * 1024;

const boundTo = (purpose) => utf8.encode(`${SCORES_FORMAT}|${SCORES_VERSION}|${manifest.lock.id}|${purpose}`);

function base64Of(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

const contentKey = (bytes, use) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [use]);

async function sealAs(purpose, key, plain) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const kind = { name: "AES-GCM", iv: nonce, additionalData: boundTo(purpose) };
  return joined(nonce, new Uint8Array(await crypto.subtle.encrypt(kind, key, plain)));
}

async function openAs(purpose, key, sealed) {
  const kind = { name: "AES-GCM", iv: sealed.subarray(0, 12), additionalData: boundTo(purpose) };
  return new Uint8Array(await crypto.subtle.decrypt(kind, key, sealed.subarray(12)));
}

// A key that only the library works out again, from the public half made for this one file.
async function keyForLibrary(library) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const once = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", library, curve, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const own = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const info = joined(boundTo("library"), own, library);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return { own, key };
}

/** The text of a file that shows nothing of `saved` but its bundle. */
async function sealScores(saved, { public: library, own }) {
  // Half an emoji, as a paste may leave it, is no text that a library reads.
  const whole = (_, value) => (typeof value === "string" && value.toWellFormed ? value.toWellFormed() : value);
  const text = utf8.encode(JSON.stringify(saved, whole));
  const plain = new Uint8Array(Math.ceil(text.length / SCORES_PADDED_TO) * SCORES_PADDED_TO).fill(32);
  plain.set(text);
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const wrapping = await keyForLibrary(bytesOf(library));
  return JSON.stringify({
    format: SCORES_FORMAT,
    version: SCORES_VERSION,
    bundle: manifest.lock.id,
    library: { public: base64Of(wrapping.own), wrapped: base64Of(await sealAs("library", wrapping.key, bytes)) },
    own: base64Of(await sealAs("own", await contentKey(bytesOf(own), "encrypt"), bytes)),
    sealed: base64Of(await sealAs("scores", await contentKey(bytes, "encrypt"), plain)),
  });
}

/** What was saved in a file of this bundle; a `Trouble` for any other. */
async function openScores(file, { own }) {
  let found;
  try {
    if (file.size > LARGEST_SCORES) throw new Error("too large");
    found = JSON.parse(await file.text());
  } catch {
    throw new Trouble("scoresDamaged");
  }
  if (found?.format !== SCORES_FORMAT || found.version !== SCORES_VERSION) throw new Trouble("scoresDamaged");
  if (found.bundle !== manifest.lock.id) throw new Trouble("scoresOther");
  try {
    const bytes = await openAs("own", await contentKey(bytesOf(own), "decrypt"), bytesOf(found.own));
    const plain = await openAs("scores", await contentKey(bytes, "decrypt"), bytesOf(found.sealed));
    const saved = JSON.parse(new TextDecoder().decode(plain));
    if (!saved.sheets.every(({ sheet }) => Array.isArray(sheet.items) && sheet.overall)) throw new Error("no sheets");
    return saved;
  } catch {
    throw new Trouble("scoresDamaged");
  }
}
