// What the consent rule says, in words.

export const CONSENT = {
  nb: {
    green: "Kan brukes",
    amber: "Delvis eller snart slutt",
    red: "Kan ikke vises",
    allowedUntil: "Tillatt for {use} til og med {date}.",
    allowedNoEnd: "Tillatt for {use}.",
    refusedFor: "Ikke tillatt for {use}:",
    "reason missing": "{code} har ikke gitt samtykke.",
    "reason not yet valid": "{code} har et samtykke som ikke gjelder ennå.",
    "reason expired": "Samtykket til {code} er utløpt.",
    "reason narrower": "Samtykket til {code} omfatter ikke denne bruken.",
    "reason withdrawn": "{code} har trukket samtykket tilbake.",
    "reason employer approval missing": "Gruppe {code} mangler gyldig godkjenning fra overordnet.",
    "reason concealment missing": "{code} har bare samtykket til å vises sladdet, og er ikke sladdet her.",
  },
  en: {
    green: "May be used",
    amber: "In part, or ends soon",
    red: "May not be shown",
    allowedUntil: "Permitted for {use} through {date}.",
    allowedNoEnd: "Permitted for {use}.",
    refusedFor: "Not permitted for {use}:",
    "reason missing": "{code} has given no consent.",
    "reason not yet valid": "{code} has a consent that is not valid yet.",
    "reason expired": "The consent of {code} has expired.",
    "reason narrower": "The consent of {code} does not cover this use.",
    "reason withdrawn": "{code} has withdrawn the consent.",
    "reason employer approval missing": "Group {code} lacks a valid approval by its employer.",
    "reason concealment missing": "{code} consented to concealed pictures only, and is not concealed here.",
  },
};
