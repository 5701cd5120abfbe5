/** Attacks by the answers of calls. */
import type { Attack, AttackGroup } from "../Attack.ts"

const unreadable = (label: string, sent: string): Attack => ({
  exhibit: "answers-what-cannot-be-read",
  call: "Read",
  label,
  sent,
})

const causeless = (call: Attack["call"]): Attack => ({
  exhibit: "answers-without-a-cause",
  call,
  label: call,
  sent: `an answer to ${call} that fails without a cause (\`"cause":[]\`)`,
})

const misshapen = (label: string, sent: string): Attack => ({
  exhibit: "answers-in-another-shape",
  call: "Read",
  label,
  sent,
})

const odd = (label: string, sent: string): Attack => ({
  exhibit: "answers-with-odd-values",
  call: "Create",
  label,
  sent,
})

const miscounted = (label: string, sent: string): Attack => ({ exhibit: "counts-wrongly", call: "Create", label, sent })

export const answersToCreate: AttackGroup = {
  title: "Answers to Create",
  attacks: [
    causeless("Create"),
    odd("prototype", "properties named like those of `Object.prototype`, `__proto__` too"),
    odd("infinite", "the number `1e400`"),
    odd("surrogate", "half of a surrogate pair"),
    odd("twice", "the same key twice"),
    miscounted("negative", "`attempts` of -1"),
    miscounted("half", "`attempts` of 0.5"),
    miscounted("huge", "`attempts` of 1e300"),
    miscounted("number-as-text", '`attempts` of `"1"`'),
    { exhibit: "finishes-twice", call: "Create", sent: "two finished values in one chunk" },
  ],
}

// Nothing is deleted where a create has failed.
export const answersToOthers: AttackGroup = {
  title: "Answers to Read and Delete",
  attacks: [
    causeless("Read"),
    causeless("Delete"),
    unreadable("causeless", "an answer that fails without a cause, beside right ones"),
    unreadable("exitless", 'an answer with `"exit":null`'),
    unreadable("unknown", "an answer with an unknown tag in `exit`"),
    unreadable("misnamed", "an answer whose id is a text where that of the call is a number"),
    unreadable("speechless", "a defect with a `toString` that is not a function"),
    unreadable("abyss", "a defect that is nested 20,000 levels deep"),
    unreadable("depths", "properties that are nested 3,000 levels deep"),
    unreadable("more-depths", "properties that are nested 5,000 levels deep"),
    misshapen("text", "a text in place of the value"),
    misshapen("status", "a value with an unknown status"),
    misshapen("nothing", "`null` in place of the value"),
    misshapen("unfinished", "a value that is not finished, to Read"),
    {
      exhibit: "ends-a-call-with-a-defect",
      call: "Read",
      label: "broken",
      sent: "a defect",
    },
    { exhibit: "answers-twice", call: "Read", sent: "each answer twice" },
    { exhibit: "answers-unknown-calls", call: "Read", sent: "answers to calls that nobody made" },
    {
      exhibit: "prints-what-looks-like-frames",
      call: "Read",
      sent: "lines that are almost frames, and frames that only an agent sends",
    },
    {
      exhibit: "declares-its-connection-broken",
      call: "Read",
      label: "disconnected",
      sent: "the frame that says that the connection is broken",
    },
  ],
}
