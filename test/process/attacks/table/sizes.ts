/** Attacks by size: texts, frames, lines and rows of them. */
import type { Attack, AttackGroup } from "../Attack.ts"

const huge = (label: string, sent: string): Attack => ({
  exhibit: "answers-with-huge-texts",
  call: "Create",
  label,
  sent,
})

export const texts: AttackGroup = {
  title: "Texts, frames and numbers of them without measure",
  attacks: [
    huge("message", "a message of 8 MiB"),
    huge("native-id", "a native id of 8 MiB"),
    huge("request-id", "the request id of accepted work, of 8 MiB"),
    huge("defect", "a defect of 8 MiB"),
    huge("error", "an error of 8 MiB"),
    { exhibit: "reports-without-end", call: "Create", sent: "100,000 progress values, without waiting for an Ack" },
  ],
}

export const frames: AttackGroup = {
  title: "Frames as large as a frame may be, and larger",
  isAlone: true,
  attacks: [
    {
      exhibit: "fills-a-frame",
      call: "Create",
      label: "all-that-is-allowed",
      sent: "properties of 4,194,304 characters, which is what they may have",
    },
    {
      exhibit: "fills-a-frame",
      call: "Create",
      label: "one-text",
      sent: "a frame of 16 MiB less 1 KiB, in one property",
    },
    {
      exhibit: "fills-a-frame",
      call: "Create",
      label: "many-fields",
      sent: "a frame of 13 MiB, in 800,000 properties",
    },
    {
      exhibit: "fills-a-frame",
      call: "Create",
      label: "many-fields-of-its-own",
      sent: "a frame of 13 MiB, in 800,000 fields beside its own",
    },
    { exhibit: "sends-an-oversize-frame", call: "Read", label: "big", sent: "a frame of 17 MiB" },
  ],
}

export const floods: AttackGroup = {
  title: "Output without end",
  attacks: [
    { exhibit: "prints-an-endless-line", call: "Read", sent: "100 MiB on stdout without a newline" },
    { exhibit: "logs-an-endless-line", call: "Read", sent: "20 MiB on stderr without a newline" },
    { exhibit: "floods-stdout", call: "Read", sent: "lines on stdout without end" },
    { exhibit: "floods-stderr", call: "Read", sent: "200,000 lines on stderr" },
    { exhibit: "floods-frames", call: "Read", sent: "right frames that nobody waits for, without end" },
  ],
}
