// Two changes of one sheet brought together: whoever changed something alone keeps it.

import { MOST_EVIDENCE, emptyScore } from "./sheet.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function joined(base, mine, stored) {
  if (mine === base || mine === stored || !mine) return stored;
  return stored && stored !== base ? `${stored}\n${mine}` : mine;
}

function bothMoments(mine, stored) {
  const missing = mine.filter((moment) => !stored.some((one) => same(one, moment)));
  return [...stored, ...missing].slice(0, MOST_EVIDENCE).sort((one, other) => one.start_us - other.start_us);
}

/** The sheet with both changes since `base`, and what both changed: there the stored numbers stand. */
export function merged(base, mine, stored) {
  const both = [];
  const scores = [base, mine, stored].map((sheet) => new Map(sheet.items.map((score) => [score.item, score])));
  const numbers = [...new Set(scores.flatMap((one) => [...one.keys()]))].sort((one, other) => one - other);
  const items = numbers.map((item) => {
    const [was, here, there] = scores.map((one) => one.get(item) ?? emptyScore(item));
    if (same(was, here) || same(here, there)) return there;
    if (same(was, there)) return here;
    both.push(String(item));
    return { ...there, note: joined(was.note, here.note, there.note), evidence: bothMoments(here.evidence, there.evidence) };
  });
  const overall = {};
  for (const key of new Set([base, mine, stored].flatMap((sheet) => Object.keys(sheet.overall)))) {
    const [was, here, there] = [base, mine, stored].map((sheet) => sheet.overall[key] ?? null);
    const chosen = here === was ? there : there === was || here === there ? here : there;
    if (chosen === there && here !== was && here !== there) both.push(key);
    if (chosen !== null) overall[key] = chosen;
  }
  const note = joined(base.note, mine.note, stored.note);
  return { sheet: { items: items.filter((score) => !same(score, emptyScore(score.item))), overall, note }, both };
}
