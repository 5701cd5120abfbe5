/** Attacks by what is printed around the frames. */
import type { AttackGroup } from "../Attack.ts"

const forges = "escape sequences, carriage returns, C1, overrides of direction, and a forged line of progress"

export const output: AttackGroup = {
  title: "Output that is not frames",
  attacks: [
    { exhibit: "prints-around-its-frames", call: "Read", sent: "lines around its frames, and half a line before one" },
    { exhibit: "prints-binary", call: "Read", sent: "every possible byte on stdout" },
    { exhibit: "writes-byte-by-byte", call: "Read", sent: "its frames byte by byte, with CRLF and a byte order mark" },
    { exhibit: "forges-lines", call: "Create", label: "good", sent: `a native id and log lines with ${forges}` },
    { exhibit: "forges-lines", call: "Create", label: "bad", sent: `a message and log lines with ${forges}` },
  ],
}
