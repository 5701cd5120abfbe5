/**
 * Codecs that Effect's schema compiler turns into JavaScript when they are used
 * often, or for large values. To load it and to compile costs a start 5 ms, which
 * few calls would give back. Where code may not be made from strings, the codecs
 * stay as they are.
 */
import * as Schema from "effect/Schema"

/** How often a codec is used before it is compiled. */
export const usesBeforeCompiling = 256

/** How long all its uses but the first take before it is compiled, in milliseconds: four times what compiling costs. */
export const millisBeforeCompiling = 20

type Code<A> = (value: unknown) => A

export interface CompilingOptions {
  readonly onCompiled?: () => void
  /** In milliseconds from any moment. */
  readonly now?: () => number
}

/** A function that is made from `codec` at its first use, and made again when the codec has been compiled. */
export const compiledWhenHot = <S extends Schema.Top, A>(
  codecOf: () => S,
  make: (codec: S) => Code<A>,
  { now = () => performance.now(), onCompiled = () => {} }: CompilingOptions = {},
): Code<A> => {
  let code: Code<A> | undefined
  let uses = 0
  let millis = 0
  let isHot = false

  const startCompiling = (): void => {
    isHot = true
    const codec = codecOf()
    compile(codec).then(
      () => {
        code = make(codec)
        onCompiled()
      },
      // Without the compiler they are as right, and slower.
      () => {},
    )
  }

  const useAndCount = (used: Code<A>, value: unknown): A => {
    const startedAt = now()
    try {
      return used(value)
    } finally {
      millis += now() - startedAt
      if (uses >= usesBeforeCompiling || millis >= millisBeforeCompiling) startCompiling()
    }
  }

  return (value) => {
    if (isHot && code !== undefined) return code(value)
    uses += 1
    // The first use makes more than it uses.
    return code === undefined ? (code = make(codecOf()))(value) : useAndCount(code, value)
  }
}

const compile = async (codec: Schema.Top): Promise<void> => {
  const { enable } = await import("effect/schema/SchemaJITCompiler")
  enable(codec.ast)
  // To encode is to decode the other way round.
  enable(Schema.flip(codec).ast)
}
