/**
 * Codecs that Effect's schema compiler turns into JavaScript when they are used
 * often. To load it and to compile costs a start 5 ms, which few calls would give
 * back. Where code may not be made from strings, the codecs stay as they are.
 */
import * as Schema from "effect/Schema"

/** How often a codec is used before it is compiled. */
export const usesBeforeCompiling = 256

type Code<A> = (value: unknown) => A

/** A function that is made from `codec` at its first use, and made again when the codec has been compiled. */
export const compiledWhenHot = <S extends Schema.Top, A>(
  codecOf: () => S,
  make: (codec: S) => Code<A>,
  onCompiled: () => void = () => {},
): Code<A> => {
  let code: Code<A> | undefined
  let uses = 0
  return (value) => {
    uses += 1
    if (uses === usesBeforeCompiling) {
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
    return (code ??= make(codecOf()))(value)
  }
}

const compile = async (codec: Schema.Top): Promise<void> => {
  const { enable } = await import("effect/schema/SchemaJITCompiler")
  enable(codec.ast)
  // To encode is to decode the other way round.
  enable(Schema.flip(codec).ast)
}
