/** All attacks. What is new in the museum gets its line in one of these files. */
import type { AttackGroup } from "./Attack.ts"
import { answersToCreate, answersToOthers } from "./table/answers.ts"
import { crashes, farewells, hangs } from "./table/ends.ts"
import { output } from "./table/output.ts"
import { floods, frames, texts } from "./table/sizes.ts"
import { starts } from "./table/starts.ts"

export const attackGroups: ReadonlyArray<AttackGroup> = [
  answersToCreate,
  answersToOthers,
  texts,
  frames,
  output,
  floods,
  starts,
  crashes,
  hangs,
  farewells,
]

/** The plugins of the museum that have no attack here, and why. */
export const unlisted: Readonly<Record<string, string>> = {
  "by-hand": "does everything right",
  "answers-in-reverse": "waits for 64 calls, and is right then",
  "crashes-at-each-start": "ends its call in one of two ways, as its exit and the call meet: museum/crashes.test.ts",
  "crashes-on-demand": "is for tests that count what a restart leaves behind",
  "crashes-on-one-operation": "is restarted for the sake of its other operations, which has tests of its own",
  "sends-a-pattern-that-never-ends": "needs a value to check: endlessSchemas.test.ts",
  "sends-a-schema-in-a-circle": "needs a value to check: endlessSchemas.test.ts",
  "sends-a-schema-of-many-names": "needs a value to check: endlessSchemas.test.ts",
  "sends-a-schema-that-doubles": "needs a value to check: endlessSchemas.test.ts",
  "starts-an-agent": "starts what is no plugin, which has tests of its own",
  "streams-without-acks": "does what reports-without-end does, a thousand times",
}
