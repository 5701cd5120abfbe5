/** Uses a codec until it is compiled, and prints what it makes of some values, before and afterwards. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { compiledWhenHot, usesBeforeCompiling } from "../../src/transport/compiledWhenHot.ts"

const Thing = Schema.Struct({ name: Schema.String, size: Schema.optionalKey(Schema.Int) })
const values: ReadonlyArray<unknown> = [
  { name: "a" },
  { name: "a", size: 1, more: true },
  { name: 1 },
  { size: 1 },
  null,
]

/** What the values become before and after, and how often the codec was made. */
export const useUntilCompiled = async () => {
  let made = 0
  let compiled = (): void => {}
  const decode = compiledWhenHot(
    () => Thing,
    (codec) => {
      made += 1
      return Schema.decodeUnknownEffect(codec)
    },
    () => compiled(),
  )
  const results = () =>
    values.map((value) => {
      const exit = Effect.runSyncExit(decode(value))
      return exit._tag === "Success" ? exit.value : String(exit.cause)
    })
  const before = results()
  for (let use = values.length + 1; use < usesBeforeCompiling; use++) Effect.runSyncExit(decode({ name: "a" }))
  const madeBefore = made
  await new Promise<void>((resolve) => {
    compiled = resolve
    Effect.runSyncExit(decode({ name: "a" }))
  })
  return { before, after: results(), made: [madeBefore, made] }
}
