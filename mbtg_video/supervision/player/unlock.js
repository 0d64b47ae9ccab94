"use strict";

// Opens the package: passphrase, content, and the parts of clips one at a time. A page opened
// from a folder may not fetch, so every file is a script that hands its contents over.

const utf8 = new TextEncoder();
const arrived = new Map();
let manifest = null;

globalThis.mbtgManifest = (value) => { manifest = value; };
globalThis.mbtgPart = (clip, part, sealed) => { arrived.set(`${clip}/${part}`, sealed); };

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function loadScript(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = path;
    script.onload = () => { script.remove(); resolve(); };
    script.onerror = () => { script.remove(); reject(new Error(path)); };
    document.head.append(script);
  });
}

async function readManifest() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new Trouble("noDecryption");
  try {
    await loadScript("manifest.js");
  } catch {
    throw new Trouble("noManifest");
  }
  if (manifest === null) throw new Trouble("manifestDamaged");
}

// What is lost when words are dictated does not count: case, spacing, punctuation.
function normalised(passphrase) {
  return passphrase.normalize("NFKC").toLowerCase()
    .replace(/[ \t\r\n.,;:_\u00ad\u200b\u2010-\u2015\u2212\ufeff-]+/g, " ").trim();
}

function open(key, nonce, name, sealed) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8.encode(name) }, key, sealed);
}

function importKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]);
}

async function unlock(passphrase) {
  const { id, iterations, salt, wrapped_key: wrapped } = manifest.lock;
  const secret = await crypto.subtle.importKey(
    "raw", utf8.encode(normalised(passphrase)), "PBKDF2", false, ["deriveKey"]);
  const wrapping = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations },
    secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const opened = (key, name, sealed) => open(key, sealed.subarray(0, 12), `${id}|${name}`, sealed.subarray(12));
  let key;
  try {
    key = await importKey(await opened(wrapping, "key", bytesOf(wrapped)));
  } catch {
    throw new Trouble("wrongPassphrase");
  }
  try {
    return JSON.parse(new TextDecoder().decode(await opened(key, "content", bytesOf(manifest.content))));
  } catch {
    throw new Trouble("contentDamaged");
  }
}

// Reads the parts of one clip; each is loaded, opened and forgotten.
async function partReader({ title, clip }) {
  const key = await importKey(bytesOf(clip.key));
  const prefix = bytesOf(clip.prefix);
  const parts = clip.starts.length;
  return async (part) => {
    const values = { part: part + 1, parts, title };
    const name = `${clip.id}/${part}`;
    try {
      await loadScript(`clips/${clip.id}/${String(part).padStart(5, "0")}.js`);
    } catch {
      throw new Trouble("partMissing", values);
    }
    const sealed = arrived.get(name);
    arrived.delete(name);
    const nonce = new Uint8Array(12);
    nonce.set(prefix);
    new DataView(nonce.buffer).setUint32(7, part);
    nonce[11] = part === parts - 1 ? 1 : 0;
    try {
      return await open(key, nonce, `${manifest.lock.id}|${clip.id}`, bytesOf(sealed));
    } catch {
      throw new Trouble("partDamaged", values);
    }
  };
}
