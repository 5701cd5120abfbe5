/** Uses a codec until it is compiled, and prints what it makes of some values, before and afterwards. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { compiledWhenHot, usesBeforeCompiling } from "../../src/transport/compiledWhenHot.ts"

const Thing = Schema.Struct({ name: Schema.String, size: Schema.optionalKey(Schema.Int) })
const values: ReadonlyArray<unknown> = [
  { name: "a" },
  { name: "a", size: 1, more: true },
  { name: 1 },
  { size: 1 },
  null,
]

/**
 * What the values become before and after, and how often the codec was made.
 * Before the use that compiles it, it is used `uses` times, and each takes `millis`.
 */
export const useUntilCompiled = async ({
  millis = 0,
  options,
  uses = usesBeforeCompiling - 1,
}: {
  readonly millis?: number
  readonly options?: SchemaAST.ParseOptions
  readonly uses?: number
} = {}) => {
  let time = 0
  let made = 0
  let compiled = (): void => {}
  const decode = compiledWhenHot(
    () => Thing,
    (codec) => {
      made += 1
      const decodeNow = Schema.decodeUnknownEffect(codec, options)
      return (value) => {
        time += millis
        return decodeNow(value)
      }
    },
    { onCompiled: () => compiled(), now: () => time },
  )
  const results = () =>
    values.map((value) => {
      const exit = Effect.runSyncExit(decode(value))
      return exit._tag === "Success" ? exit.value : String(exit.cause)
    })
  const before = results()
  for (let use = values.length + 1; use <= uses; use++) Effect.runSyncExit(decode({ name: "a" }))
  const madeBefore = made
  await new Promise<void>((resolve) => {
    compiled = resolve
    Effect.runSyncExit(decode({ name: "a" }))
  })
  return { before, after: results(), made: [madeBefore, made] }
}
