// What the phone asks of the room: always the same origin, always with the token of the device.

const LOOK_MS = 10_000;
const CHANGE_MS = 45_000; // the room itself tries for half a minute when the library is busy
let token = "";

/** No answer came: the contact is lost, and whether anything arrived is not known. */
export class Lost extends Error {}

export class Refused extends Error {
  constructor(status, kind) {
    super(kind);
    this.status = status;
    this.kind = kind;
  }
}

export const useToken = (given) => (token = given);

async function answered(path, patience, options) {
  let response, record;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
    const json = response.headers.get("content-type") === "application/json";
    record = json ? await response.json() : {};
  } catch {
    throw new Lost();
  }
  if (response.status >= 500) throw new Lost(); // busy or broken: what is on the page stays and is sent again
  if (!response.ok) throw new Refused(response.status, record.kind ?? (response.status === 401 ? "Out" : ""));
  return record;
}

export const look = (path) => answered(path, LOOK_MS, {});

export function change(path, wish = {}, { last = false } = {}) {
  return answered(path, CHANGE_MS, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": token },
    body: JSON.stringify(wish),
    keepalive: last, // sent although the page is being left
  });
}
