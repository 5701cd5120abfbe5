/** What the commands of an agent share: each layer stands over those that it needs. */
import * as Layer from "effect/Layer"
import { CommandBoard } from "./commands/CommandBoard.ts"
import { CommandRun } from "./commands/CommandRun.ts"
import { DocumentEntry } from "./commands/DocumentEntry.ts"
import { Notes } from "./commands/Notes.ts"
import { OpenOperations } from "./commands/OpenOperations.ts"
import { Resumption } from "./commands/Resumption.ts"
import { Settlement } from "./commands/Settlement.ts"
import { UnfinishedWork } from "./commands/UnfinishedWork.ts"
import { CanonicalForms } from "./operations/CanonicalForms.ts"
import { ResourceIdentifier } from "./operations/ResourceIdentifier.ts"
import { ResourceReader } from "./operations/ResourceReader.ts"
import { Planner } from "./plan/Planner.ts"
import { Seals } from "./secrets/Seals.ts"
import { TargetConfigs } from "./secrets/TargetConfigs.ts"

/** Needs the records of an agent, a coordinator, an updater and the vault. */
export const layerParts = Layer.mergeAll(Resumption.layerNoDeps, Settlement.layerNoDeps).pipe(
  Layer.provideMerge(Layer.mergeAll(Notes.layerNoDeps, DocumentEntry.layerNoDeps, CommandBoard.layerNoDeps)),
  Layer.provideMerge(UnfinishedWork.layerNoDeps),
  Layer.provideMerge(Layer.mergeAll(CommandRun.layerNoDeps, OpenOperations.layerNoDeps, Planner.layerNoDeps)),
  Layer.provideMerge(
    Layer.mergeAll(CanonicalForms.layerNoDeps, ResourceIdentifier.layerNoDeps, ResourceReader.layerNoDeps),
  ),
  Layer.provideMerge(Layer.mergeAll(Seals.layerNoDeps, TargetConfigs.layerNoDeps)),
)
