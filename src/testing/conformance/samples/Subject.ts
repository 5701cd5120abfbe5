/** One resource type as it is tested: what is made of it, and what must not be seen of that. */
import type { Lookup } from "../../../agent/resources/References.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../../protocol/Resource.ts"
import type { TypeAtTarget } from "../peer/TypeAtTarget.ts"
import { applyChange, type Filling, fillObject, resolve } from "./Filling.ts"
import type { Sample } from "./Samples.ts"
import { secretsIn } from "./secretsIn.ts"

/** One resource that can be made. */
export interface Specimen {
  readonly properties: Properties
  /** As an update in place would have it. */
  readonly updated: Properties | undefined
  /** With what can only be set at create set otherwise. */
  readonly replaced: Properties | undefined
}

export interface Subject extends TypeAtTarget {
  /** Another one at each call, as far as the sample makes them differ. */
  readonly specimen: () => Specimen
  /** The secrets that were in what it has made so far. */
  readonly secrets: () => ReadonlyArray<string>
  /** A create that lasts. */
  readonly slow: (() => { readonly target: TargetConfig; readonly properties: Properties }) | undefined
}

export interface SubjectOptions {
  readonly sample: Sample
  readonly capabilities: TypeCapabilities
  /** Of all samples that say no other. */
  readonly target: TargetConfig
  /** The word of the run, for what is the same for all that it makes. */
  readonly run: Filling
  /** The next word, for what is not. */
  readonly nextUnique: () => string
  readonly lookup: Lookup
  /** Told of each secret, before a call that has it in it. */
  readonly onSecret: (secret: string) => void
}

export const makeSubject = (options: SubjectOptions): Subject => {
  const { capabilities, lookup, nextUnique, onSecret, run, sample } = options
  const target = fillObject(sample.target ?? options.target, run)
  const secrets = new Set<string>()
  let count = 0
  const nextOwn = () => ({ unique: nextUnique(), number: String(count++) })
  const fresh = (properties: Properties, own: Pick<Filling, "number" | "unique">): Properties => {
    const filled = resolve(fillObject(properties, { ...run, ...own }), lookup)
    for (const secret of secretsIn(filled, capabilities)) {
      secrets.add(secret)
      onSecret(secret)
    }
    return filled
  }
  const { createOnly, slow, update } = sample
  return {
    type: sample.type,
    capabilities,
    target,
    specimen: () => {
      const own = nextOwn()
      return {
        properties: fresh(sample.properties, own),
        updated: update && fresh(applyChange(sample.properties, update), own),
        replaced: createOnly && fresh(applyChange(sample.properties, createOnly), own),
      }
    },
    secrets: () => [...secrets],
    slow:
      slow &&
      (() => ({
        target: { ...target, ...fillObject(slow.target ?? {}, run) },
        properties: fresh(applyChange(sample.properties, slow.properties ?? {}), nextOwn()),
      })),
  }
}
