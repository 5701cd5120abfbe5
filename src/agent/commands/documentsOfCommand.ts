/** The documents that a command claims. */
import * as Result from "effect/Result"
import type { Forma } from "../forma/Forma.ts"
import { documentsUsedBy } from "../forma/outputReferences.ts"
import type { DestroyedForma } from "../plan/DestroyedForma.ts"
import type { CommandOptions } from "./CommandOptions.ts"

/** The documents that a command works on: its own, under the name that it has and the one that it had before. */
export const documentsOf = ({ name }: DestroyedForma, { document }: CommandOptions): ReadonlyArray<string> => [
  name,
  ...(document?.earlier === undefined ? [] : [document.earlier.name]),
]

/**
 * Those whose outputs an apply uses: they are not applied meanwhile. A host may
 * have built the forma by hand: whatever is wrong with it is said by its check.
 */
export const usedBy = (forma: Forma): ReadonlyArray<string> =>
  Result.getOrElse(
    Result.try(() => documentsUsedBy(forma)),
    () => [],
  )
