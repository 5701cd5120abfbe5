/** Attacks at the start of a plugin. */
import type { AttackGroup } from "../Attack.ts"

const hurried = { handshakeMillis: 2_000 }

export const starts: AttackGroup = {
  title: "Starts and handshakes",
  isAlone: true,
  attacks: [
    { exhibit: "exits-before-the-handshake", call: "Handshake", sent: "nothing: it exits" },
    { exhibit: "throws-while-it-loads", call: "Handshake", sent: "nothing: a module that it imports is missing" },
    { exhibit: "never-answers-the-handshake", call: "Handshake", sent: "nothing", supervision: hurried },
    {
      exhibit: "stalls-in-the-handshake",
      call: "Handshake",
      sent: "nothing: it blocks its event loop in the handshake",
      supervision: hurried,
    },
    {
      exhibit: "refuses-the-handshake-without-a-cause",
      call: "Handshake",
      sent: 'a failed handshake without a cause (`"cause":[]`)',
    },
    { exhibit: "refuses-the-handshake", call: "Handshake", sent: "a refused handshake" },
    {
      exhibit: "answers-the-handshake-in-another-shape",
      call: "Handshake",
      sent: "a handshake of another shape",
    },
    { exhibit: "speaks-another-protocol", call: "Handshake", sent: "a later version of the protocol" },
    { exhibit: "returns-another-cookie", call: "Handshake", sent: "the cookie of another launch" },
    { exhibit: "claims-another-namespace", call: "Handshake", sent: "another namespace than its manifest" },
    {
      exhibit: "declares-a-deep-schema",
      call: "Handshake",
      sent: "a handshake with a schema nested 5,000 levels deep",
    },
    {
      exhibit: "declares-a-hundred-thousand-types",
      call: "Handshake",
      sent: "a handshake with 100,000 resource types",
    },
  ],
}
