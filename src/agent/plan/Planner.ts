/** Planner: turns the difference between what a forma wants and what exists into changes. It reads from providers, and changes nothing. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import type { Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { Blockers, Change, ExistingResource, WantedResource } from "./Change.ts"
import { makeDeletedDrift } from "./DeletedDrift.ts"
import { type DestroyedForma, withCareOf } from "./DestroyedForma.ts"
import { makeExistingResources } from "./ExistingResources.ts"
import { fixChanges } from "./fixChanges.ts"
import { createFirstIssues, replacedFirst, withCreateFirst } from "./CreateFirst.ts"
import { ignoredIssues } from "./Ignored.ts"
import { createFirstCircles } from "./createFirstCircles.ts"
import { deletionOf, makeDestroyPlan } from "./Plan.ts"
import { movedRemarks } from "./movedRemarks.ts"
import type { OnlyLabels } from "./OnlyLabels.ts"
import { OnlyRefused } from "./OnlyRefused.ts"
import { withOwnDeletions } from "./ownDeletions.ts"
import { makePlanWithForms } from "./planWithForms.ts"
import { type CheckError, makePluginCheck, type WantedOutputs } from "./PluginCheck.ts"
import { makeRemarks } from "./remarks.ts"
import { referenceIssues } from "./referenceIssues.ts"
import { refuseProtected, type ResourcesProtected } from "./Protection.ts"
import { selectChanges } from "./selectChanges.ts"
import { makeSharedThings } from "./SharedThings.ts"
import { makeWantedIdentities } from "./WantedIdentities.ts"

/** Plans fail with `InventoryUnreadable` where a row of the inventory is not valid, and with `SqlError` where the state cannot be read. */
export class Planner extends Context.Service<
  Planner,
  {
    /**
     * Checks a forma against its plugins, and returns the wanted resources,
     * each after those that it refers to. Fails with `FormaInvalid` where the
     * forma has a mistake, and with `NamespaceUnknown` or `PluginUnavailable`
     * where a plugin cannot be asked.
     */
    readonly check: (forma: Forma) => Effect.Effect<ReadonlyArray<WantedResource>, CheckError>
    /** The outputs that an apply of a forma that has been checked should give. */
    readonly outputs: (forma: Forma) => Effect.Effect<WantedOutputs, CheckError>
    /**
     * Plans a forma that has been checked. Resources with a blocker are not
     * touched. Fails with `FormaInvalid` where two labels are the same thing,
     * and where something refers to a value that does not exist.
     * Fails with `OnlyRefused` where it cannot be limited to the labels of `only`.
     */
    readonly plan: (
      forma: Forma,
      wanted: ReadonlyArray<WantedResource>,
      blockers: Blockers,
      options?: PlanOptions,
    ) => Effect.Effect<PlannedChanges, SqlError | InventoryUnreadable | FormaInvalid | OnlyRefused | ResourcesProtected>
    /**
     * Plans the deletion of everything that a forma has created. Its targets are
     * reached by those in the document, where they name the same place. Fails with
     * `ResourcesProtected` where one of them is protected, in the document or when
     * it was last applied.
     */
    readonly planDestroy: (
      forma: DestroyedForma,
    ) => Effect.Effect<PlannedChanges, SqlError | InventoryUnreadable | ResourcesProtected>
  }
>()("formae/agent/plan/Planner") {
  static readonly layerNoDeps = Layer.effect(
    Planner,
    Effect.gen(function* () {
      const { check, outputs } = yield* makePluginCheck
      const inventory = yield* Inventory
      const drift = yield* makeDeletedDrift
      const existing = yield* makeExistingResources
      const { withPlaces } = yield* makeWantedIdentities
      const { withPresentConfigs, withSharers } = yield* makeSharedThings
      const planWithForms = yield* makePlanWithForms
      const remarkOn = makeRemarks()

      /** What exists, and what is wanted of it. What it takes to find that out is let go here, before a plan is made of it. */
      const readExisting = Effect.fnUntraced(function* (
        forma: Forma,
        checked: ReadonlyArray<WantedResource>,
        blockers: Blockers,
        command: string | undefined,
      ) {
        const own = yield* inventory.list(forma.name)
        const placed = yield* withPlaces(checked)
        const { assigned, blocked, others, wanted } = yield* existing.assign(forma, placed, blockers, own)
        const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
        const found = yield* Effect.forEach(
          assigned,
          (one) => {
            const asked = byLabel.get(one.row.label)
            return asked === undefined ? Effect.succeed(one) : existing.read(one, asked, command)
          },
          { concurrency: maxConcurrentReads },
        )
        // A resource that will be deleted is not read, unless its drift has to be asked for.
        const [read, unread] = partition(found, ({ row }) => byLabel.has(row.label))
        const { kept, unwanted } = yield* withSharers(read, unread, others, own)
        const known = [
          ...(yield* existing.openSeals(yield* drift.inReplaced(kept, byLabel), byLabel)),
          ...(yield* drift.inUnwanted(yield* withPresentConfigs(unwanted, forma.targets))),
        ]
        return { blocked, known, wanted }
      })

      return Planner.of({
        check,
        outputs,
        plan: Effect.fn("Planner.plan")(function* (forma, checked, blockers, { begun, command, only, open = [] } = {}) {
          const { blocked, known, wanted } = yield* readExisting(forma, checked, blockers, command)
          const planned = (yield* planWithForms(wanted, known, blocked)).map(withOwnDeletions(open))
          const old = yield* withPresentConfigs(replacedFirst(planned), forma.targets)
          const all = withCreateFirst(planned, old.map(deletionOf))
          const limited: PlannedChanges =
            begun !== undefined
              ? fixChanges(all, begun)
              : only === undefined
                ? { changes: all }
                : yield* limitTo(forma.name, all, only)
          const chosen = new Set(limited.changes.map(({ label }) => label))
          const changes = yield* refuseProtected(planned.filter(({ label }) => chosen.has(label)))
          const { doubts, issues } = referenceIssues(forma, changes)
          const mistakes = [
            ...issues,
            ...createFirstIssues(forma.resources, changes),
            ...ignoredIssues(forma.resources, changes),
          ]
          if (old.length > 0) mistakes.push(...createFirstCircles(forma.resources, limited.changes))
          if (mistakes.length > 0) return yield* new FormaInvalid({ issues: mistakes })
          yield* remarkOn([...doubts, ...movedRemarks(forma.resources, limited.changes)])
          return { ...limited, changes: inDocumentOrder(forma, limited.changes) }
        }),
        planDestroy: Effect.fn("Planner.planDestroy")(function* (forma) {
          const { name, targets = {} } = forma
          const own = (yield* inventory.list(name)).map(withCareOf(forma))
          const found = own.map((row): ExistingResource => ({ row, prior: row.desired, actual: row.actual }))
          const { unwanted } = yield* withSharers([], found, yield* inventory.sharedByOthers(name, own))
          const reached = yield* drift.inUnwanted(yield* withPresentConfigs(unwanted, targets))
          return { changes: yield* refuseProtected(makeDestroyPlan(reached)) }
        }),
      })
    }),
  ).pipe(Layer.provide(CanonicalForms.layerNoDeps))
}

/** As many as a plugin has under way at most. Reads that go on side by side may share a call. */
const maxConcurrentReads = 64

/** The changes of the chosen labels, and what they cannot be made without. */
const limitTo = (forma: string, changes: ReadonlyArray<Change>, only: ReadonlyArray<string>) =>
  Effect.mapError(Effect.fromResult(selectChanges(changes, only)), (reason) => new OnlyRefused({ forma, reason }))

/** For what a plan is made. */
export interface PlanOptions {
  /** The id of the command that is going to make the changes, if there is one: its updates start from what was read here. */
  readonly command?: string | undefined
  /** The labels whose changes are to be made. Left out where all are. */
  readonly only?: ReadonlyArray<string> | undefined
  /** The operations of the forma that have not ended. None where they are taken up before the plan is made. */
  readonly open?: ReadonlyArray<JournalEntry> | undefined
  /** Of a command that is resumed: whether a label is one that it was begun with. Nothing is added to those. Left out where it was not limited. */
  readonly begun?: ((label: string) => boolean) | undefined
}

/** The changes of a plan. */
export interface PlannedChanges {
  readonly changes: ReadonlyArray<Change>
  /** What the plan was limited to, if it was. */
  readonly only?: OnlyLabels
}

const partition = <A>(all: ReadonlyArray<A>, isFirst: (one: A) => boolean): [Array<A>, Array<A>] => [
  all.filter(isFirst),
  all.filter((one) => !isFirst(one)),
]

/** Sorts changes as their resources are in the document, with deletions last. This order is for display; `StepOrder` has the order of execution. */
const inDocumentOrder = ({ resources }: Forma, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const place = new Map(resources.map(({ label }, index) => [label, index]))
  const placeOf = ({ label }: Change): number => place.get(label) ?? resources.length
  return changes.toSorted((a, b) => placeOf(a) - placeOf(b))
}
