// What the page asks of the program: always the same origin, always with the token of the page.

export let session = null;

export class Refused extends Error {
  constructor(status, record) {
    super(record.error ?? `${status}`);
    this.status = status;
    this.kind = record.kind ?? "";
  }
}

export class Gone extends Error {}

async function answered(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new Gone();
  }
  if (response.status === 401) throw new Gone(); // it was started again, and does not know this page
  const record = await told(response);
  if (!response.ok) throw new Refused(response.status, record);
  return record;
}

async function told(response) {
  const json = response.headers.get("content-type") === "application/json";
  return json ? response.json() : { error: await response.text() };
}

export const look = (path) => answered(path, {});

/** Bytes of a medium of an open view. */
export async function bytes(path) {
  const response = await fetch(path, { cache: "no-store" }).catch(() => {
    throw new Gone();
  });
  if (!response.ok) throw new Refused(response.status, await told(response));
  return response.arrayBuffer();
}

export function change(path, wish = {}, { last = false } = {}) {
  return answered(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": session.csrf },
    body: JSON.stringify(wish),
    keepalive: last, // sent although the page is being left
  });
}

export async function begin() {
  session = await look("/api/session");
}

/** Sends a file as it is; `progress` gets the share sent, from 0 to 1. Resolves to the record. */
export function upload(path, file, progress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-csrf", session.csrf);
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status < 400) resolve(request.response);
      else reject(new Refused(request.status, request.response ?? {}));
    });
    request.addEventListener("error", () => reject(new Gone()));
    request.addEventListener("abort", () => resolve(null));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

const POLL_MS = 200;

/** Follows a job to its end; `progress` gets its share. Resolves to its result or throws. */
export async function follow(job, progress = () => {}) {
  let now = job;
  while (now.state === "waiting" || now.state === "running") {
    progress(now.share, now);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = await look(`/api/jobs/${now.id}`);
  }
  if (now.state === "done") {
    progress(1, now);
    return now.result;
  }
  await change(`/api/jobs/${now.id}/forget`);
  if (now.state === "cancelled") return null;
  throw new Refused(422, now.failure);
}
