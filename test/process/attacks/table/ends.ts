/** Attacks by dying, hanging, and not leaving. */
import type { AttackGroup } from "../Attack.ts"

/** Its silence soon counts as a stall, and the first one sets the operation aside. */
const watched = {
  health: { tickMillis: 200, suspectMillis: 500, stalledMillis: 1_500 },
  limits: { operationCrashes: 1 },
}

export const crashes: AttackGroup = {
  title: "Crashes",
  attacks: [
    { exhibit: "exits-during-a-call", call: "Read", sent: "nothing: it exits with code 0 during the call" },
    { exhibit: "throws-outside-a-call", call: "Read", sent: "nothing: it throws where nothing catches" },
    { exhibit: "rejects-outside-a-call", call: "Read", sent: "nothing: a promise is rejected that nobody handles" },
    { exhibit: "dies-of-a-segfault", call: "Read", sent: "nothing: it dies of SIGSEGV" },
    { exhibit: "exits-with-output-pending", call: "Read", sent: "a part of a frame of 8 MiB: it exits meanwhile" },
    { exhibit: "closes-its-stdout", call: "Read", sent: "the end of its stdout: it lives on" },
    {
      exhibit: "leaks-memory",
      call: "Read",
      sent: "nothing: it allocates memory up to its limit of 32 MiB and on",
      supervision: { limits: { heapMiB: 32 } },
    },
    { exhibit: "leaves-a-grandchild", call: "Read", label: "leave", sent: "nothing: it exits, and its child lives on" },
  ],
}

export const hangs: AttackGroup = {
  title: "Hangs",
  attacks: [
    {
      exhibit: "never-answers-a-call",
      call: "Read",
      label: "forgotten",
      sent: "no answer, only Pongs",
      supervision: { limits: { operationMillis: 1_500 } },
    },
    {
      exhibit: "never-finishes-an-operation",
      call: "Create",
      sent: "that it has accepted the work, and then only Pongs",
      supervision: { limits: { operationMillis: 1_500 } },
    },
    {
      exhibit: "blocks-its-loop",
      call: "Read",
      label: "block",
      sent: "nothing: it blocks its event loop",
      supervision: watched,
    },
    { exhibit: "spins-for-ever", call: "Read", sent: "nothing: it loops for ever", supervision: watched },
    { exhibit: "suspends-itself", call: "Read", sent: "nothing: it stops itself (SIGSTOP)", supervision: watched },
    { exhibit: "stops-reading", call: "Read", sent: "nothing: it reads no more", supervision: watched },
  ],
}

export const farewells: AttackGroup = {
  title: "Plugins that do not leave",
  attacks: [
    {
      exhibit: "ignores-the-end-of-its-stdin",
      call: "Read",
      sent: "right answers; it ignores the end of its stdin",
    },
    { exhibit: "ignores-sigterm", call: "Read", sent: "right answers; it ignores the end of its stdin and SIGTERM" },
    {
      exhibit: "suspends-itself-when-stopped",
      call: "Read",
      sent: "right answers; it stops itself (SIGSTOP) when it is to leave",
    },
    {
      exhibit: "leaves-a-grandchild-in-another-group",
      call: "Read",
      sent: "right answers; its child, in a session of its own, lives on",
    },
    {
      exhibit: "leaves-an-orphan",
      call: "Read",
      label: "deaf",
      sent: "right answers; what it has started has lost its parent, is in a session of its own, and ignores SIGTERM",
    },
    { exhibit: "throws-when-stopped", call: "Read", sent: "right answers; it throws when it is to leave" },
    { exhibit: "floods-when-stopped", call: "Read", sent: "right answers; it prints without end when it is to leave" },
  ],
}
