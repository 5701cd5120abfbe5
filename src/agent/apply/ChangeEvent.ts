/** What happens while a changeset runs. */
import type * as Effect from "effect/Effect"
import type { InProgress } from "../../protocol/Progress.ts"
import type { ChangeSummary } from "../plan/Change.ts"
import type { Step } from "../plan/StepOrder.ts"
import type { ResourceResult } from "./ResourceResult.ts"

export type ChangeEvent =
  | { readonly _tag: "Planned"; readonly changes: ReadonlyArray<ChangeSummary> }
  | { readonly _tag: "Started"; readonly change: ChangeSummary; readonly action: Step["action"] }
  | { readonly _tag: "Progressed"; readonly change: ChangeSummary; readonly progress: InProgress }
  | { readonly _tag: "Finished"; readonly result: ResourceResult }

export type ChangeObserver = (event: ChangeEvent) => Effect.Effect<void>
