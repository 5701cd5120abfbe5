/** Where a discovery looks: at the targets of a document, at one that is written out, or at those of the inventory. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { FormaDocument } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { readDocument } from "../DocumentFile.ts"
import type { DocumentFlags } from "../document/documentFlags.ts"
import type { InputServices } from "../document/documentInputs.ts"
import { configOfTarget, targetOf } from "./writtenTarget.ts"

interface TargetFlags extends DocumentFlags {
  readonly types: ReadonlyArray<string>
  readonly document: Option.Option<string>
  readonly target: ReadonlyArray<string>
  readonly targetConfig: Option.Option<string>
}

type Targets = FormaDocument["targets"]

/** The targets of the flags. Undefined stands for those of the inventory. */
export const targetsOf = Effect.fnUntraced(function* (
  flags: TargetFlags,
): Effect.fn.Return<Targets | undefined, CommandFailure, InputServices> {
  const config = Option.getOrUndefined(flags.targetConfig)
  const document = Option.getOrUndefined(flags.document)
  if (config !== undefined && document !== undefined) {
    return yield* badInput("TargetUnclear", "--target-config and --document both say where to look; give one of them")
  }
  if (config !== undefined) return yield* writtenOut(config, flags.types)
  if (document === undefined) return undefined
  const { forma } = yield* readDocument(document, flags)
  const unknown = flags.target.find((name) => !Object.hasOwn(forma.targets, name))
  if (unknown !== undefined) {
    const known = Object.keys(forma.targets).join(", ")
    return yield* badInput("TargetUnknown", `${document} has no target ${unknown}; its targets are: ${known}`)
  }
  return forma.targets
})

/** A target that is written out: the types say of which plugin it is. */
const writtenOut = Effect.fnUntraced(function* (text: string, types: ReadonlyArray<string>) {
  const { namespace } = yield* targetOf(types)
  return { [namespace.toLowerCase()]: { namespace, config: yield* configOfTarget(text) } } satisfies Targets
})
